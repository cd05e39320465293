"""The story of a guard in a pipeline: refused on the pull request, allowed in its description, merged, applied, told.

Real git, real segctl, the actions' own steps; GitHub is the stand-in of `tests/actions`.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from segctl.cli.main import main
from tests.actions.github import REPOSITORY, GitHub, github
from tests.actions.running import Ran, Workplace, pull_request

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-11-22"
BUYERS_365 = ["ada", "ben", "cid", "dora", "eve", "finn"]
BUYERS_9 = ["ada", "finn"]


@dataclass(frozen=True)
class Pipeline:
    """A repository, a state beside it, and a CI that makes a new checkout for every run."""

    folder: Path
    hub: GitHub

    def git(self, *arguments: str, at: str = "ada") -> str:
        person = {f"GIT_{role}_{what}": "ada" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder / at, check=True, text=True, stdout=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(self.folder), **person},
        )  # fmt: skip
        return done.stdout.strip()

    def change(self, branch: str, file: str, old: str, new: str) -> None:
        """A commit on a new branch, pushed."""
        self.git("switch", "-q", "-c", branch, "main")
        path = self.folder / "ada" / file
        assert path.read_text().count(old) == 1
        path.write_text(path.read_text().replace(old, new))
        self.git("commit", "-q", "-a", "-m", branch)
        self.git("push", "-q", "origin", branch)

    def merge(self, branch: str) -> list[str]:
        """Merge a branch as the button does; the commits that the push brings."""
        before = self.git("rev-parse", "main")
        self.git("switch", "-q", "main")
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)
        self.git("push", "-q", "origin", "main")
        return self.git("rev-list", "--reverse", f"{before}..main").split()

    def checkout(self, ref: str) -> Workplace:
        """A runner that has just checked out a branch."""
        number = len(list(self.folder.glob("run-*")))
        place = Workplace(self.folder / f"run-{number}", self.hub.url, environ={"SEGCTL_COLOR": "never"})
        self.git("clone", "-q", "-b", ref, str(self.folder / "origin"), str(place.folder), at=".")
        place.sha = self.git("rev-parse", "HEAD", at=place.folder.name)
        return place

    def pulled(self, branch: str) -> Ran:
        """What the check of the pull request does."""
        place = self.checkout(branch)
        event = pull_request()
        event["pull_request"]["head"]["sha"] = place.sha
        place.event = event
        return place.run("plan", project="shop", environment="prod", as_of=DAY)

    def pushed(self, commits: list[str]) -> tuple[Ran, Ran | None]:
        """What the workflow of the default branch does: a plan, and its apply if nothing refuses it."""
        place = self.checkout("main")
        place.event_name = "push"
        place.event = {
            "ref": "refs/heads/main", "after": commits[-1], "commits": [{"id": one} for one in commits],
            "repository": {"full_name": REPOSITORY, "default_branch": "main"},
        }  # fmt: skip
        planned = place.run("plan", project="shop", environment="prod", as_of=DAY, comment="none")
        if planned.code or planned.outputs["exit-code"] != "2":
            return planned, None
        return planned, place.run(
            "apply", project="shop", environment="prod", plan_file=planned.outputs["plan-file"]
        )  # fmt: skip

    def segctl(self, *arguments: str) -> str:
        """A command line in this process: many of them are quicker so."""
        kept = io.BytesIO()
        out = io.TextIOWrapper(kept, encoding="utf-8", write_through=True)
        with contextlib.redirect_stdout(out), contextlib.chdir(self.folder):
            assert main(["-C", "ada/shop", *arguments]) == 0
        return kept.getvalue().decode()


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    with github() as hub:
        made = Pipeline(tmp_path, hub)
        shop = tmp_path / "ada" / "shop"
        shutil.copytree(ROOT / "tests" / "house" / "tiny", shop)
        with (shop / "segments/segctl.yaml").open("a") as file:
            file.write(f"state: {tmp_path / 'state'}\n")
        (shop / "segments/buyers.yaml").write_text(
            "kind: segment\nname: buyers\nwhere: {event: purchase, within: 365d}\nguards: {max_exit: 30%}\n"
        )
        made.git("init", "-q", "--bare", "-b", "main", str(tmp_path / "origin"), at=".")
        made.git("init", "-q", "-b", "main")
        made.git("remote", "add", "origin", str(tmp_path / "origin"))
        made.git("add", ".")
        made.git("commit", "-q", "-m", "Buyers of a year")
        made.git("push", "-q", "origin", "main")
        hub.people = {"ada": "write", "mallory": "read"}
        yield made


def closed(pipeline: Pipeline, commits: list[str], **more: Any) -> None:
    (pull,) = (one for one in pipeline.hub.pulls if one["number"] == more.get("number", 7))
    pull.update(state="closed", merged_at="2026-11-22T10:00:00Z", merge_commit_sha=commits[-1], base={"ref": "main"})


def test_a_guard_on_a_pull_request(pipeline: Pipeline) -> None:
    pipeline.segctl("apply", "--as-of", DAY, "--auto-approve")
    assert pipeline.segctl("members", "buyers").split() == BUYERS_365

    pipeline.change("tidy", "shop/segments/buyers.yaml", "365d", "9d")
    line = refused(pipeline)
    without_permission(pipeline, line)
    allowed(pipeline, line)
    applied(pipeline)
    over(pipeline)


def refused(pipeline: Pipeline) -> str:
    """The check fails, and the comment says on top what to write."""
    pipeline.hub.describe("Tidy up.", "ada")
    done = pipeline.pulled("tidy")
    assert (done.code, done.outputs["refused"], done.outputs["comment"]) == (3, "true", "created"), done.log
    (body,) = pipeline.hub.bodies()
    top, _, rest = body.partition("### Plan of `tiny_shop`")
    assert top.startswith("<!-- segctl:prod -->\n**Refused: an apply of this plan would publish nothing.**")
    assert "segment `buyers` would lose 4 of 6 members" in rest
    found = re.search(r"```text\n(segctl-allow: .*)\n```", top)
    assert found, "the line can be copied as it stands"
    assert found[1] == "segctl-allow: max_exit:buyers because REASON"
    return found[1].replace("REASON", "the sale is over")


def without_permission(pipeline: Pipeline, line: str) -> None:
    """A line of somebody who may only read does not count, not even when somebody who may write ticks a box."""
    pipeline.hub.describe(f"Tidy up.\n{line}\n", "mallory", "ada")
    done = pipeline.pulled("tidy")
    assert (done.code, done.outputs["refused"]) == (3, "true")
    assert "lines are ignored:** pull request 7: `mallory`, author or editor of its" in pipeline.hub.bodies()[0]
    assert "**Allowed:**" not in pipeline.hub.bodies()[0]


def allowed(pipeline: Pipeline, line: str) -> None:
    """A line of somebody who may write counts, and the comment shows it."""
    pipeline.hub.describe(f"Tidy up.\n{line}\n", "ada")
    done = pipeline.pulled("tidy")
    assert (done.code, done.outputs["refused"], done.outputs["comment"]) == (0, "false", "updated"), done.log
    (body,) = pipeline.hub.bodies()
    assert body.startswith("<!-- segctl:prod -->\n### Plan of `tiny_shop`")
    assert "**Allowed:**\n\n- `max_exit:buyers` by `ada`: the sale is over\n" in body
    assert "(allowed)" in body


def applied(pipeline: Pipeline) -> None:
    """Merged; the plan of the default branch takes the line along, its apply needs no flag, the history tells."""
    commits = pipeline.merge("tidy")
    closed(pipeline, commits)
    planned, done = pipeline.pushed(commits)
    assert planned.code == 0, planned.log
    assert done is not None
    assert done.outputs == {"exit-code": "0", "applied": "true"}, done.log
    assert pipeline.segctl("members", "buyers").split() == BUYERS_9
    source = f"https://github.example/{REPOSITORY}/pull/7"
    told = f"max_exit:buyers: the sale is over (allowed by ada, {source})\n"
    assert told in pipeline.segctl("history")
    (override,) = json.loads(pipeline.segctl("history", "--format", "json"))["records"][0]["overrides"]
    assert override == {
        "rule": "max_exit", "name": "buyers", "reason": "the sale is over", "by": "ada", "source": source,
    }  # fmt: skip


def over(pipeline: Pipeline) -> None:
    """What was allowed once is not allowed again: the next one that loses members is refused after its merge."""
    pipeline.change("tidier", "shop/segments/buyers.yaml", "9d", "1d")
    pipeline.hub.describe("Tidier.", "ada", number=8)
    commits = pipeline.merge("tidier")
    closed(pipeline, commits, number=8)
    planned, done = pipeline.pushed(commits)
    assert (planned.code, planned.outputs["refused"], done) == (3, "true", None)
    assert "or merge a pull request with these lines in its description" in planned.summary
