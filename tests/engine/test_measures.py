"""Measures over rows in several slices and shards; the expected members are counted by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from segctl.diagnostics import InvalidInput
from segctl.engine.evaluate import evaluate
from segctl.logic.bound import (
    All,
    At,
    Between,
    Bucket,
    Column,
    During,
    Equals,
    EventMissing,
    EventTest,
    Everyone,
    Exactly,
    Given,
    IsBlank,
    Measure,
    Node,
    Not,
    Rows,
    Scope,
    ValueTest,
)
from segctl.logic.nodes import Ago, MeasureKind
from segctl.logic.types import Scalar, Schema
from segctl.progress import Silent
from tests.engine import tables
from tests.engine.tables import Tables, Users

HOUR = 3_600_000_000
DAY = 24 * HOUR
AS_OF = 100 * DAY


def rows(*listed: tuple[int, int, dict[str, Any]], amount: Scalar = Scalar.FLOAT) -> tables.Rows:
    return tables.Rows({"amount": amount, "color": Scalar.STRING}, listed)


AMOUNT = Column(Scope.PROPERTY, ("amount",), Scalar.FLOAT)
COLOR = Column(Scope.PROPERTY, ("color",), Scalar.STRING)

BUY_OLD = rows(
    (0, AS_OF - 50 * DAY, {"amount": 0.1, "color": "red"}),
    (0, AS_OF - 40 * DAY, {"amount": 0.2, "color": "blue"}),
    (1, AS_OF - 40 * DAY, {"amount": None, "color": "red"}),
    (2, AS_OF - 31 * DAY, {"amount": 5.0, "color": None}),
)
BUY_NEW = rows(
    (0, AS_OF - 30 * DAY, {"amount": 0.3, "color": "green"}),
    (2, AS_OF - 1, {"amount": -1.0, "color": "red"}),
    (2, AS_OF, {"amount": 1000.0, "color": "red"}),
    (3, AS_OF + DAY, {"amount": 1000.0, "color": "red"}),
)
REFUND = rows((1, AS_OF - 5 * DAY, {"amount": 2**53 + 1}), (0, AS_OF - 4 * DAY, {"amount": 3}), amount=Scalar.INT)

SCHEMA = Schema(
    zone="UTC",
    users={"city": Scalar.STRING},
    events={
        "buy": {"amount": Scalar.FLOAT, "color": Scalar.STRING},
        "refund": {"amount": Scalar.INT},
    },
)
SOURCE = Tables(
    AS_OF,
    SCHEMA,
    [
        Users(
            ["ann", "bob", "cat", "dan", "out"],
            {"city": Scalar.STRING},
            [{"city": city} for city in ("x", None, "y", "x", "x")],
            {"buy": [BUY_OLD, BUY_NEW], "refund": [REFUND]},
            outside=frozenset({"out"}),
        ),
        Users(["eve"], {"city": Scalar.STRING}, [{"city": "x"}], {"buy": [rows((0, AS_OF - DAY, {"amount": 7.0}))]}),
    ],
)


def members(condition: Node, source: Tables = SOURCE, given: dict[tuple[str, str], Any] | None = None) -> str:
    """The first letters of the members' names."""
    found = evaluate(source, {"it": condition}, given or {}, workers=1, progress=Silent())
    return "".join(sorted(one[0] for one in source.ids(found.memberships["it"])))


def over(
    kind: MeasureKind,
    test: Exactly | During,
    names: tuple[str, ...] = ("buy",),
    of: Column | None = None,
    **window: Any,
) -> EventTest:
    where = window.pop("where", Everyone())
    zone = "UTC" if kind is MeasureKind.DAYS else None
    return EventTest(Rows(names, where, **window), Measure(kind, of, zone), test)


def at_least(number: object) -> Exactly:
    return Exactly(Fraction(str(number)))


