"""Literals and names stand in every form of a sentence as they were written, whatever words they read like."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segctl.logic.describe import describe, phrase
from segctl.logic.nodes import Node, Not
from tests.logic.written import meaning

TEXTS = (
    "this is not spam", "it must be", "who have", "x was not, is none of y", "has no; do not", 'say "is not"',
    "never those who are", "of whose", "two  blanks are  kept", "neither this nor that", "1 of them", "last next",
)  # fmt: skip


def forms(node: Node) -> list[str]:
    """Every form of the condition and of its opposite."""
    found = [describe(node), describe(Not(node))]
    for one in (node, Not(node)):
        said = phrase(one)
        found += [said.clause, said.itself, said.must]
    return found


def written(text: str) -> dict[str, dict[str, Any]]:
    """Conditions with the text where a user can write one."""
    rows = {"where": {"property": "color", "is": text}}
    return {
        "is": {"attribute": "note", "is": text},
        "is of many": {"attribute": "notes", "is": text},
        "in two": {"attribute": "note", "in": [text, "b"]},
        "in three": {"attribute": "note", "in": ["a", text, "c"]},
        "ignore_case": {"attribute": "note", "is": text, "ignore_case": True},
        "contains": {"attribute": "note", "contains": text},
        "starts_with": {"attribute": "note", "starts_with": [text, "b"]},
        "ends_with": {"attribute": "note", "ends_with": text},
        "matches": {"attribute": "note", "matches": text},
        "includes_any": {"attribute": "tags", "includes_any": [text]},
        "includes_all": {"attribute": "tags", "includes_all": [text, "b"]},
        "element": {"attribute": "tags", "any_element": {"is": text}},
        "path": {"attribute": [text], "exists": True},
        "event": {"event": text},
        "events": {"event": [text, f"{text} too"], "count": {"at_least": 2}},
        "prefix": {"event": {"starts_with": text}},
        "first": {"event": text, "first": {"before": "2026-01-01"}},
        "last": {"event": "purchase", **rows, "last": {"older_than": "7d"}},
        "where": {"event": "purchase", **rows},
        "where not": {"event": "purchase", "where": {"not": rows["where"]}},
        "where many": {"event": "purchase", "where": {"property": "labels", "is": text}},
        "sum": {"event": text, **rows, "sum": {"of": [text], "more_than": 5}},
        "days": {"event": text, "days": {"at_least": 2}},
        "distinct": {"event": text, "distinct": {"of": [text], "at_least": 2}},
        "sequence": {"sequence": [{"event": text}, {"no": f"{text} too", "after_previous": {"within": "1d"}}]},
    }  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_written_is_in_every_form_unaltered(text: str) -> None:
    for name, condition in written(text).items():
        for said in forms(meaning(condition)):
            assert text in said, name
            assert said.count("must") - said.count(text) * text.count("must") <= 1, name


def test_what_would_break_a_line_is_written_as_an_escape() -> None:
    for condition in written("is not\nhere").values():
        for said in forms(meaning(condition)):
            assert "is not\\nhere" in said
            assert "\n" not in said


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ({"attribute": "note", "contains": "x"}, "note must contain x", "note must not contain x"),
        ({"attribute": "notes", "starts_with": "x"}, "notes must start with x", "notes must not start with x"),
        ({"attribute": "tags", "includes_any": ["x"]}, "tags must include x", "tags must not include x"),
        ({"attribute": "country", "in": ["FR", "BE"]}, "country must be France or Belgium",
         "country must be neither France nor Belgium"),
        ({"attribute": "city", "exists": True}, "city must be known", "city must be missing"),
        ({"attribute": "vip", "is": True}, "must be marked as vip", "must not be marked as vip"),
        ({"attribute": "tags", "any_element": {"is": "x"}}, "must have an entry in tags that is x",
         "must have no entry in tags that is x"),
        ({"attribute": "born", "anniversary": {"on": "02-29"}}, "born must come round on 29 February",
         "born must not come round on 29 February"),
        ({"segment": "vip"}, "must be in the segment vip", "must not be in the segment vip"),
        ({"event": "purchase"}, "must have made a purchase", "must not have made a purchase"),
        ({"event": "purchase", "sum": {"of": "amount", "more_than": 5}},
         "sum of `amount` over purchases must be more than 5",
         "sum of `amount` over purchases must not be more than 5"),
        ({"event": "purchase", "last": {"older_than": "7d"}},
         "the last of the purchases must be more than 7 days ago",
         "the last of the purchases must not be more than 7 days ago"),
    ],
)  # fmt: skip
def test_what_must_become_so(condition: dict[str, Any], holds: str, fails: str) -> None:
    node = meaning(condition)
    assert phrase(node).must == holds
    assert phrase(Not(node)).must == fails


def test_a_plural_property_is_told_by_its_value() -> None:
    said = phrase(meaning({"event": "purchase", "where": {"property": "labels", "is": "sale"}})).itself
    assert said == "made a purchase with labels sale"


def test_numbers_are_told_as_numbers() -> None:
    node = meaning({"attribute": "score", "at_least": Decimal("0.5")})
    assert phrase(node).must == "score must be at least 0.5"
