from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.actions.github import BOT, TOKEN, GitHub
from tests.actions.running import Workplace, pull_request, workflow_run

DAY = {"project": "shop", "as_of": "2026-11-22", "environment": "prod"}


def test_one_comment_is_written_and_then_kept_up_to_date(work: Workplace, hub: GitHub) -> None:
    first = work.run("plan", **DAY)
    assert first.code == 0, first.log
    assert first.outputs["exit-code"] == "2"
    assert first.outputs["changes"] == "true"
    assert first.outputs["comment"] == "created"
    assert "| create | segment `adults` | 0 → 8 | +8 | +8 |  |  |" in hub.bodies()[0]
    assert hub.bodies()[0].startswith("<!-- segctl:prod -->\n### Plan of `tiny_shop`")
    assert "https://github.example/acme/shop/actions/runs/99" in hub.bodies()[0]
    assert first.outputs["digest"] in hub.bodies()[0]
    assert "### Plan of `tiny_shop`" in first.summary

    segment = work.folder / "shop" / "segments" / "adults.yaml"
    segment.write_text(segment.read_text().replace("18", "30"))
    second = work.run("plan", **DAY)
    assert second.outputs["comment"] == "updated"
    assert len(hub.comments) == 1
    assert second.outputs["digest"] in hub.bodies()[0]

    third = work.run("plan", **DAY)
    assert third.outputs["comment"] == "unchanged"
    assert hub.methods() == ["POST", "PATCH"]


def test_the_whole_plan_is_kept_for_the_artifact_and_for_apply(work: Workplace) -> None:
    done = work.run("plan", **DAY)
    assert json.loads(Path(done.outputs["json-file"]).read_text())["digest"] == done.outputs["digest"]
    folder = Path(done.outputs["plan-file"]).parent
    assert {path.name for path in folder.iterdir()} == {
        "plan.md", "plan.json", "plan.segctl", "plan.txt", "comment.md",
    }  # fmt: skip
    work.event, work.event_name = {"repository": {"full_name": "acme/shop"}}, "push"
    applied = work.run("apply", project="shop", environment="prod", plan_file=done.outputs["plan-file"])
    assert applied.code == 0, applied.log
    assert applied.outputs == {"exit-code": "0", "applied": "true"}
    again = work.run("apply", project="shop", environment="prod", plan_file=done.outputs["plan-file"])
    assert again.code == 4
    assert "stale" in again.log
    nothing = work.run("plan", **DAY)
    assert (nothing.outputs["exit-code"], nothing.outputs["changes"]) == ("0", "false")


def test_each_environment_has_a_comment_of_its_own(work: Workplace, hub: GitHub) -> None:
    work.run("plan", **DAY)
    work.run("plan", **{**DAY, "environment": "test"})
    assert [body.splitlines()[0] for body in hub.bodies()] == ["<!-- segctl:prod -->", "<!-- segctl:test -->"]


def test_a_fork_is_not_trusted_and_without_a_token_that_writes_the_summary_has_the_plan(
    work: Workplace, hub: GitHub
) -> None:
    work.event, hub.writable = pull_request(fork=True), False
    (work.folder / "secret.csv").write_text("id\nu1\n")
    done = work.run("plan", **DAY)
    assert done.code == 0, done.log
    assert done.outputs["comment"] == "forbidden"
    assert done.outputs["plan-file"] == "", "a plan of a fork is never applied"
    assert "planned against nothing" in done.summary
    (work.folder / "shop" / "segments" / "steal.yaml").write_text(
        "kind: list\nname: steal\npath: ../secret.csv\nid: id\n"
    )
    stolen = work.run("plan", **DAY)
    assert stolen.code == 1
    assert "points outside the project" in stolen.log


def test_a_fork_cannot_be_trusted_by_an_input(work: Workplace) -> None:
    work.event = pull_request(fork=True)
    done = work.run("plan", **DAY, untrusted="never")
    assert done.code == 64 or "planned against nothing" in done.summary


def test_the_right_folders_are_given_to_definitions_that_are_not_trusted(work: Workplace) -> None:
    work.event = pull_request(fork=True)
    data = work.folder / "lake"
    (work.folder / "shop" / "data").rename(data)
    project = work.folder / "shop" / "segments" / "segctl.yaml"
    project.write_text(project.read_text().replace("data/", "../lake/"))
    assert work.run("plan", **DAY).code == 1
    assert work.run("plan", **DAY, data_roots=str(data)).code == 0


def test_no_token_and_no_secret_reaches_segctl(work: Workplace, tmp_path: Path) -> None:
    spy = tmp_path / "spy"
    spy.write_text('#!/bin/bash\nenv > "${BASH_SOURCE[0]}.env"\nexit 1\n')
    spy.chmod(0o755)
    work.environ |= {"AWS_SECRET_ACCESS_KEY": "cloud"}
    work.run("plan", **DAY, segctl=str(spy))
    seen = (tmp_path / "spy.env").read_text()
    assert TOKEN not in seen
    assert "cloud" in seen, "the state of a trusted plan may need it"
    work.event = pull_request(fork=True)
    work.run("plan", **DAY, segctl=str(spy))
    seen = (tmp_path / "spy.env").read_text()
    assert TOKEN not in seen
    assert "cloud" not in seen
    assert "SEGCTL" not in seen


