"""`segctl engagement`: sizes and moves, counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segctl.diagnostics import InvalidInput
from segctl.progress import Silent
from segctl.report.engagement import data, page
from segctl.report.json import dumps
from segctl.report.text import render
from segctl.workflow.engagement import engagement
from segctl.workflow.live_members import live
from segctl.workflow.members import Asked
from segctl.workflow.request import Request
from tests.workflow.small_shop import PROJECT, write

# Mondays are 2026-11-16 and 2026-11-09: ann opened hers between them, bob clicked one of two,
# cat got hers between them and did not open it, dan was sent nothing
AS_OF = Request(0, "2026-11-20")


def test_levels_and_moves(tmp_path: Path) -> None:
    found = engagement(write(tmp_path), AS_OF, Silent())
    assert {level: found.now(level) for level in ("most", "somewhat", "least", "everyone_else")} == {
        "most": 2, "somewhat": 0, "least": 1, "everyone_else": 1,
    }  # fmt: skip
    assert {move: users for move, users in found.moves.items() if users} == {
        ("everyone_else", "most"): 1, ("most", "most"): 1, ("everyone_else", "least"): 1,
        ("everyone_else", "everyone_else"): 1,
    }  # fmt: skip
    assert (found.users, sum(found.new.values())) == (4, 0)


def test_levels_have_members_without_a_file(tmp_path: Path) -> None:
    names = ["engagement.most", "engagement.most.previous", "engagement.everyone_else"]
    rolls = live(write(tmp_path), Asked(tuple(names)), AS_OF, Silent()).lists
    assert [(roll.name, roll.ids.to_pylist()) for roll in rolls] == [
        ("engagement.most", ["ann", "bob"]),
        ("engagement.most.previous", ["bob"]),
        ("engagement.everyone_else", ["dan"]),
    ]


def test_users_who_were_not_there_the_week_before_stand_apart(tmp_path: Path) -> None:
    write(tmp_path, project=PROJECT.replace("{path: users.csv, id: id}", "{derive: {}}"))
    campaigns = tmp_path / "segments" / "campaigns.yaml"
    campaigns.write_text(campaigns.read_text().replace("attribute: country, is: FR", "everyone: true"))
    found = engagement(tmp_path, AS_OF, Silent())
    assert (found.users, found.new) == (3, {"most": 1, "somewhat": 0, "least": 1, "everyone_else": 0})
    assert "(not there yet)" in render(page(found), width=80, colour=False)


def test_the_page_fits_and_json_says_the_same(tmp_path: Path) -> None:
    found = engagement(write(tmp_path), AS_OF, Silent())
    shown = render(page(found), width=80, colour=False)
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "2 moved up, 0 moved down" in shown
    said = json.loads(dumps(data(found)))
    assert (said["monday"], said["previous_monday"]) == ("2026-11-15T23:00:00Z", "2026-11-08T23:00:00Z")
    assert said["levels"]["most"] == {"users": 2, "previous": 1}
    assert said["moves"]["everyone_else"] == {"most": 1, "somewhat": 0, "least": 1, "everyone_else": 1}
    assert sum(users for row in said["moves"].values() for users in row.values()) == said["users"] == 4


def test_a_project_without_messages_is_told_what_to_write(tmp_path: Path) -> None:
    project = PROJECT[: PROJECT.index("messages:")]
    with pytest.raises(InvalidInput) as raised:
        engagement(write(tmp_path, project=project), AS_OF, Silent())
    assert {(found.code, "messages: {email:" in found.hint) for found in raised.value.diagnostics} == {
        ("no-messages", True)
    }
