"""What of a definition may be read by everybody: values that could say who somebody is are hidden or counted."""

from __future__ import annotations

import re
from collections.abc import Mapping

HIDDEN = "(hidden: could identify a person)"
MOST_LISTED = 3
"""Of a list of values that holds more of them only their number is told."""

LISTS = frozenset({"is", "is_not", "in", "not_in", "includes_any", "includes_all", "includes_none"})
"""Keys of values to compare with."""

_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_DIGITS = re.compile(r"(?:\D*\d){6}")
_TOKEN = re.compile(r"(?=.*\d)[\w-]{12,}|[0-9a-fA-F]{12,}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_QUOTED = re.compile(r"[`'\"]([^`'\"]+)[`'\"]")
_LONGEST_AMOUNT = 4
"""Digits: a longer number that values are compared with may be an id."""


def public(value: object, key: str = "") -> object:
    """The value as a comment may show it; `key` is what it is compared by."""
    if isinstance(value, Mapping):
        return {name: public(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return _list(list(value), key)
    if isinstance(value, str):
        return HIDDEN if _names(value, key) else value
    if key in LISTS and isinstance(value, int) and len(str(value)) > _LONGEST_AMOUNT:
        return HIDDEN
    return value


def _list(values: list[object], key: str) -> list[object]:
    shown = [public(value, key) for value in values]
    if key in LISTS and (len(shown) > MOST_LISTED or shown != values):
        return [f"{len(values):,} value{'' if len(values) == 1 else 's'}"]
    return shown


def _names(text: str, key: str) -> bool:
    """Whether it looks like an address or an id; an owner's name is for everybody."""
    if key in {"owner", "name", "segment", "extension", "list", "campaign", "trait", "event"} or _DATE.fullmatch(text):
        return False
    return could_name(text) if key in LISTS else bool(_MAIL.search(text))


def could_name(text: str) -> bool:
    """Whether it looks like an address or an id."""
    return bool(_MAIL.search(text) or _DIGITS.match(text) or _TOKEN.fullmatch(text))


def without_names(message: str) -> str:
    """A message, what it quotes hidden where that could name somebody."""
    return _QUOTED.sub(lambda found: f"`{HIDDEN}`" if could_name(found[1]) else found[0], message)
