"""The story of docs/gitops.md, in a real git repository: two clones, one state, and a CI that applies what was merged.

Plan on two branches, merge one, apply it; the other's plan is refused; plan again, apply; a bad change, a guard
refuses; an override with a reason; the history tells it; rollback; revert; nothing is left to do.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from segctl.cli.main import main
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "house" / "tiny"
DAY = ("--as-of", "2026-11-22")
ADULTS_18 = ["ada", "cid", "dora", "eve", "finn", "gus", "hal", "jon"]
ADULTS_21 = ["ada", "cid", "dora", "finn", "gus", "hal", "jon"]
BUYERS_365 = ["ada", "ben", "cid", "dora", "eve", "finn"]
BUYERS_90 = ["ada", "ben", "cid", "eve", "finn"]
BUYERS_9 = ["ada", "finn"]


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Clone:
    """A working copy of the repository, and who works in it."""

    folder: Path
    who: str

    def git(self, *arguments: str) -> str:
        line = ["git", *arguments]
        return subprocess.run(
            line, cwd=self.folder, env=self._environ, check=True, text=True, stdout=subprocess.PIPE
        ).stdout

    def segctl(self, *arguments: str) -> Said:
        """A command line in this process: many of them are quicker so."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with contextlib.ExitStack() as around:
            around.enter_context(pytest.MonkeyPatch.context()).setattr(os, "environ", self._environ)
            around.enter_context(contextlib.chdir(self.folder))
            around.enter_context(contextlib.redirect_stdout(out))
            around.enter_context(contextlib.redirect_stderr(err))
            code = main(list(arguments))
        said = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Said(code, *said)

    @property
    def _environ(self) -> dict[str, str]:
        person = {f"GIT_{role}_{what}": self.who for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        return {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(self.folder.parent),
            "GIT_CONFIG_NOSYSTEM": "1", "SEGCTL_WHO": self.who, **person,
        }  # fmt: skip

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    def commit(self, message: str) -> str:
        self.git("commit", "-q", "-a", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def merge(self, branch: str) -> str:
        """Merge a branch into main as a pull request is, and push it."""
        self.git("fetch", "-q", "origin")
        self.git("switch", "-q", "main")
        self.git("reset", "-q", "--hard", "origin/main")
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", f"origin/{branch}")
        self.git("push", "-q", "origin", "main")
        return self.git("rev-parse", "HEAD").strip()

    def members(self, name: str, *more: str) -> list[str]:
        done = self.segctl("members", name, *more)
        assert done.code == 0, done
        return done.out.split()


@dataclass(frozen=True)
class Team:
    """Ada and Bob have a clone each, the CI has one that nobody writes in; the state lies beside them all."""

    ada: Clone
    bob: Clone
    ci: Clone
    state: Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    first = Clone(tmp_path / "ada", "ada")
    shutil.copytree(TINY, first.folder)
    with (first.folder / "segments/segctl.yaml").open("a") as file:
        file.write("state: ../state\n")
    for name, where in (("adults", "{attribute: age, at_least: 18}"), ("buyers", "{event: purchase, within: 365d}")):
        text = f"kind: segment\nname: {name}\nwhere: {where}\nguards: {{max_exit: 30%}}\n"
        (first.folder / f"segments/{name}.yaml").write_text(text)
    (first.folder / ".gitignore").write_text("*.plan\n")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(tmp_path / "origin")], check=True)
    first.git("init", "-q", "-b", "main")
    first.git("add", ".")
    first.commit("Two segments")
    first.git("remote", "add", "origin", str(tmp_path / "origin"))
    first.git("push", "-q", "origin", "main")
    others = {}
    for who in ("bob", "ci"):
        subprocess.run(["git", "clone", "-q", str(tmp_path / "origin"), str(tmp_path / who)], check=True)
        others[who] = Clone(tmp_path / who, who)
    return Team(first, others["bob"], others["ci"], tmp_path / "state")


def serial(clone: Clone) -> int:
    records = json.loads(clone.segctl("history", "--format", "json").out)["records"]
    return records[0]["serial"] if records else 0


