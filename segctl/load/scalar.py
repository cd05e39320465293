"""Scalars by the core schema of YAML 1.2: what a plain text means."""

from __future__ import annotations

import re
from decimal import Decimal

from segctl.model.wording import quoted

CORE = "tag:yaml.org,2002:"
"""What the tags of the core schema begin with; `!!str` is short for one."""

_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_MOST_DIGITS = 100
_LARGEST_EXPONENT = 308
_LEAST, _GREATEST = -(2**63), 2**63 - 1
_NUMBERS = frozenset("-+.0123456789")


class Unusable(ValueError):
    """A scalar that has no value here; `code`, `summary` and `hint` say why."""

    def __init__(self, code: str, summary: str, hint: str) -> None:
        super().__init__(summary)
        self.code, self.summary, self.hint = code, summary, hint


def quoted_value(text: str) -> str:
    """The value of a quoted scalar, whose escapes can write what no text may hold.

    Raises:
        Unusable: a null character, or half a surrogate pair.
    """
    stray = _NO_TEXT.search(text)
    if stray is not None:
        raise Unusable("bad-character", f"the character U+{ord(stray[0]):04X} is not allowed in a text", "remove it")
    return text


def plain_value(text: str) -> str | int | Decimal | bool | None:
    """The value of an unquoted scalar.

    Raises:
        Unusable: infinite, not a number, or too large.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBERS:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text, 10)
    if _OTHER_BASE.fullmatch(text):
        return _integer(text, 0)
    if _FRACTION.fullmatch(text):
        return _fraction(text)
    if _NOT_FINITE.fullmatch(text):
        raise Unusable("not-finite", f"`{text}` is not a number that can be compared", "write a number")
    return text


def shown_tag(tag: str) -> str:
    """A tag as it is written, in back quotes."""
    return quoted(tag.replace(CORE, "!!", 1) if tag.startswith(CORE) else tag)


def tagged_value(tag: str, text: str) -> str | int | Decimal | bool | None:
    """The value of a scalar with an explicit core tag such as `tag:yaml.org,2002:str`.

    Raises:
        Unusable: the tag is not of the core schema, or the text does not fit it.
    """
    kind = tag.removeprefix(CORE)
    if tag in ("!", CORE + "str"):
        return quoted_value(text)
    kinds: dict[str, tuple[type, ...]] = {
        "null": (type(None),), "bool": (bool,), "int": (int,), "float": (int, Decimal),
    }  # fmt: skip
    if not tag.startswith(CORE) or kind not in kinds:
        raise Unusable("unknown-tag", f"{shown_tag(tag)} is not a tag of YAML's core schema", "remove the tag")
    value = plain_value(text)
    if type(value) not in kinds[kind]:
        raise Unusable("unknown-tag", f"{quoted(text)} does not fit its tag `!!{kind}`", "remove the tag")
    return Decimal(value) if kind == "float" and isinstance(value, int) else value


def _integer(text: str, base: int) -> int:
    if len(text) <= _MOST_DIGITS:
        value = int(text, base)
        if _LEAST <= value <= _GREATEST:
            return value
    raise Unusable(
        "number-too-large",
        f"{quoted(text)} does not fit into 64 bits",
        "put it in quotes if it is a text, such as an id",
    )


def _fraction(text: str) -> Decimal:
    exponent = re.search(r"[eE][-+]?0*([0-9]*)$", text)
    if len(text) > _MOST_DIGITS or (exponent and len(exponent[1]) > len(str(_LARGEST_EXPONENT))):
        raise _too_large(text)
    value = Decimal(text)
    if value and abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise _too_large(text)
    return value


def _too_large(text: str) -> Unusable:
    return Unusable(
        "number-too-large",
        f"{quoted(text)} is beyond the numbers that can be compared",
        "round it, or put it in quotes if it is a text",
    )
