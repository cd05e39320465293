"""Ranks over the population and scores by quartile; the expected members are counted by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from segctl.engine.evaluate import evaluate
from segctl.engine.ranks import cuts
from segctl.logic.bound import (
    All,
    Column,
    Computed,
    Everyone,
    IsPresent,
    Measure,
    Measured,
    Node,
    Not,
    RankTest,
    RfmTest,
    Rows,
    Scope,
    ValueTest,
)
from segctl.logic.bound import (
    Any as AnyOf,
)
from segctl.logic.interpret import Row, User, World, holds
from segctl.logic.nodes import Ago, MeasureKind
from segctl.logic.ranking import ranked
from segctl.logic.types import Scalar, Schema, Type
from segctl.progress import Silent
from tests.engine import tables
from tests.engine.tables import Tables, Users

DAY = 24 * 3_600_000_000
AS_OF = 100 * DAY

TYPES: dict[str, Type] = {
    "score": Scalar.FLOAT, "age": Scalar.INT, "born": Scalar.DATE, "seen": Scalar.TIME, "none": Scalar.INT,
}  # fmt: skip
PEOPLE: dict[str, dict[str, Any]] = {
    "ann": {"score": 3.0, "age": 2**53 + 1, "born": 5, "seen": 50},
    "bob": {"score": None, "age": 2**53, "born": 5, "seen": 70},
    "cat": {"score": -0.0, "age": 2**53 + 1, "born": 7, "seen": None},
    "dan": {"score": 0.0, "age": -1, "born": -3, "seen": 60},
    "eve": {"score": float("inf"), "age": 1, "born": None, "seen": 70},
    "out": {"score": 1e9, "age": 2**62, "born": 99, "seen": 99},
}
BUYS: list[tuple[str, int, float | None]] = [
    ("ann", 50, 10.0), ("ann", 40, 0.1), ("ann", 30, 0.2), ("ann", 1, None),
    ("bob", 90, 10.3), ("cat", 20, 10.3), ("cat", 10, 0.0), ("eve", 5, None), ("out", 1, 1e6),
]  # fmt: skip


def _source(*shards: list[str]) -> Tables:
    schema = Schema("UTC", TYPES, {"buy": {"amount": Scalar.FLOAT}})
    parts = [
        Users(
            ids,
            TYPES,
            [PEOPLE[one] for one in ids],
            {"buy": [tables.Rows({"amount": Scalar.FLOAT}, [(ids.index(who), AS_OF - ago * DAY, {"amount": amount})
                                                           for who, ago, amount in BUYS if who in ids])]},
            outside=frozenset({"out"}),
        )
        for ids in shards
    ]  # fmt: skip
    return Tables(AS_OF, schema, parts)


SOURCES = [_source([*PEOPLE]), _source(["ann", "out", "eve"], [], ["bob", "cat"], ["dan"])]
USERS = [
    User(name, fields, [Row("buy", AS_OF - ago * DAY, {"amount": amount}) for who, ago, amount in BUYS if who == name])
    for name, fields in PEOPLE.items()
    if name != "out"
]
ROWS = Rows(("buy",), Everyone())
AMOUNT = Column(Scope.PROPERTY, ("amount",), Scalar.FLOAT)
SPENT = Computed(Measured(ROWS, Measure(MeasureKind.SUM, AMOUNT)), Scalar.FLOAT)
ORDERS = Computed(Measured(ROWS, Measure(MeasureKind.COUNT)), Scalar.INT)
LAST = Computed(Measured(ROWS, Measure(MeasureKind.LAST)), Scalar.TIME)


def attribute(name: str) -> Column:
    kind = TYPES[name]
    return Column(Scope.ATTRIBUTE, (name,), kind)


def top(of: Column | Computed, users: int | None = None, share: str | None = None, *, least: bool = False) -> RankTest:
    return RankTest(of, not least, None if share is None else Fraction(share), users)


def scores(*triples: tuple[int, int, int], rows: Rows = ROWS) -> RfmTest:
    return RfmTest(rows, AMOUNT, triples)


CASES: dict[str, tuple[Node, str]] = {
    "the greatest": (top(attribute("score"), 1), "e"),
    "infinity is a value, a missing one is none": (top(attribute("score"), 10), "acde"),
    "zeros tie, whatever their sign": (top(attribute("score"), 3), "acde"),
    "the least": (top(attribute("score"), 1, least=True), "cd"),
    "a share is of those who have a value, and rounded up": (top(attribute("score"), share="0.26"), "ae"),
    "a share that comes out even": (top(attribute("score"), share="0.25"), "e"),
    "all ties with the last are in": (top(attribute("age"), 1), "ac"),
    "integers are compared as they are": (top(attribute("age"), 2, least=True), "de"),
    "a date": (top(attribute("born"), 2), "abc"),
    "the earliest date": (top(attribute("born"), 1, least=True), "d"),
    "a time": (top(attribute("seen"), 1), "be"),
    "the earliest time": (top(attribute("seen"), 2, least=True), "ad"),
    "nobody has a value": (top(attribute("none"), 5), ""),
    "the others": (Not(top(attribute("score"), 1)), "abcd"),
    "who has none is not among the least": (Not(top(attribute("score"), 4, least=True)), "b"),
    "with the missing ones": (
        AnyOf((top(attribute("score"), 1), Not(ValueTest(attribute("score"), IsPresent())))), "be",
    ),
    "two ranks": (All((top(attribute("age"), 1), top(attribute("born"), 1))), "c"),
    "what was spent, exactly": (top(SPENT, 1), "abc"),
    "nobody who bought nothing is in, unless they tie": (top(SPENT, 4), "abcde"),
    "how often": (top(ORDERS, share="0.2"), "a"),
    "when last": (top(LAST, 1), "a"),
    "when last, the longest ago": (top(LAST, share="1/2", least=True), "bc"),
    # recency: b -90, c -10, e -5, a -1; quartiles b, c, e. frequency: b 1, e 1, c 2, a 4; quartiles 1, 1, 2.
    # money: e 0, then 10.3 three times; quartiles 0, 10.3, 10.3. So a 3 3 1, b 0 0 1, c 1 2 1, e 2 0 0.
    "scores of one": (scores((3, 3, 1)), "a"),
    "scores of several": (scores((0, 0, 1), (1, 2, 1), (3, 3, 3)), "bc"),
    "every score is of those who did": (
        scores(*((r, f, m) for r in range(4) for f in range(4) for m in range(4))), "abce",
    ),
    "scores in a window": (
        scores((0, 0, 0), rows=Rows(("buy",), Everyone(), Ago(8 * DAY))), "e",
    ),  # e -5, a -1: both count 1 and spent 0; e is the least quartile of recency
    "scores of nobody": (scores((0, 0, 0), rows=Rows(("buy",), Everyone(), Ago(DAY // 2))), ""),
    "without any money, nobody spent more than others": (
        RfmTest(ROWS, None, ((3, 3, 0), (0, 0, 0), (1, 2, 1))), "ab",
    ),
    "no score of theirs": (Not(scores((3, 3, 1), (2, 0, 0))), "bcd"),
}  # fmt: skip


@pytest.mark.parametrize("source", SOURCES, ids=["one shard", "four shards"])
@pytest.mark.parametrize("case", CASES)
def test_members(case: str, source: Tables) -> None:
    condition, expected = CASES[case]
    found = evaluate(source, {"it": condition}, {}, workers=1, progress=Silent())
    assert "".join(sorted(one[0] for one in source.ids(found.memberships["it"]))) == expected


@pytest.mark.parametrize("case", CASES)
def test_members_one_by_one(case: str) -> None:
    condition, expected = CASES[case]
    world = ranked([condition], USERS, World(AS_OF))
    assert "".join(user.id[0] for user in USERS if holds(condition, user, world)) == expected


def test_cuts_are_those_of_the_interpreter() -> None:
    conditions = [condition for condition, _ in CASES.values()]
    world = ranked(conditions, USERS, World(AS_OF))
    for source in SOURCES:
        assert dict(cuts(source, conditions, progress=Silent())) == world.cuts


def test_without_ranks_nothing_is_gone_through_twice() -> None:
    assert not cuts(Tables(AS_OF, SOURCES[0].schema, []), [Everyone()], progress=Silent())
