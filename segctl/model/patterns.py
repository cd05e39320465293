"""Patterns of RE2, checked where they are written."""

from __future__ import annotations

import functools
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictStr, Tag

from segctl.model.values import by_shape, problem, wrong_type
from segctl.model.wording import quoted

_LONGEST = 32_764
"""As long as the suites allow; a longer pattern is a list of ids in disguise."""


@functools.lru_cache(maxsize=1024)
def fault_of(pattern: str) -> str:
    """What RE2 has against a pattern; nothing if it takes it."""
    import re2  # only few definitions have patterns

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason) or "it cannot be read"
    return ""


def found_in(pattern: str, text: str) -> bool:
    """Whether a pattern that RE2 takes is found anywhere in a text."""
    import re2

    return re2.search(pattern, text) is not None


def _check_pattern(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong_type("a pattern", value)
    if not value:
        raise problem("empty-text", "an empty pattern is found in every text", "write a pattern, or `exists: true`")
    if len(value) > _LONGEST:
        raise problem("bad-pattern", f"a pattern of {len(value):,} characters", f"write at most {_LONGEST:,}")
    fault = fault_of(value)
    if fault:
        hint = "patterns are those of RE2: no look-around, no back-references"
        raise problem("bad-pattern", f"{quoted(value)} is not a pattern: {fault}", hint)
    return value


Pattern = Annotated[StrictStr, BeforeValidator(_check_pattern), Field(json_schema_extra={"examples": ["^[A-Z]{2}-"]})]
"""An RE2 pattern, found anywhere in the text unless it is anchored."""

Patterns = Annotated[
    Annotated[Pattern, Tag("<text>")] | Annotated[list[Pattern], Field(min_length=1), Tag("<items>")],
    by_shape("a pattern or a list of patterns"),
]
