from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segctl.logic import nodes
from segctl.logic.lower import lower
from segctl.logic.nodes import (
    NOBODY,
    Ago,
    All,
    Blank,
    Bucket,
    EventMissing,
    EventTest,
    Everyone,
    Includes,
    Measure,
    MeasureKind,
    Midnight,
    Moment,
    Names,
    Not,
    OneOf,
    Present,
    Range,
    Reference,
    Rows,
    TextKind,
    TextMatch,
    TimeTest,
    Value,
    Window,
    Written,
)
from tests.logic.written import document, meaning

DAY = 86_400_000_000
COUNT = Measure(MeasureKind.COUNT)


def attribute(**operator: Any) -> nodes.Node:
    return meaning({"attribute": "a.b", **operator})


@pytest.mark.parametrize(
    ("operator", "test"),
    [
        ({"is": "x"}, OneOf(("x",))),
        ({"is": "x", "ignore_case": True}, OneOf(("x",), ignore_case=True)),
        ({"in": [2, 1, 2]}, OneOf((2, 1, 2))),
        ({"more_than": 1}, Range(low=1, low_open=True)),
        ({"at_least": Decimal("1.5")}, Range(low=Decimal("1.5"))),
        ({"less_than": 1}, Range(high=1, high_open=True)),
        ({"at_most": "2026-01-31"}, Range(high="2026-01-31")),
        ({"between": [1, 2]}, Range(low=1, high=2)),
        ({"contains": "x"}, TextMatch(TextKind.CONTAINS, ("x",))),
        ({"starts_with": ["x", "y"], "ignore_case": True}, TextMatch(TextKind.STARTS, ("x", "y"), ignore_case=True)),
        ({"ends_with": "x"}, TextMatch(TextKind.ENDS, ("x",))),
        ({"exists": True}, Present()),
        ({"blank": True}, Blank()),
        ({"includes_any": ["x"]}, Includes(False, ("x",))),
        ({"includes_all": ["x", "y"]}, Includes(True, ("x", "y"))),
        ({"before": "2026-01-31"}, TimeTest(Moment.BEFORE, "2026-01-31")),
        ({"after": "2026-01-31 09:00"}, TimeTest(Moment.AFTER, "2026-01-31 09:00")),
        ({"on": "2026-01-31"}, TimeTest(Moment.ON, "2026-01-31")),
        ({"within_last": "30d"}, TimeTest(Moment.WITHIN_LAST, 30 * DAY)),
        ({"older_than": "2w"}, TimeTest(Moment.OLDER_THAN, 14 * DAY)),
        ({"within_next": "24h"}, TimeTest(Moment.WITHIN_NEXT, DAY)),
        ({"later_than": "1440min"}, TimeTest(Moment.LATER_THAN, DAY)),
    ],
)
def test_a_positive_operator_is_one_test(operator: dict[str, Any], test: nodes.ValueTest) -> None:
    assert attribute(**operator) == Value(("a", "b"), test)


@pytest.mark.parametrize(
    ("negative", "positive"),
    [
        ({"is_not": "x"}, {"is": "x"}),
        ({"not_in": ["x", "y"]}, {"in": ["x", "y"]}),
        ({"not_contains": ["x", "y"]}, {"contains": ["x", "y"]}),
        ({"includes_none": ["x", "y"]}, {"includes_any": ["x", "y"]}),
        ({"exists": False}, {"exists": True}),
        ({"blank": False}, {"blank": True}),
    ],
)
def test_a_negative_operator_is_not_of_its_positive_twin(negative: dict[str, Any], positive: dict[str, Any]) -> None:
    assert attribute(**negative) == Not(attribute(**positive))


@pytest.mark.parametrize("operator", [{"is": 1}, {"is_not": 1}, {"includes_none": ["x"]}, {"older_than": "1d"}])
def test_or_missing_adds_the_missing_ones(operator: dict[str, Any]) -> None:
    missing = Not(Value(("a", "b"), Present()))
    assert attribute(**operator, or_missing=True) == nodes.Any((attribute(**operator), missing))


def test_a_path_may_be_a_list_of_its_parts() -> None:
    assert meaning({"attribute": ["a", "b.c"], "is": 1}) == Value(("a", "b.c"), OneOf((1,)))


def test_a_list_of_conditions_is_all_and_exclude_is_not_any() -> None:
    red, blue, green = ({"attribute": "color", "is": c} for c in ("red", "blue", "green"))
    r, b, g = (meaning(c) for c in (red, blue, green))
    assert meaning([red, blue]) == All((r, b))
    assert meaning([red]) == r
    assert meaning(red, exclude=[blue, green]) == All((r, Not(nodes.Any((b, g)))))
    assert meaning({"all": [red, {"any": [blue, {"not": green}]}]}) == All((r, nodes.Any((b, Not(g)))))


def test_the_other_forms() -> None:
    assert meaning({"segment": "x"}) == Reference("segment", "x")
    assert meaning({"extension": "x"}) == Reference("extension", "x")
    assert meaning({"list": "x"}) == Reference("list", "x")
    assert meaning({"bucket": {"from": 0, "to": 4999}}) == Bucket(0, 4999)
    assert meaning({"everyone": True}) == Everyone()
    assert Not(Everyone()) == NOBODY


