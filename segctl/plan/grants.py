"""Grants: what `--allow` and `--allow-from` let pass, each with its reason and who gave it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from segctl.diagnostics import Usage
from segctl.plan.guards import PROTECT
from segctl.plan.plan import Allowance

_KEYS = ("allow", "reason", "by", "source")
_MOST, _LONGEST = 100, 1_000


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """An allowance with its reason; `by` is who gave it, `source` where they wrote it (a URL)."""

    allow: str
    reason: str
    by: str = ""
    source: str = ""

    @property
    def allowance(self) -> Allowance:
        """What it lets pass."""
        return parse_allowance(self.allow)


def parse_allowance(text: str) -> Allowance:
    """`max_exit` or `max_exit:vip`; a policy's name is a rule too.

    Raises:
        Usage: a rule that cannot be allowed.
    """
    rule, _, name = text.partition(":")
    if rule == PROTECT:
        raise Usage(
            "`protect` cannot be allowed by a flag",
            hint="set `protect: false` in the file and apply; then the file can be removed",
        )
    return Allowance(rule, name)


def parse_grants(text: str, name: str) -> tuple[Grant, ...]:
    """The grants in a file: a JSON list of objects with `allow` and `reason`, and perhaps `by` and `source`.

    Raises:
        Usage: it is something else, or a rule that cannot be allowed; `name` names the file.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Usage(f"`--allow-from {name}`: it is not JSON: {error}", hint=_FORM) from None
    if not isinstance(found, list) or len(found) > _MOST:
        raise Usage(f"`--allow-from {name}`: it is not a list of at most {_MOST} objects", hint=_FORM)
    read = (_grant(one, f"`--allow-from {name}`: item {place}") for place, one in enumerate(found, start=1))
    return tuple(dict.fromkeys(read))


def _grant(one: object, where: str) -> Grant:
    if not isinstance(one, dict) or not set(one) <= set(_KEYS):
        raise Usage(f"{where} is not an object with only the keys {', '.join(_KEYS)}", hint=_FORM)
    texts = {key: " ".join(value.split()) if isinstance(value, str) else None for key, value in one.items()}
    for key in _KEYS[:2]:
        if not texts.get(key):
            raise Usage(f"{where} has no `{key}`", hint=_FORM)
    for key, text in texts.items():
        if text is None or len(text) > _LONGEST or not text.isprintable():
            raise Usage(f"{where}: `{key}` is not a text of at most {_LONGEST} visible characters", hint=_FORM)
    grant = Grant(**{key: text for key, text in texts.items() if text is not None})
    parse_allowance(grant.allow)
    return grant


_FORM = 'it looks like `[{"allow": "max_exit:vip", "reason": "the sale is over", "by": "ada"}]`'
