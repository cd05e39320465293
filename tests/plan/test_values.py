"""The effect on the values of a trait, counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from segctl.plan.values import Distribution, Values, created, different, distribution, moved


def test_quantiles_are_values_by_nearest_rank() -> None:
    spread = distribution(pa.array([40, None, 10, 30, 20, 10]))
    assert spread == Distribution("int64", users=5, distinct=4, quantiles=(10, 10, 20, 30, 40, 40))


def test_fractions_are_told_as_their_shortest_decimals() -> None:
    assert distribution(pa.array([0.1, 2.5])).quantiles == tuple(
        map(Decimal, ("0.1", "0.1", "0.1", "2.5", "2.5", "2.5"))
    )


def test_infinities_are_values_but_no_quantiles() -> None:
    spread = distribution(pa.array([float("inf"), 1.5, float("-inf"), None]))
    assert (spread.users, spread.distinct, set(spread.quantiles)) == (3, 3, {Decimal("1.5")})
    assert distribution(pa.array([float("inf")])).quantiles == ()


def test_times_and_dates_have_quantiles() -> None:
    times = pa.array([5, 7], pa.timestamp("us", tz="UTC"))
    assert distribution(times).quantiles == (5, 5, 5, 7, 7, 7)
    assert distribution(pa.array([3], pa.date32())).quantiles == (3,) * 6


@pytest.mark.parametrize(
    ("values", "distinct"),
    [
        (pa.array(["a", "b", "a", None]), 2),
        (pa.array([True, False, None]), 2),
        (pa.array([["a"], ["a", "b"], ["a"], None]), 2),
        (pa.array([], pa.int64()), 0),
        (pa.nulls(3), 0),
    ],
)
def test_what_has_no_order_or_no_value_has_no_quantiles(values: pa.Array, distinct: int) -> None:
    assert distribution(values) == Distribution(str(values.type), len(values.drop_null()), distinct)


def test_a_value_that_comes_or_goes_differs_and_two_missing_ones_do_not() -> None:
    one, other = pa.array([1, None, 3, None, 5]), pa.array([1, 2, None, None, 6])
    assert different(one, other).tolist() == [False, True, True, False, True]


def test_lists_differ_by_their_elements() -> None:
    one, other = pa.array([["a"], ["a"], None]), pa.array([["a"], ["b"], None])
    assert different(one, other).tolist() == [False, True, False]


def test_columns_of_two_types_differ_wherever_there_is_a_value() -> None:
    assert different(pa.array([1, None]), pa.array(["1", None])).tolist() == [True, False]


def test_a_new_trait_is_a_change_for_everybody_with_a_value() -> None:
    assert created(pa.array([1, None, 2])) == Values(None, distribution(pa.array([1, 2])), by_definition=2)


def test_each_change_is_counted_once_by_data_if_the_old_definition_moves_it_too() -> None:
    stored, old, new = pa.array([1, 1, 1, 1]), pa.array([1, 2, 2, 1]), pa.array([1, 2, 1, 3])
    # the second by data, the fourth by definition; the third is as it was, whatever the old definition says
    effect = moved(stored, distribution(stored), old, new)
    assert (effect.by_definition, effect.by_data, effect.changed) == (1, 1, 2)


def test_without_the_old_definition_all_is_by_definition() -> None:
    stored, new = pa.array([1, 1]), pa.array([1, 2])
    assert moved(stored, distribution(stored), None, new).by_definition == 1
