from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.index.column import Values
from segctl.index.millionths import LARGEST, absolute_sum, millionths
from segctl.logic.types import Scalar

HALVES = st.builds(lambda n, k: (n + 0.5) / 10**k, st.integers(-(2**40), 2**40), st.integers(0, 7))
FLOATS = st.floats(allow_nan=False, allow_infinity=False, min_value=-9e12, max_value=9e12) | HALVES


def floats(values: list[float]) -> Values:
    return Values(Scalar.FLOAT, np.array(values, dtype=np.float64))


@given(st.lists(FLOATS, max_size=20))
def test_each_double_is_rounded_exactly_ties_to_even(values: list[float]) -> None:
    made = millionths(floats(values))
    assert made.values.tolist() == [round(Fraction(value) * 10**6) for value in values]
    assert made.counted is None
    assert made.large is None


HARD = [
    0.1, 5e-7, 1.5e-6, 2.5e-6, 3.5e-6, 1 / 128, 3 / 128, 5 / 128, -1 / 128, -3 / 128, -0.0,
    4503599627.370496, 4503599627.3704955, 4503599627.370495, 9007199254.740993, 1.7e12, 1e12 + 0.5, 8.9e12 + 1 / 1024,
]  # fmt: skip


@pytest.mark.parametrize("value", HARD)
def test_hard_doubles(value: float) -> None:
    with localcontext() as context:
        context.prec = 1200
        exact = (Decimal(value) * 10**6).quantize(Decimal(1), ROUND_HALF_EVEN)
    assert millionths(floats([value])).values.tolist() == [int(exact)]


def test_what_is_missing_counts_nothing() -> None:
    made = millionths(floats([1.0, float("nan")]))
    assert made.values.tolist() == [1_000_000, 0]
    assert made.counted is not None
    assert made.counted.tolist() == [True, False]
    column = Values(Scalar.INT, np.array([3, 99]), np.array([True, False]))
    assert millionths(column).values.tolist() == [3_000_000, 0]
    assert millionths(column).bound(0, 2) == 3_000_000


@pytest.mark.parametrize("value", [9.3e12, -9.3e12, float("inf"), float("-inf"), 1e300])
def test_a_value_that_is_too_large_alone(value: float) -> None:
    made = millionths(floats([1.0, value, 2.0]))
    assert made.bound(0, 3) >= LARGEST
    assert made.bound(0, 1) == 1_000_000
    assert made.bound(2, 3) == 2_000_000


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=10))
def test_integers(values: list[int]) -> None:
    made = millionths(Values(Scalar.INT, np.array(values, dtype=np.int64)))
    end = 2**63 // 10**6
    assert made.values.tolist() == [value * 10**6 if abs(value) <= end else 0 for value in values]
    assert (made.bound(0, len(values)) >= LARGEST) == (
        any(abs(v) > end for v in values) or sum(map(abs, values)) * 10**6 >= LARGEST
    )


@given(st.lists(st.integers(-(2**63) + 1, 2**63 - 1)))
def test_absolute_sums_are_exact(values: list[int]) -> None:
    assert absolute_sum(np.array(values, dtype=np.int64)) == sum(map(abs, values))
