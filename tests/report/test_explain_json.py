from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft7Validator

from segctl.diagnostics import Span
from segctl.logic.change import smallest_change
from segctl.logic.flips import Flip
from segctl.logic.nodes import (
    Ago,
    All,
    EventTest,
    Everyone,
    Measure,
    MeasureKind,
    Names,
    Node,
    Not,
    OneOf,
    Range,
    Reference,
    Rows,
    Value,
    Window,
)
from segctl.logic.outcome import Outcome, Seen
from segctl.logic.times import DAY_US
from segctl.report.explain_json import as_data
from segctl.report.explain_schema import EXPLAIN_SCHEMA
from segctl.report.json import dumps
from segctl.workflow.explain import Explained

PUBLISHED = Path(__file__).resolve().parents[2] / "schema" / "explain.schema.json"
AS_OF = 1_795_302_000_000_000
FR = Value(("country",), OneOf(("FR",)), Span("a.yaml", 4, 5))
TWICE = EventTest(
    Rows(Names(("purchase",)), Everyone(), Window(Ago(30 * DAY_US)), Span("a.yaml", 6, 5)),
    Measure(MeasureKind.COUNT), Range(low=2), Span("a.yaml", 7, 12),
)  # fmt: skip
RED = Reference("extension", "red", Span("a.yaml", 9, 5))


def leaf(node: Node, actual: object, *, holds: bool, seen: Seen | None = None) -> Outcome:
    return Outcome(node, holds, actual, (), seen)


def outcome() -> Outcome:
    seen = Seen(AS_OF, 3, 2, 1, AS_OF - 50 * DAY_US, AS_OF - DAY_US, 1)
    live = Outcome(RED, holds=True, children=(leaf(FR, "FR", holds=True),), published_us=AS_OF - DAY_US)
    parts = (
        leaf(FR, "FR", holds=True),
        leaf(TWICE, 1, holds=False, seen=seen),
        Outcome(Not(RED), False, None, (live,)),
    )
    return Outcome(All((FR, TWICE, Not(RED))), holds=False, children=parts)


def explained() -> Explained:
    whole = outcome()
    return Explained(
        ("segment", "vip"), "u1", AS_OF, "Europe/Paris", whole, smallest_change(whole), Flip(AS_OF + DAY_US)
    )


def test_the_schema_is_right_and_published() -> None:
    Draft7Validator.check_schema(EXPLAIN_SCHEMA)
    assert PUBLISHED.read_text(encoding="utf-8") == dumps(EXPLAIN_SCHEMA)


def test_an_explanation_is_what_the_schema_says() -> None:
    told = json.loads(dumps(as_data(explained())))
    assert list(Draft7Validator(EXPLAIN_SCHEMA).iter_errors(told)) == []
    assert list(Draft7Validator(EXPLAIN_SCHEMA).iter_errors({"format_version": "2.0"})) != []


def test_conditions_have_their_places_and_the_users_own_values() -> None:
    told = json.loads(dumps(as_data(explained())))
    assert (told["holds"], told["flips_at"]) == (False, "2026-11-22T23:00:00Z")
    country, twice, not_red = told["tree"]["children"]
    assert (country["place"], country["actual"], country["holds"]) == ("a.yaml:4:5", "FR", True)
    assert (twice["place"], twice["asked"], twice["actual"]) == ("a.yaml:7:12", "at least 2", 1)
    assert twice["rows"] == {
        "total": 3, "matching": 2, "counted": 1, "later": 1,
        "first": "2026-10-02T23:00:00Z", "last": "2026-11-20T23:00:00Z",
    }  # fmt: skip
    assert not_red["place"] == "a.yaml:9:5"
    assert not_red["children"][0]["published"] == "2026-11-20T23:00:00Z"


def test_the_smallest_change_in_words() -> None:
    told = json.loads(dumps(as_data(explained())))["smallest_change"]
    assert told["least"] is True
    assert [(one["says"], one["becomes"], one["place"]) for one in told["conditions"]] == [
        ("1 more purchase in the last 30 days", True, "a.yaml:7:12"),
        ("must not be in the extension red at its next refresh", False, "a.yaml:9:5"),
    ]
