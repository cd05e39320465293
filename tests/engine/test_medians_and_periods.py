"""Medians and periods: by hand, and by the interpreter over random worlds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from segctl.engine.evaluate import evaluate
from segctl.logic import bound
from segctl.logic.bound import Column, Exactly, Scope
from segctl.logic.nodes import Ago, MeasureKind
from segctl.logic.types import Scalar, Schema
from segctl.progress import Silent
from tests.engine.comparing import disagreements
from tests.engine.tables import Rows, Tables, Users
from tests.strategies import random_case

DAY = 86_400_000_000
AS_OF = 100 * DAY

_OF = {"purchase": ["amount", "quantity"], "refund": ["amount"], "visit": ["seconds"]}
_NUMBERS: list[Any] = [0, 1, 2, -5, 100, Decimal("0.1"), Decimal("0.15"), Decimal("0.2"), Decimal("0.000001"), 10**9]
_COMPARISONS = ["at_least", "more_than", "at_most", "less_than", "exactly"]


def median(rng: Random) -> dict[str, Any]:
    name = rng.choice(list(_OF))
    test: dict[str, Any] = {"of": rng.choice(_OF[name]), rng.choice(_COMPARISONS): rng.choice(_NUMBERS)}
    if rng.random() < 0.2:
        test["or_missing"] = True
    window: dict[str, Any] = rng.choice([{}, {}, {"within": "30d"}, {"within": "1d"}])
    return {"event": name, "median": test, **window}


def periods(rng: Random) -> dict[str, Any]:
    every, within = rng.choice([("1d", "7d"), ("7d", "60w"), ("45s", "45min"), ("1h", "2h"), ("1d", "60d")])
    test: dict[str, Any] = {"every": every, rng.choice(_COMPARISONS): rng.choice([0, 1, 1, 2, 3])}
    if rng.random() < 0.5:
        test["each"] = rng.choice([1, 2, 2, 3])
    return {"event": rng.choice(["purchase", "visit", "*", ["refund", "visit"]]), "periods": test, "within": within}


@pytest.mark.parametrize("seed", range(60))
def test_engine_and_interpreter_agree(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    case = random_case(rng, users=rng.choice([3, 14, 30]))
    conditions = [median(rng) for _ in range(15)] + [periods(rng) for _ in range(15)]
    assert disagreements(case, conditions, rng) == []


BUY = ("buy",)
AMOUNT = Column(Scope.PROPERTY, ("amount",), Scalar.FLOAT)


def rows(*listed: tuple[int, int, float | None]) -> Rows:
    return Rows({"amount": Scalar.FLOAT}, [(user, AS_OF - ago, {"amount": amount}) for user, ago, amount in listed])


SOURCE = Tables(
    AS_OF,
    Schema("UTC", {}, {"buy": {"amount": Scalar.FLOAT}}),
    [
        Users(
            ["ann", "bob", "cat", "dan"], {}, [{}] * 4,
            {"buy": [
                rows((0, 1, 0.1), (0, 7 * DAY, 0.2), (1, 7 * DAY, 1.0), (1, 7 * DAY + 1, 3.0), (1, 3, None)),
                rows((0, 3, 5.0), (2, 14 * DAY, None), (1, 14 * DAY, 2.0), (1, 2, 2.5)),
            ]},
        )
    ],
)  # fmt: skip


def members(kind: MeasureKind, test: Exactly, **of: Any) -> str:
    rows = bound.Rows(BUY, bound.Everyone(), Ago(14 * DAY))
    condition = bound.EventTest(rows, bound.Measure(kind, **of), test)
    found = evaluate(SOURCE, {"it": condition}, {}, workers=1, progress=Silent())
    return "".join(sorted(one[0] for one in SOURCE.ids(found.memberships["it"])))


def test_a_median_of_an_odd_number_of_values_is_the_middle_one_and_of_an_even_number_the_mean_of_two() -> None:
    assert members(MeasureKind.MEDIAN, Exactly(Fraction("0.2"), Fraction("0.2")), column=AMOUNT) == "a"
    assert members(MeasureKind.MEDIAN, Exactly(Fraction("2.25"), Fraction("2.25")), column=AMOUNT) == "b"
    assert members(MeasureKind.MEDIAN, Exactly(), column=AMOUNT) == "ab"


def test_periods_are_counted_back_from_as_of_and_a_row_so_long_ago_is_still_in_the_nearer_one() -> None:
    def periods(each: int, number: int) -> str:
        exactly = Exactly(Fraction(number), Fraction(number))
        return members(MeasureKind.PERIODS, exactly, every_us=7 * DAY, each=each)

    assert periods(1, 1) == "ac"  # ann's three rows are of the last week, the last of them just so
    assert periods(1, 2) == "b"
    assert periods(1, 0) == "d"
    assert periods(2, 2) == "b"
    assert periods(3, 1) == "ab"
    assert periods(4, 0) == "abcd"
