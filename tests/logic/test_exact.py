from __future__ import annotations

import math
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.logic import exact
from segctl.logic.bound import Between, Equals, Exactly, IsPresent, Never
from segctl.logic.letters import lower_case

BIG = 2**53


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0000005, 0),  # the double is a little below the half
        (0.0000015, 2),
        (0.0000025, 3),  # the double is a little above the half
        (0.5, 500_000),
        (1.0000005, 1_000_001),
        (2**-7 + 2**-20, 7813),
        (1 / 3, 333_333),
        (-1 / 3, -333_333),
        (19.99, 19_990_000),
        (1e22, 10**28),
        (2**53 + 1, (2**53 + 1) * 10**6),
        (-0.0, 0),
        (0.0078125, 7812),  # 7812.5 exactly: to the even one
        (0.0234375, 23438),  # 23437.5 exactly: to the even one
        (-0.0078125, -7812),
    ],
)
def test_millionths_are_of_the_exact_value_ties_to_even(value: float, expected: int) -> None:
    assert exact.millionths(value) == expected


def test_infinity_has_no_millionths() -> None:
    with pytest.raises(OverflowError):
        exact.millionths(math.inf)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_millionths_are_never_more_than_half_away(value: float) -> None:
    assert abs(exact.millionths(value) - Fraction(value) * 10**6) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("written", "one"),
    [
        (Decimal("1.0"), 1),
        (Decimal("1E+3"), 1000),
        (Decimal("-0.00"), 0),
        (Decimal("2.50"), Decimal("2.5")),
        (10**400, Decimal("1E+400")),
        (Decimal("1E+999999999"), Decimal("1E+999999999")),
        (12345678901234567890, 12345678901234567890),
    ],
)
def test_one_form_of_a_number(written: int | Decimal, one: int | Decimal) -> None:
    form = exact.canonical(written)
    assert (form, type(form), str(form)) == (one, type(one), str(one))


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_the_one_form_is_the_same_number(number: Decimal) -> None:
    assert exact.canonical(number) == number
    assert exact.canonical(exact.canonical(number)) == exact.canonical(number)


def test_a_decimal_fraction_on_doubles_is_the_nearest_and_an_integer_itself() -> None:
    assert exact.on_doubles(Decimal("0.1")) == Fraction(0.1)
    assert exact.on_doubles(Decimal("0.1000000000000000055511151231257827")) == Fraction(0.1)
    assert exact.on_doubles(BIG + 1) == BIG + 1
    assert exact.on_doubles(Decimal("9007199254740993.0")) == BIG + 1
    assert exact.on_doubles(Decimal("1E-999999999")) == 0


def bounds(**limits: Any) -> Exactly:
    return Exactly(
        low=None if "low" not in limits else Fraction(limits["low"]),
        high=None if "high" not in limits else Fraction(limits["high"]),
        low_open=limits.get("low_open", False),
        high_open=limits.get("high_open", False),
    )


@pytest.mark.parametrize(
    ("limits", "fitted"),
    [
        ({"low": 3}, Between(3, None)),
        ({"low": 3, "low_open": True}, Between(4, None)),
        ({"low": "2.5"}, Between(3, None)),
        ({"low": "2.5", "low_open": True}, Between(3, None)),
        ({"high": "2.5"}, Between(None, 2)),
        ({"high": 3, "high_open": True}, Between(None, 2)),
        ({"low": 3, "high": 3}, Equals((3,))),
        ({"low": "2.5", "high": "2.75"}, Never()),
        ({"low": -(10**30)}, IsPresent()),
        ({"high": 10**30}, IsPresent()),
        ({"low": 10**30}, Never()),
        ({"high": -(10**30)}, Never()),
        ({"low": 2**63 - 1}, Between(2**63 - 1, None)),
        ({"low": 2**63 - 1, "low_open": True}, Never()),
        ({"high": -(2**63)}, Between(None, -(2**63))),
        ({"low": -(2**63), "high": 5}, Between(None, 5)),
    ],
)
def test_bounds_on_integers(limits: dict[str, Any], fitted: object) -> None:
    assert exact.on_integers(bounds(**limits)) == fitted


