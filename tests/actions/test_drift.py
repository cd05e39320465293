from __future__ import annotations

from pathlib import Path

import pytest

from tests.actions.github import Failure, GitHub
from tests.actions.running import Ran, Workplace


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    """A command in segctl's place: what it says and its exit code stand in files beside it."""
    command = tmp_path / "fake-segctl"
    command.write_text('#!/bin/bash\ncat "${BASH_SOURCE[0]}.said"\nexit "$(cat "${BASH_SOURCE[0]}.code")"\n')
    command.chmod(0o755)
    return command


def drift(work: Workplace, fake: Path, code: int, said: str = "segment vip: missing", **inputs: str) -> Ran:
    work.event, work.event_name = {"repository": {"full_name": "acme/shop"}}, "schedule"
    fake.with_name(f"{fake.name}.said").write_text(said)
    fake.with_name(f"{fake.name}.code").write_text(str(code))
    return work.run("drift", segctl=str(fake), environment="prod", **inputs)


def test_one_issue_is_opened_kept_and_closed_when_it_clears(work: Workplace, hub: GitHub, fake: Path) -> None:
    for number in range(150):
        hub.issue(f"talk {number}", by="somebody")
    hub.issue("<!-- segctl:prod -->\nfake", by="mallory")
    hub.issue("<!-- segctl:prod -->\npull", pull_request={})
    hub.issue("<!-- segctl:test -->\nother")
    assert drift(work, fake, 2).outputs == {"exit-code": "2", "drift": "true", "issue": "opened"}
    ours = hub.issues[-1]
    assert ours["title"] == "Audiences drifted: prod"
    assert ours["labels"] == [{"name": "segctl-drift"}]
    assert "segment vip: missing" in ours["body"]
    assert drift(work, fake, 2, "segment vip: altered").outputs["issue"] == "updated"
    assert "altered" in ours["body"]
    assert drift(work, fake, 0, "").outputs == {"exit-code": "0", "drift": "false", "issue": "closed"}
    assert (ours["state"], ours["state_reason"]) == ("closed", "completed")
    assert "The drift is gone" in hub.bodies()[-1]
    assert drift(work, fake, 0, "").outputs["issue"] == "none"
    assert drift(work, fake, 2).outputs["issue"] == "opened"
    assert sum(issue["state"] == "open" and issue["user"]["login"] != "somebody" for issue in hub.issues) == 4


def test_a_run_that_fails_changes_no_issue(work: Workplace, hub: GitHub, fake: Path) -> None:
    drift(work, fake, 2)
    done = drift(work, fake, 1, "error: no such state")
    assert done.code == 1
    assert hub.issues[0]["state"] == "open"
    assert hub.methods() == ["POST"]


def test_an_answer_that_is_lost_makes_no_second_issue(work: Workplace, hub: GitHub, fake: Path) -> None:
    hub.failures = [Failure(502, method="POST", done=True)]
    assert drift(work, fake, 2).code == 0
    assert len(hub.issues) == 1


def test_what_was_said_stays_in_its_block_and_is_not_too_long(work: Workplace, hub: GitHub, fake: Path) -> None:
    drift(work, fake, 2, "````\n@everybody\n" + "x" * 70_000)
    body = str(hub.issues[0]["body"])
    assert "\n```````text\n````\n@everybody" in body
    assert len(body) < 65_536


def test_no_permission_is_an_error_since_nobody_would_see_it(work: Workplace, hub: GitHub, fake: Path) -> None:
    hub.writable = False
    assert drift(work, fake, 2).code == 1
    assert drift(work, fake, 2, issue="false", fail="true").code == 2


def test_the_real_command_finds_nothing_after_an_apply(work: Workplace) -> None:
    work.event, work.event_name = {"repository": {"full_name": "acme/shop"}}, "push"
    assert work.run("apply", project="shop", as_of="2026-11-22").code == 0
    done = work.run("drift", project="shop")
    assert done.outputs == {"exit-code": "0", "drift": "false", "issue": "none"}, done.log
