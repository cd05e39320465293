"""Exact numbers: literals as written, whole millionths, bounds that fit a column (laws 4 and 7)."""

from __future__ import annotations

import math
import sys
from decimal import Decimal
from fractions import Fraction

from segctl.logic.bound import Between, Equals, Exactly, IsPresent, Never

MILLION = 10**6
LEAST_INTEGER, GREATEST_INTEGER = -(2**63), 2**63 - 1

_SMALL = 10**18

_LONGEST_INTEGER = 40
"""Literals of more digits stay decimals, so that `1e999999999` takes no memory."""

_BEYOND = 1_000
"""Ten to this power is beyond all doubles and sums, its inverse below all their differences."""


def parts(number: int | Decimal) -> tuple[bool, str, int]:
    """Whether it is negative, its digits without zeros at the end, and their power of ten: -2500 is (True, "25", 2)."""
    if isinstance(number, int) and abs(number) < _SMALL:
        text = str(abs(number))
        kept = text.rstrip("0")
        return (number < 0, kept, len(text) - len(kept)) if kept else (False, "0", 0)
    sign, digits, exponent = Decimal(number).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    kept = text.rstrip("0")
    if not kept:
        return False, "0", 0
    return bool(sign), kept, int(exponent) + len(text) - len(kept)


def canonical(number: int | Decimal) -> int | Decimal:
    """The same number in one form: an integer where it is one, else a decimal without zeros at the end."""
    negative, digits, exponent = parts(number)
    if exponent >= 0 and len(digits) + exponent <= _LONGEST_INTEGER:
        size: int = int(digits) * 10**exponent
        return -size if negative else size
    return Decimal((int(negative), tuple(map(int, digits)), exponent))


def fraction(number: int | Decimal) -> Fraction:
    """The number as a rational; one beyond all others is cut to where it compares the same."""
    if isinstance(number, int):
        return Fraction(number)
    if number and abs(number.adjusted()) > _BEYOND:
        size = Fraction(10) ** (_BEYOND if number.adjusted() > 0 else -_BEYOND)
        return -size if number < 0 else size
    return Fraction(number)


def on_doubles(number: int | Decimal) -> Fraction:
    """What a literal means on a column of doubles: an integer is itself, a decimal fraction the nearest double."""
    plain = canonical(number)
    if isinstance(plain, int) or parts(plain)[2] >= 0:
        return fraction(plain)
    near = float(plain)
    return fraction(plain) if math.isinf(near) else Fraction(near)


def millionths(value: float) -> int:
    """A finite number in whole millionths of its exact value, ties to even.

    Raises:
        OverflowError: the value is infinite.
        ValueError: the value is NaN.
    """
    return round(Fraction(value) * MILLION)


def at_or_above(number: Fraction) -> float:
    """The least double that is not below the number; infinity if none is."""
    try:
        near = float(number)
    except OverflowError:
        return math.inf if number > 0 else -sys.float_info.max
    return near if Fraction(near) >= number else math.nextafter(near, math.inf)


def at_or_below(number: Fraction) -> float:
    """The greatest double that is not above the number; minus infinity if none is."""
    return -at_or_above(-number)


def whole(test: Exactly) -> Exactly:
    """The same test for whole numbers, with whole and inclusive bounds."""
    low, high = test.low, test.high
    if low is not None:
        low = Fraction(math.floor(low) + 1 if test.low_open else math.ceil(low))
    if high is not None:
        high = Fraction(math.ceil(high) - 1 if test.high_open else math.floor(high))
    return Exactly(low, high)


def contains(test: Exactly, number: Fraction) -> bool:
    """Whether the number passes."""
    low, high = test.low, test.high
    above = low is None or (number > low if test.low_open else number >= low)
    below = high is None or (number < high if test.high_open else number <= high)
    return above and below


def is_empty(test: Exactly) -> bool:
    """Whether no number at all passes."""
    if test.low is None or test.high is None:
        return False
    return test.low > test.high or (test.low == test.high and (test.low_open or test.high_open))


def on_integers(test: Exactly) -> Between | Equals | IsPresent | Never:
    """The test for a column of 64-bit integers."""
    limits = whole(test)
    low = None if limits.low is None or limits.low <= LEAST_INTEGER else int(limits.low)
    high = None if limits.high is None or limits.high >= GREATEST_INTEGER else int(limits.high)
    if low is None and high is None:
        return IsPresent()
    if is_empty(limits) or (low or 0) > GREATEST_INTEGER or (high or 0) < LEAST_INTEGER:
        return Never()
    return Equals((low,)) if low is not None and low == high else Between(low, high)


def on_floats(test: Exactly) -> Between | Equals | Never:
    """The test for a column of doubles: a bound that no double holds moves to the next one inside."""
    low = None if test.low is None else at_or_above(test.low)
    high = None if test.high is None else at_or_below(test.high)
    low_open = test.low_open and low is not None and not math.isinf(low) and Fraction(low) == test.low
    high_open = test.high_open and high is not None and not math.isinf(high) and Fraction(high) == test.high
    if low is not None and high is not None:
        if low > high or (low == high and (low_open or high_open)):
            return Never()
        if low == high:
            return Equals((low + 0.0,))
    return Between(_positive_zero(low), _positive_zero(high), low_open, high_open)


def _positive_zero(bound: float | None) -> float | None:
    """One form of zero, so that equal tests are equal."""
    return None if bound is None else bound + 0.0


def equal_on_integers(number: int | Decimal) -> int | None:
    """The 64-bit integer that equals the literal, or None."""
    value = fraction(number)
    return int(value) if value.denominator == 1 and LEAST_INTEGER <= value <= GREATEST_INTEGER else None


def equal_on_floats(number: int | Decimal) -> float | None:
    """The double that equals the literal as it is read on a column of doubles, or None."""
    value = on_doubles(number)
    near = at_or_above(value)
    return near + 0.0 if not math.isinf(near) and Fraction(near) == value else None
