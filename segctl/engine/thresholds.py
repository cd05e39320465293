"""Numbers against bounds, compared as exact numbers and never through a cast (laws 4 and 7)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.index.column import Bits, Ints
from segctl.logic.bound import Between, Exactly
from segctl.logic.exact import GREATEST_INTEGER, LEAST_INTEGER, at_or_above, at_or_below, whole

Doubles = npt.NDArray[np.float64]


def scaled(test: Exactly, factor: int) -> Exactly:
    """The test of a number's multiple; the factor is above zero."""
    low = None if test.low is None else test.low * factor
    high = None if test.high is None else test.high * factor
    return Exactly(low, high, test.low_open, test.high_open)


def exactly(test: Between) -> Exactly | None:
    """The test with rational bounds; None where no finite number passes, because a bound is the wrong infinity."""
    if test.low == math.inf or test.high == -math.inf:
        return None
    return Exactly(_finite(test.low), _finite(test.high), test.low_open, test.high_open)


def _finite(bound: float | None) -> Fraction | None:
    return None if bound is None or math.isinf(bound) else Fraction(bound)


def integers_within(values: Ints, test: Exactly) -> Bits:
    """Which of the 64-bit integers pass."""
    limits = whole(test)
    low = LEAST_INTEGER if limits.low is None else int(limits.low)
    high = GREATEST_INTEGER if limits.high is None else int(limits.high)
    if low > GREATEST_INTEGER or high < LEAST_INTEGER or low > high:
        return np.zeros(len(values), dtype=np.bool_)
    passed = np.ones(len(values), dtype=np.bool_) if low <= LEAST_INTEGER else values >= low
    return passed if high >= GREATEST_INTEGER else passed & (values <= high)


def doubles_within(values: Doubles, test: Exactly) -> Bits:
    """Which of the doubles pass; NaN does not."""
    low = None if test.low is None else at_or_above(test.low)
    high = None if test.high is None else at_or_below(test.high)
    low_open = test.low_open and _is(low, test.low)
    high_open = test.high_open and _is(high, test.high)
    return doubles_between(values, Between(low, high, low_open, high_open))


def _is(double: float | None, number: Fraction | None) -> bool:
    return double is not None and not math.isinf(double) and Fraction(double) == number


def doubles_between(values: Doubles, test: Between) -> Bits:
    """Which of the doubles lie between two others; NaN does not."""
    passed = ~np.isnan(values)
    if test.low is not None:
        passed &= values > test.low if test.low_open else values >= test.low
    if test.high is not None:
        passed &= values < test.high if test.high_open else values <= test.high
    return passed


def ratios_within(numerators: Ints, denominators: Ints, test: Exactly) -> Bits:
    """Where numerator / denominator passes; denominators are above zero."""
    passed = np.ones(len(numerators), dtype=np.bool_)
    if test.low is not None:
        left, right = _cross(numerators, denominators, test.low)
        passed &= left > right if test.low_open else left >= right
    if test.high is not None:
        left, right = _cross(numerators, denominators, test.high)
        passed &= left < right if test.high_open else left <= right
    return passed


def _cross(numerators: Ints, denominators: Ints, bound: Fraction) -> tuple[npt.NDArray[Any], ...]:
    """Numerators times q and denominators times p of a bound p/q, as Python's integers where 64 bits are too few."""
    largest = max(_magnitude(numerators) * bound.denominator, _magnitude(denominators) * abs(bound.numerator))
    if largest <= GREATEST_INTEGER and max(bound.denominator, abs(bound.numerator)) <= GREATEST_INTEGER:
        return numerators * bound.denominator, denominators * bound.numerator
    return numerators.astype(object) * bound.denominator, denominators.astype(object) * bound.numerator


def _magnitude(values: Ints) -> int:
    return max(abs(int(values.min())), abs(int(values.max()))) if len(values) else 0
