"""Literals: whether they fit a type, how they were written, and ranges of them."""

from __future__ import annotations

import re
from decimal import Decimal

from segctl.logic import exact
from segctl.logic.bound import Exactly
from segctl.logic.nodes import Literal, Range
from segctl.logic.problem import Problem
from segctl.logic.types import Scalar

NUMBERS = (Scalar.INT, Scalar.FLOAT)
TIMES = (Scalar.DATE, Scalar.TIME)
_OF_TEXT = (Scalar.STRING, *TIMES)


def numeric(test: Range, *, doubles: bool = False) -> Exactly:
    """A range of numbers as exact bounds, read as on a column of doubles or as they are written."""
    read = exact.on_doubles if doubles else exact.fraction
    low = read(test.low) if isinstance(test.low, int | Decimal) else None
    high = read(test.high) if isinstance(test.high, int | Decimal) else None
    return Exactly(low, high, test.low_open, test.high_open)


def fits(kind: Scalar, value: Literal) -> bool:
    """Whether a literal is of a type that such a column can be compared with; dates are texts."""
    if isinstance(value, bool):
        return kind == Scalar.BOOL
    if isinstance(value, str):
        return kind in _OF_TEXT
    return kind in NUMBERS


def shown(value: Literal | None) -> str:
    """A literal as it is written in YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def a_kind(value: Literal) -> str:
    """What a literal is, as a noun."""
    if isinstance(value, bool):
        return "a boolean"
    return "text" if isinstance(value, str) else "a number"


def mend(kind: Scalar, value: Literal) -> str:
    """How to write the literal so that it fits."""
    if kind == Scalar.STRING:
        return f'quote it: `"{shown(value)}"`'
    if kind in TIMES:
        return "write a date as `2026-01-31`, an instant as `2026-01-31 09:00`"
    if kind == Scalar.BOOL:
        return "write `true` or `false`, without quotes"
    looks_like_one = isinstance(value, str) and re.fullmatch(r"[-+]?[0-9][0-9_]*(\.[0-9]*)?", value)
    return "write the number without quotes" if looks_like_one else "write a number"


def reversed_range(what: str, low: str, high: str) -> Problem:
    """Nothing lies between the two."""
    return Problem(
        "empty-range", f"nothing lies between `{low}` and `{high}`",
        detail=f"the range of {what} starts after its end", hint="write the smaller, or earlier, one first",
    )  # fmt: skip