def test_the_story(team: Team) -> None:
    assert team.ci.segctl("apply", *DAY, "--auto-approve").code == 0
    assert (team.ci.members("adults"), team.ci.members("buyers")) == (ADULTS_18, BUYERS_365)
    planned = two_branches(team)
    first = the_first_is_applied(team, planned)
    the_other_is_refused(team)
    planned_again(team)
    bad = a_bad_change(team)
    the_history_tells_it(team, first, bad)
    back_again(team, bad)
    the_work_goes_on(team)


def two_branches(team: Team) -> str:
    """Two branches, a plan on each."""
    ada, bob = team.ada, team.bob
    ada.git("switch", "-q", "-c", "recent-buyers")
    ada.edit("segments/buyers.yaml", "365d", "90d")
    ada.commit("Buyers of the last 90 days")
    planned = ada.segctl("plan", *DAY, "--out", "../ada.plan")
    assert (planned.code, "members: 6 → 5  -1 exited" in planned.out) == (0, True)
    ada.git("push", "-q", "origin", "recent-buyers")

    bob.git("switch", "-q", "-c", "of-age-21")
    bob.edit("segments/adults.yaml", "at_least: 18", "at_least: 21")
    bob.commit("Adults are 21")
    assert bob.segctl("plan", *DAY, "--out", "../bob.plan").code == 0
    bob.git("push", "-q", "origin", "of-age-21")
    assert serial(team.ci) == 1
    return planned.out


def the_first_is_applied(team: Team, planned: str) -> str:
    """The first is merged, and applied once."""
    ci = team.ci
    commit = ci.merge("recent-buyers")
    assert ci.segctl("show", "../ada.plan").err == ""
    done = ci.segctl("apply", "../ada.plan")
    assert (done.code, done.out) == (0, planned + "Published serial 2.\n")
    assert (ci.members("adults"), ci.members("buyers")) == (ADULTS_18, BUYERS_90)
    again = ci.segctl("apply", "../ada.plan")
    assert again.code == 4
    assert "`../ada.plan` was applied already, as serial 2 (apply by ci@" in again.err
    return commit


def the_other_is_refused(team: Team) -> None:
    """The other's plan is refused, and says what has moved."""
    bob, ci = team.bob, team.ci
    ci.merge("of-age-21")
    before = sorted((path, path.read_bytes()) for path in (team.state / "records").iterdir())
    refused = ci.segctl("apply", "../bob.plan")
    assert (refused.code, refused.out) == (4, "")
    assert re.search(
        r"  serial: it was made against serial 1, and the state is at serial 2 \(apply by ci@\S+, 20\S+Z\)\n"
        r"  definitions: segment\.buyers has changed\n  hint: `segctl plan --out FILE` plans again",
        refused.err,
    )
    assert before == sorted((path, path.read_bytes()) for path in (team.state / "records").iterdir())
    assert ci.members("adults") == ADULTS_18
    assert "is stale, an apply would refuse it" in bob.segctl("show", "../bob.plan").err


def planned_again(team: Team) -> None:
    """Planned again, by digest this time."""
    ci = team.ci
    again = ci.segctl("plan", *DAY)
    line = re.search(r"Publish exactly this: segctl (?:-C \S+ )?(apply --as-of \S+ --digest \w{12})\n", again.out)
    assert line
    assert ci.segctl(*line[1].split()).code == 0
    assert (ci.members("adults"), ci.members("buyers")) == (ADULTS_21, BUYERS_90)


def a_bad_change(team: Team) -> str:
    """A bad change: a guard refuses, and an override needs a reason."""
    bob, ci = team.bob, team.ci
    bob.git("fetch", "-q", "origin")
    bob.git("switch", "-q", "-c", "tidy", "origin/main")
    bob.edit("segments/buyers.yaml", "90d", "9d")
    bob.commit("Buyers, tidied up")
    bob.git("push", "-q", "origin", "tidy")
    bad = ci.merge("tidy")
    assert "1 guard would refuse this." in ci.segctl("plan", *DAY).out
    no = ci.segctl("apply", *DAY, "--auto-approve")
    assert no.code == 3
    assert "refused: segment `buyers` would lose 3 of 5 members (60.0 %); its limit is 30%" in no.err
    assert (serial(ci), ci.members("buyers")) == (3, BUYERS_90)
    allowed = ("apply", *DAY, "--auto-approve", "--allow", "max_exit:buyers")
    assert ci.segctl(*allowed).code == 64
    assert ci.segctl(*allowed, "--reason", "the sale is over").code == 0
    assert ci.members("buyers") == BUYERS_9
    return bad


