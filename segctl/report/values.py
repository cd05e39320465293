"""Values of definitions on one line, as they would be written in YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

LONGEST = 240
"""Characters; of a longer value the rest is counted, not shown."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ .%/@-]*(?<! )")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def inline(value: object) -> str:
    """A value in YAML's flow style; a long one is cut, and says so."""
    text = _flow(value)
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]} … ({len(text) - LONGEST:,} more characters)"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else _quoted(value)
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value)


def _quoted(text: str) -> str:
    """Dates, durations and numbers in text read better without quotes; what could be mistaken keeps them."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d+(s|min|h|d|w)|[\d.]+%", text):
        return text
    return json.dumps(text, ensure_ascii=False)