def event(**more: Any) -> nodes.Node:
    return meaning({"event": "purchase", **more})


def rows(names: Names | None = None, where: nodes.Node | None = None, window: Window | None = None) -> Rows:
    return Rows(names or Names(("purchase",)), where or Everyone(), window or Window())


def test_an_event_alone_means_at_least_once() -> None:
    assert event() == EventTest(rows(), COUNT, Range(low=1))


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("a", Names(("a",))),
        (["b", "a"], Names(("b", "a"))),
        ("*", Names(prefix="")),
        ({"starts_with": "lead_"}, Names(prefix="lead_")),
    ],
)
def test_names_of_events(written: object, names: Names) -> None:
    assert meaning({"event": written}) == EventTest(rows(names), COUNT, Range(low=1))


@pytest.mark.parametrize(
    ("written", "window"),
    [
        ({"within": "30d"}, Window(Ago(30 * DAY))),
        ({"within": {"days_before_today": 3}}, Window(Midnight(3))),
        ({"between": ["2026-01-01", "2026-01-31"]}, Window(Written("2026-01-01"), Written("2026-01-31"))),
        ({"between": ["30d", "7d"]}, Window(Ago(30 * DAY), Ago(7 * DAY))),
        ({"since": "30d"}, Window(Ago(30 * DAY))),
        ({"since": "2026-01-01 10:00", "until": "7d"}, Window(Written("2026-01-01 10:00"), Ago(7 * DAY))),
        ({"until": "2026-01-01"}, Window(None, Written("2026-01-01"))),
    ],
)
def test_windows(written: dict[str, Any], window: Window) -> None:
    assert event(**written) == EventTest(rows(window=window), COUNT, Range(low=1))


def test_conditions_on_rows() -> None:
    red = {"property": "color", "is": "red"}
    value = Value(("color",), OneOf(("red",)))
    assert event(where=red) == EventTest(rows(where=value), COUNT, Range(low=1))
    assert event(where=[red]) == event(where=red)
    both = {"any": [red, {"not": {"all": [red]}}]}
    assert event(where=both) == EventTest(rows(where=nodes.Any((value, Not(All((value,)))))), COUNT, Range(low=1))


@pytest.mark.parametrize(
    ("written", "measure", "test"),
    [
        ({"count": {"at_least": 2}}, COUNT, Range(low=2)),
        ({"count": {"exactly": 0}}, COUNT, Range(low=0, high=0)),
        ({"sum": {"of": "amount", "more_than": 9}}, Measure(MeasureKind.SUM, ("amount",)), Range(low=9, low_open=True)),
        (
            {"average": {"of": "a.b", "less_than": 9}},
            Measure(MeasureKind.AVERAGE, ("a", "b")),
            Range(None, 9, False, True),
        ),
        ({"min": {"of": "amount", "at_most": 9}}, Measure(MeasureKind.MIN, ("amount",)), Range(high=9)),
        ({"max": {"of": "amount", "between": [1, 9]}}, Measure(MeasureKind.MAX, ("amount",)), Range(1, 9)),
        ({"distinct": {"of": "sku", "at_least": 3}}, Measure(MeasureKind.DISTINCT, ("sku",)), Range(low=3)),
        ({"days": {"at_least": 5}}, Measure(MeasureKind.DAYS), Range(low=5)),
        ({"first": {"within_last": "7d"}}, Measure(MeasureKind.FIRST), TimeTest(Moment.WITHIN_LAST, 7 * DAY)),
        (
            {"last": {"between": ["2026-01-01", "2026-01-31"]}},
            Measure(MeasureKind.LAST),
            Range("2026-01-01", "2026-01-31"),
        ),
    ],
)
def test_measures(written: dict[str, Any], measure: Measure, test: Range | TimeTest) -> None:
    assert event(**written) == EventTest(rows(), measure, test)


def test_or_missing_of_a_measure_adds_those_without_one() -> None:
    measure = Measure(MeasureKind.AVERAGE, ("amount",))
    plain = EventTest(rows(), measure, Range(low=9))
    written = event(average={"of": "amount", "at_least": 9, "or_missing": True})
    assert written == nodes.Any((plain, EventMissing(rows(), measure)))


def test_a_campaign_is_any_of_its_segments_without_the_excluded() -> None:
    audience = {"include": ["a", "b"], "where": {"everyone": True}, "exclude": ["c"]}
    campaign = document({"kind": "campaign", "name": "c", "audience": audience})
    a, b, c = (Reference("segment", name) for name in "abc")
    assert lower(campaign) == All((nodes.Any((a, b)), Everyone(), Not(c)))
    alone = document({"kind": "campaign", "name": "c", "audience": {"include": ["a"]}})
    assert lower(alone) == a


def test_an_extension_is_its_event_and_a_list_is_itself() -> None:
    extension = document({"kind": "extension", "name": "e", "from": {"event": "purchase"}})
    assert lower(extension) == event()
    assert lower(document({"kind": "list", "name": "l", "path": "x.csv", "id": "id"})) == Reference("list", "l")


def test_a_test_has_no_membership() -> None:
    with pytest.raises(TypeError):
        lower(
            document({"kind": "test", "name": "t", "as_of": "2026-01-01", "given": {}, "expect": {"s": {"in": ["1"]}}})
        )