@pytest.mark.parametrize(
    ("limits", "fitted"),
    [
        ({"low": 3}, Between(3.0, None)),
        ({"low": 3, "low_open": True}, Between(3.0, None, low_open=True)),
        ({"low": BIG + 1}, Between(float(BIG + 2), None)),
        ({"low": BIG + 1, "low_open": True}, Between(float(BIG + 2), None)),
        ({"high": BIG + 1}, Between(None, float(BIG))),
        ({"high": BIG + 1, "high_open": True}, Between(None, float(BIG))),
        ({"low": 1, "high": 1}, Equals((1.0,))),
        ({"low": BIG + 1, "high": BIG + 1}, Never()),
        ({"low": 0, "high": 0}, Equals((0.0,))),
        ({"low": 10**400}, Between(math.inf, None)),
        ({"high": 10**400}, Between(None, sys.float_info.max)),
        ({"low": -(10**400)}, Between(-sys.float_info.max, None)),
        ({"high": -(10**400)}, Between(None, -math.inf)),
        ({"low": int(sys.float_info.max), "low_open": True}, Between(sys.float_info.max, None, low_open=True)),
        ({"low": int(sys.float_info.max) + 1}, Between(math.inf, None)),
    ],
)
def test_bounds_on_doubles(limits: dict[str, Any], fitted: object) -> None:
    assert exact.on_floats(bounds(**limits)) == fitted


def within(fitted: object, value: float) -> bool:
    """The fitted test in plain double comparisons, as an engine makes them."""
    match fitted:
        case Equals(values):
            return value in values
        case Between(low, high, low_open, high_open):
            above = low is None or (value > low if low_open else value >= low)
            return above and (high is None or (value < high if high_open else value <= high))
        case IsPresent():
            return True
        case _:
            return False


numbers = st.one_of(
    st.integers(-(2**65), 2**65),
    st.integers(2**53 - 3, 2**53 + 3),
    st.floats(allow_nan=False, allow_infinity=False).map(Fraction),
    st.fractions(-4, 4, max_denominator=8),
)


@st.composite
def ranges(draw: st.DrawFn) -> Exactly:
    low, high = sorted([Fraction(draw(numbers)), Fraction(draw(numbers))])
    return Exactly(low, high, draw(st.booleans()), draw(st.booleans()))


@given(ranges(), st.floats(allow_nan=False), st.integers(-2, 2))
def test_fitted_bounds_say_the_same_of_every_double(test: Exactly, value: float, step: int) -> None:
    fitted = exact.on_floats(test)
    assert test.low is not None
    assert test.high is not None
    near = exact.at_or_above(test.low)
    for _ in range(abs(step)):
        near = math.nextafter(near, math.inf if step > 0 else -math.inf)
    for candidate in (value, near, exact.at_or_below(test.high)):
        above = candidate > test.low if test.low_open else candidate >= test.low
        below = candidate < test.high if test.high_open else candidate <= test.high
        assert within(fitted, candidate) == (above and below)


@given(ranges(), st.integers(-(2**63), 2**63 - 1), st.integers(-2, 2))
def test_fitted_bounds_say_the_same_of_every_integer(test: Exactly, value: int, step: int) -> None:
    fitted = exact.on_integers(test)
    assert test.low is not None
    assert test.high is not None
    for candidate in (value, math.floor(test.low) + step, math.floor(test.high) + step):
        if exact.LEAST_INTEGER <= candidate <= exact.GREATEST_INTEGER:
            assert within(fitted, candidate) == exact.contains(test, Fraction(candidate))


def test_equality_with_a_literal() -> None:
    assert exact.equal_on_integers(Decimal("18.0")) == 18
    assert exact.equal_on_integers(Decimal("18.5")) is None
    assert exact.equal_on_integers(2**63) is None
    assert exact.equal_on_floats(18) == 18.0
    assert exact.equal_on_floats(BIG + 1) is None
    assert exact.equal_on_floats(Decimal("0.1")) == 0.1
    assert exact.equal_on_floats(10**400) is None


def test_lower_case_looks_at_one_character_at_a_time() -> None:
    sigma = "\N{GREEK SMALL LETTER SIGMA}"
    assert lower_case("ΣΣ") == sigma * 2  # Python's own `lower` makes a final sigma of the second
    assert "ΣΣ".lower() != sigma * 2
    assert lower_case("İ") == "i̇"
    assert lower_case("ABC") == "abc"


def test_lower_case_of_lower_case_changes_nothing() -> None:
    lowered = {c.lower() for c in map(chr, range(sys.maxunicode + 1)) if c.lower() != c}
    assert [text for text in lowered if lower_case(text) != text] == []