def the_history_tells_it(team: Team, first: str, bad: str) -> None:
    """The history tells it."""
    ci = team.ci
    told = ci.segctl("history").out
    assert "serial 4 overrode max_exit:buyers: the sale is over\n" in told
    records = json.loads(ci.segctl("history", "--format", "json").out)["records"]
    assert [record["serial"] for record in records] == [4, 3, 2, 1]
    assert (records[0]["who"], records[0]["commit"], records[2]["commit"]) == ("ci", bad, first)


def back_again(team: Team, bad: str) -> None:
    """Back, and the definitions after it."""
    ci = team.ci
    back = ci.segctl("rollback", "3", "--auto-approve")
    assert back.code == 0
    assert "Published serial 5.\n" in back.out
    assert "1 definition on disk differs from what is applied now" in back.err
    assert (ci.members("adults"), ci.members("buyers")) == (ADULTS_21, BUYERS_90)
    assert ci.members("buyers", "--serial", "4") == BUYERS_9
    ahead = ci.segctl("plan", *DAY, "--detailed-exitcode")
    assert ahead.code == 2
    ci.git("revert", "--no-edit", "-m", "1", bad)
    level = ci.segctl("plan", *DAY, "--detailed-exitcode")
    assert (level.code, "No changes; 2 definitions unchanged." in level.out) == (0, True)
    done = ci.segctl("apply", *DAY, "--auto-approve")
    assert (done.code, "Published" in done.out, serial(ci)) == (0, False, 5)


def the_work_goes_on(team: Team) -> None:
    """And the work goes on."""
    ci = team.ci
    ci.edit("segments/adults.yaml", "at_least: 21", "at_least: 18")
    assert ci.segctl("plan", *DAY, "--out", "../next.plan").code == 0
    assert ci.segctl("apply", "../next.plan").code == 0
    assert (serial(ci), ci.members("adults")) == (6, ADULTS_18)


def at_once(*folders: Path) -> list[Said]:
    """`apply my.plan` in all folders at once."""
    line = [sys.executable, "-m", "segctl", "apply", "my.plan", "--lock-timeout", str(PATIENCE_S)]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(line, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for folder in folders
    ]
    said = [process.communicate(timeout=PATIENCE_S) for process in running]
    done = zip(running, said, strict=True)
    return sorted((Said(process.returncode, *texts) for process, texts in done), key=lambda one: one.code)


def test_one_plan_that_is_applied_twice_at_once(team: Team) -> None:
    assert team.ci.segctl("plan", *DAY, "--out", "my.plan").code == 0
    first, second = at_once(team.ci.folder, team.ci.folder)
    assert (first.code, second.code, serial(team.ci)) == (0, 4, 1)
    assert "`my.plan` was applied already, as serial 1 " in second.err


def test_two_that_apply_their_plans_at_once(team: Team) -> None:
    """Both plans are right against serial 1; one is applied, the other is refused, whoever is first."""
    assert team.ci.segctl("apply", *DAY, "--auto-approve").code == 0
    for clone, file, old, new in (
        (team.ada, "segments/buyers.yaml", "365d", "90d"), (team.bob, "segments/adults.yaml", "18", "21"),
    ):  # fmt: skip
        clone.edit(file, old, new)
        assert clone.segctl("plan", *DAY, "--out", "my.plan").code == 0
    first, second = at_once(team.ada.folder, team.bob.folder)
    assert (first.code, second.code) == (0, 4)
    assert "is stale, and nothing was changed\n  serial: " in second.err
    assert serial(team.ci) == 2
    changed = (team.ci.members("adults") == ADULTS_21) + (team.ci.members("buyers") == BUYERS_90)
    assert changed == 1