def test_pull_request_target_is_refused(work: Workplace) -> None:
    work.event_name = "pull_request_target"
    done = work.run("plan", **DAY)
    assert done.code == 64
    assert "pull_request_target" in done.log


def test_a_plan_that_fails_says_so_in_the_comment_and_shows_no_data(work: Workplace, hub: GitHub) -> None:
    work.run("plan", **DAY)
    users = next((work.folder / "shop" / "data").glob("users*"))
    users.write_text(users.read_text() + users.read_text().splitlines()[1] + "\n")
    (work.folder / "shop" / "segments" / "more.yaml").write_text("kind: segment\nname: b\nwhere: {everyone: true}\n")
    done = work.run("plan", **DAY)
    assert done.code == 1
    assert "duplicate" in done.log
    body = hub.bodies()[0]
    assert "ended with exit code 1" in body
    assert "- `duplicate-id` at `segments/segctl.yaml:" in body
    assert "stands" not in body
    assert users.read_text().splitlines()[-1].split(",")[0] not in body


def test_what_definitions_say_is_no_command_to_the_runner(work: Workplace) -> None:
    (work.folder / "shop" / "segments" / "adults.yaml").write_text(
        'kind: segment\nname: adults\ndescription: "x\\n::error::spoofed\\n"\nwhere: {everyone: true}\n'
    )
    log = work.run("plan", **DAY).log
    lines = log.splitlines()
    stop = next(n for n, line in enumerate(lines) if line.startswith("::stop-commands::"))
    mark = lines[stop].removeprefix("::stop-commands::")
    inside = lines[stop + 1 : lines.index(f"::{mark}::")]
    assert any("Plan:" in line for line in inside)
    assert not any(line.startswith("::error") for line in lines[lines.index(f"::{mark}::") :])


def test_inputs_are_never_read_by_a_shell(work: Workplace, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    evil = f"$(touch {canary});`touch {canary}`\";touch {canary};'"
    work.run("plan", project=evil, select=evil, as_of=evil, comment="none")
    done = work.run("plan", **{**DAY, "environment": evil})
    assert done.code == 64
    assert not canary.exists()


def test_outputs_cannot_be_forged_by_what_is_written_into_them(work: Workplace) -> None:
    name = work.folder / "a\nchanges=evil"
    done = work.run("plan", **{**DAY, "project": str(name)})
    assert done.outputs["changes"] == "false"


def test_nothing_to_say_is_not_said(work: Workplace, hub: GitHub) -> None:
    work.event_name, work.event = "push", {"repository": {"full_name": "acme/shop"}}
    assert work.run("apply", project="shop", as_of="2026-11-22").code == 0
    work.event_name, work.event = "pull_request", pull_request()
    assert work.run("plan", **DAY).outputs["comment"] == "skipped"
    assert not hub.comments
    assert work.run("plan", **DAY, only_changes="false").outputs["comment"] == "created"


def test_a_run_after_a_forks_finds_the_pull_request_by_its_head(work: Workplace, hub: GitHub) -> None:
    work.event, work.event_name = workflow_run(), "workflow_run"
    heads = [(5, "other:patch-1", "f00"), (6, "mallory:patch-1", "bad"), (7, "mallory:patch-1", "f00")]
    hub.pulls = []
    for number, label, sha in heads:
        hub.describe("", "mallory", number=number, head={"label": label, "sha": sha})
    done = work.run("plan", **DAY)
    assert done.outputs["comment"] == "created", done.log
    assert hub.comments[0]["issue"] == 7
    assert done.outputs["plan-file"] == "", "the head is a fork's"
    work.event = workflow_run("gone")
    assert work.run("plan", **DAY).outputs["comment"] == "skipped"


def test_without_a_pull_request_there_is_no_comment(work: Workplace, hub: GitHub) -> None:
    work.event, work.event_name = {"repository": {"full_name": "acme/shop"}}, "push"
    assert work.run("plan", **DAY).outputs["comment"] == "skipped"
    assert not hub.asked


@pytest.mark.parametrize(
    ("behaviour", "left", "hidden"), [("new", 2, 0), ("hide-and-new", 2, 1), ("delete-and-new", 1, 0)]
)
def test_behaviours(work: Workplace, hub: GitHub, behaviour: str, left: int, hidden: int) -> None:
    work.run("plan", **DAY)
    first = hub.comments[0]["node_id"]
    hub.comment("<!-- segctl:prod -->\nnot ours", by="somebody")
    work.run("plan", **DAY, comment=behaviour)
    assert len([one for one in hub.comments if one["user"]["login"] == BOT]) == left
    assert hub.hidden == [first] * hidden
    assert "not ours" in "".join(hub.bodies())