CASES: dict[str, tuple[Node, str]] = {
    "rows at or after as_of never count": (over(MeasureKind.COUNT, at_least(1)), "abce"),
    "nothing counts as nought": (over(MeasureKind.COUNT, Exactly(None, Fraction(0))), "d"),
    "rows of all runs count together": (over(MeasureKind.COUNT, at_least(3)), "a"),
    "a window starts with its first instant": (over(MeasureKind.COUNT, at_least(1), start=Ago(30 * DAY)), "ace"),
    "a window ends before its last": (
        over(MeasureKind.COUNT, at_least(1), start=Ago(50 * DAY), end=Ago(40 * DAY)), "a",
    ),
    "a window can lie ahead": (over(MeasureKind.COUNT, at_least(1), start=At(AS_OF + 1)), ""),
    "a filter chooses rows": (
        over(MeasureKind.COUNT, at_least(1), where=ValueTest(COLOR, Equals(("red",)))), "abc",
    ),
    "a filter on what is missing": (
        over(MeasureKind.COUNT, at_least(1), where=ValueTest(COLOR, IsBlank())), "ce",
    ),
    "filters join": (
        over(
            MeasureKind.COUNT,
            at_least(1),
            where=All((Not(ValueTest(COLOR, Equals(("red",)))), ValueTest(AMOUNT, Between(0.2, None)))),
        ),
        "ace",
    ),
    "a sum is exact": (over(MeasureKind.SUM, Exactly(Fraction("0.6"), Fraction("0.6")), of=AMOUNT), "a"),
    "a sum of nothing is nought": (over(MeasureKind.SUM, Exactly(Fraction(0), Fraction(0)), of=AMOUNT), "bd"),
    "an average skips what is missing": (
        over(MeasureKind.AVERAGE, Exactly(Fraction("0.2"), Fraction("0.2")), of=AMOUNT), "a",
    ),
    "an average of nothing is missing": (
        EventMissing(Rows(("buy",), Everyone()), Measure(MeasureKind.AVERAGE, AMOUNT)), "bd",
    ),
    "a count is never missing": (EventMissing(Rows(("buy",), Everyone()), Measure(MeasureKind.COUNT)), ""),
    "a least value": (over(MeasureKind.MIN, Exactly(None, Fraction(0)), of=AMOUNT), "c"),
    "a greatest value": (over(MeasureKind.MAX, at_least(5), of=AMOUNT), "ce"),
    "the greatest of integers and floats is exact": (
        over(MeasureKind.MAX, Exactly(Fraction(2**53), low_open=True), ("buy", "refund"), AMOUNT), "b",
    ),
    "the greatest of both kinds keeps below a bound": (
        over(MeasureKind.MAX, Exactly(None, Fraction(5)), ("buy", "refund"), AMOUNT), "ac",
    ),
    "the least of both kinds": (over(MeasureKind.MIN, at_least("0.3"), ("buy", "refund"), AMOUNT), "be"),
    "distinct texts over runs with other dictionaries": (over(MeasureKind.DISTINCT, at_least(3), of=COLOR), "a"),
    "days": (over(MeasureKind.DAYS, at_least(2)), "ac"),
    "first": (over(MeasureKind.FIRST, During(Ago(32 * DAY), None)), "ce"),
    "last": (over(MeasureKind.LAST, During(None, Ago(2 * DAY))), "ab"),
    "first is missing": (EventMissing(Rows(("buy",), Everyone()), Measure(MeasureKind.FIRST)), "d"),
    "several names count together": (over(MeasureKind.COUNT, at_least(2), ("buy", "refund")), "abc"),
    "no name, no rows": (over(MeasureKind.COUNT, Exactly(None, Fraction(0)), ()), "abcde"),
    "an attribute": (ValueTest(Column(Scope.ATTRIBUTE, ("city",), Scalar.STRING), Equals(("x",))), "ade"),
    "everyone": (Everyone(), "abcde"),
    "nobody": (Not(Everyone()), ""),
    "all buckets": (Bucket(0, 9_999), "abcde"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_members(case: str) -> None:
    condition, expected = CASES[case]
    assert members(condition) == expected


def test_given_memberships_are_in_the_order_of_the_population() -> None:
    ordered = [users.ids[number] for users in SOURCE.parts for number in users.order.tolist()]
    bits = np.array([one in {"bob", "eve"} for one in ordered], dtype=np.bool_)
    assert members(Not(Given("list", "x")), given={("list", "x"): bits}) == "acd"


def test_rows_at_or_after_as_of_are_told() -> None:
    assert evaluate(SOURCE, {}, {}, workers=1, progress=Silent()).unseen == 2


def test_a_sum_that_64_bits_cannot_hold_is_refused_by_name() -> None:
    large = Tables(AS_OF, SCHEMA, SOURCE.parts, bound=2**63)
    with pytest.raises(InvalidInput) as raised:
        members(over(MeasureKind.SUM, at_least(1), of=AMOUNT), large)
    assert "`amount`" in raised.value.diagnostics[0].summary
