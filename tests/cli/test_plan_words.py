"""What a plan says of changed definitions in words: for people, in Markdown, as JSON."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from segctl.report.plan_schema import PLAN_SCHEMA
from tests.cli.conftest import Shop

DAY = ("--as-of", "2026-11-22")
ABOUT = "owner: growth\ndescription: Those who may buy wine\n"


@pytest.fixture
def adults(shop: Shop) -> Shop:
    """The tiny project with a segment applied, and then changed."""
    shop.segment("adults", "{attribute: age, at_least: 18}", ABOUT)
    assert shop.run("apply", "--auto-approve", *DAY).code == 0
    shop.segment("adults", "{attribute: age, at_least: 21}", ABOUT)
    return shop


def change(shop: Shop, name: str) -> dict[str, Any]:
    """The change of a definition in the plan's JSON, which fits its schema."""
    plan = json.loads(shop.run("plan", *DAY, "--format", "json").out)
    jsonschema.validate(plan, PLAN_SCHEMA)
    assert plan["format_version"] == "1.3"
    return next(dict(one) for one in plan["changes"] if one["name"] == name)


def test_a_changed_definition_is_told_before_and_after_beside_the_field(adults: Shop) -> None:
    lines = adults.run("plan", *DAY).out.splitlines()
    start = lines.index("      where[0].at_least: 18 → 21")
    assert lines[start + 1 : start + 5] == [
        "      before: People whose age is at least 18",
        "      after: People whose age is at least 21",
        "      description: Those who may buy wine",
        "      owner: growth",
    ]
    found = change(adults, "adults")
    assert found["words"] == {
        "before": "People whose age is at least 18", "after": "People whose age is at least 21",
    }  # fmt: skip
    assert (found["description"], found["owner"]) == ("Those who may buy wine", "growth")
    comment = adults.run("plan", *DAY, "--format", "markdown").out
    assert "- before: People whose age is at least 18\n" in comment
    assert "- after: People whose age is at least 21\n" in comment
    assert "- owner: growth\n" in comment


def test_what_is_new_and_what_is_removed_have_the_words_of_one_side(adults: Shop) -> None:
    (adults.folder / "segments" / "adults.yaml").unlink()
    adults.segment("french", "{attribute: country, is: FR}")
    assert change(adults, "adults")["words"] == {"before": "People whose age is at least 18", "after": None}
    assert change(adults, "adults")["owner"] == "growth"
    new = change(adults, "french")
    assert new["words"] == {"before": None, "after": "People whose country is France"}
    assert "owner" not in new
    assert "      means: People whose country is France\n" in adults.run("plan", *DAY).out


def test_another_owner_alone_is_told_with_the_meaning_once(adults: Shop) -> None:
    adults.segment("adults", "{attribute: age, at_least: 18}", ABOUT.replace("growth", "crm"))
    said = adults.run("plan", *DAY).out
    assert "      owner: growth → crm\n      means: People whose age is at least 18\n" in said
    assert change(adults, "adults")["owner"] == "crm"


def test_what_depends_on_a_change_has_no_words_of_its_own(adults: Shop) -> None:
    adults.segment("adults", "{attribute: age, at_least: 18}", ABOUT)
    adults.segment("wine", "{segment: adults}")
    assert adults.run("apply", "--auto-approve", *DAY).code == 0
    adults.segment("adults", "{attribute: age, at_least: 21}", ABOUT)
    assert "words" not in change(adults, "wine")


def test_a_comment_hides_who_somebody_is_in_the_sentence_too(adults: Shop) -> None:
    adults.segment("friends", '{attribute: country, in: ["eve@example.com", "ada@example.com"]}')
    adults.segment("one", "{attribute: country, contains: eve@example.com}")
    comment = adults.run("plan", *DAY, "--format", "markdown").out
    assert "example.com" not in comment
    assert "2 values" in comment
    assert "eve@example.com" in adults.run("plan", *DAY).out


def test_many_new_definitions_take_a_line_each(adults: Shop) -> None:
    for number in range(11):
        adults.segment(f"age_{number}", f"{{attribute: age, at_least: {number}}}")
    said = adults.run("plan", *DAY).out
    assert "means:" not in said
    assert "      after: People whose age is at least 21\n" in said
    assert "segctl show NAME" in said
