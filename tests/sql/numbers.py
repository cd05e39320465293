"""Exact comparisons of numbers in SQL (law 4)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from segctl.logic.types import Scalar
from tests.sql.uncovered import Uncovered

SIGNS = {"more_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<=", "exactly": "=", "is": "="}
_DIGITS = 18
"""Decimals of the type that integers of 64 bits are compared in."""

_BEYOND = 10**19

Literal = int | Decimal


def compared(number: str, kind: Scalar, key: str, literal: Literal | Sequence[Literal]) -> str:
    """A comparison of an SQL number, null where that is null."""
    if key == "between":
        assert isinstance(literal, Sequence)
        low, high = (compared(number, kind, k, one) for k, one in zip(("at_least", "at_most"), literal, strict=True))
        return f"({low} AND {high})"
    assert not isinstance(literal, Sequence)
    if kind is Scalar.INT:
        return _of_integers(number, SIGNS[key], literal)
    return _of_doubles(number, SIGNS[key], literal)


def _of_integers(number: str, sign: str, literal: Literal) -> str:
    if literal >= _BEYOND or literal <= -_BEYOND:
        return _constant(number, holds=(literal < 0) == (">" in sign) and sign != "=")
    if decimals(literal) > _DIGITS:
        raise Uncovered("a literal of many decimals")
    return f"(CAST({number} AS DECIMAL(38, {_DIGITS})) {sign} CAST('{Decimal(literal):f}' AS DECIMAL(38, {_DIGITS})))"


def decimals(literal: Literal) -> int:
    """How many digits stand behind the point, zeros at the end left out."""
    return len(f"{Decimal(literal):f}".partition(".")[2].rstrip("0"))


def _of_doubles(number: str, sign: str, literal: Literal) -> str:
    """A fraction is the nearest double; a whole number is itself, also where no double is."""
    if decimals(literal):
        return f"({number} {sign} {double(float(literal))})"
    whole = int(literal)
    near = _nearest(whole)
    if near == whole:
        return f"({number} {sign} {double(near)})"
    if sign == "=":
        return _constant(number, holds=False)
    if ">" in sign:
        return f"({number} {'>' if near < whole else '>='} {double(near)})"
    return f"({number} {'<' if near > whole else '<='} {double(near)})"


def _nearest(whole: int) -> float:
    try:
        return float(whole)
    except OverflowError:
        return math.inf if whole > 0 else -math.inf


def double(value: float) -> str:
    """A double in SQL."""
    return f"CAST('{value!r}' AS DOUBLE)"


def _constant(number: str, *, holds: bool) -> str:
    return f"({number} IS NOT NULL AND {str(holds).lower()})"
