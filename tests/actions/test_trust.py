"""Whose definitions are trusted: only those of a commit that is on a branch of this repository."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.actions.github import REPOSITORY, GitHub
from tests.actions.running import Workplace, pull_request, workflow_run
from tests.actions.scripts import module, runner

MAIN, OLD, BRANCH, FORK, MERGE = (letter * 40 for letter in "12345")
HERE = {"repository": {"full_name": REPOSITORY, "default_branch": "main"}}


@pytest.fixture
def place(hub: GitHub, tmp_path: Path) -> Workplace:
    """A repository with two branches; a fork's commits can be asked for by its name too."""
    hub.branches = {"main": [OLD, MAIN], "feature/x": [OLD, BRANCH]}
    hub.network = {FORK, MERGE}
    return Workplace(tmp_path / "runner", hub.url)


def ask(place: Workplace, out: str, event: dict[str, Any], name: str, **environ: str) -> str:
    place.check_out(out)
    made = runner(
        place.api, event, place.folder, GITHUB_EVENT_NAME=name, INPUT_PROJECT=str(place.folder / "shop"),
        **{"GITHUB_SHA": MAIN, "GITHUB_REF": "refs/heads/main", **environ},
    )  # fmt: skip
    (place.folder / "shop").mkdir(exist_ok=True)
    return str(module("checkout").distrust(made))


@pytest.mark.parametrize("name", ["push", "schedule", "workflow_dispatch", "repository_dispatch", "issue_comment"])
def test_the_branch_of_the_event_is_trusted_without_asking(place: Workplace, hub: GitHub, name: str) -> None:
    assert ask(place, MAIN, HERE, name) == ""
    assert not hub.asked


@pytest.mark.parametrize("name", ["issue_comment", "workflow_dispatch", "repository_dispatch", "schedule", "push"])
def test_a_forks_head_is_trusted_by_no_event(place: Workplace, name: str) -> None:
    for commit in (FORK, MERGE, "9" * 40):
        assert "is not on a branch of this repository" in ask(place, commit, HERE, name)


def test_what_is_on_a_branch_is_trusted_whatever_the_event(place: Workplace) -> None:
    for commit in (OLD, BRANCH):
        assert ask(place, commit, HERE, "issue_comment") == ""
    assert ask(place, OLD, {"repository": {"full_name": REPOSITORY}}, "workflow_dispatch") == ""


def test_a_tag_is_no_branch(place: Workplace) -> None:
    tagged = {"GITHUB_REF": "refs/tags/v1", "GITHUB_SHA": FORK}
    assert "not on a branch" in ask(place, FORK, HERE, "push", **tagged)
    assert ask(place, OLD, HERE, "push", **tagged | {"GITHUB_SHA": OLD}) == ""


def test_a_pull_request_is_trusted_by_its_head_and_its_merge(place: Workplace) -> None:
    event = pull_request() | HERE
    event["pull_request"]["head"]["sha"] = BRANCH
    pulled = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": MERGE}
    for commit in (BRANCH, MERGE):
        assert ask(place, commit, event, "pull_request", **pulled) == ""
    assert "not on a branch" in ask(place, FORK, event, "pull_request", **pulled)
    fork = pull_request(fork=True) | HERE
    for commit in (MERGE, MAIN):
        assert ask(place, commit, fork, "pull_request", **pulled) == "they come from a fork"


def test_the_run_after_a_run(place: Workplace) -> None:
    assert ask(place, FORK, workflow_run(FORK) | HERE, "workflow_run") == "they come from a fork"
    ours = workflow_run(BRANCH) | HERE
    ours["workflow_run"]["head_repository"]["full_name"] = REPOSITORY
    assert ask(place, BRANCH, ours, "workflow_run") == ""
    assert "not on a branch" in ask(place, FORK, ours, "workflow_run")


def test_always_distrusts_everybody(place: Workplace) -> None:
    assert "always" in ask(place, MAIN, HERE, "push", INPUT_UNTRUSTED="always")


def test_what_cannot_be_told_is_not_trusted(place: Workplace, tmp_path: Path) -> None:
    assert "the check whether commit" in ask(place, OLD, HERE, "push", INPUT_GITHUB_TOKEN="wrong")  # noqa: S106 of nobody
    (place.folder / ".git" / "HEAD").unlink()
    nowhere = runner(place.api, HERE, tmp_path, GITHUB_EVENT_NAME="push", INPUT_PROJECT=str(tmp_path))
    assert "the commit that is checked out is unknown" in module("checkout").distrust(nowhere)


def test_a_bare_repository_inside_a_fork_says_nothing(place: Workplace) -> None:
    """A fork brings a folder that git takes for a repository, at a commit of ours."""
    project = place.folder / "shop"
    for folder in ("objects", "refs/heads"):
        (project / folder).mkdir(parents=True)
    (project / "HEAD").write_text(f"{MAIN}\n")
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project, capture_output=True, text=True, check=False)
    assert said.stdout.strip() == MAIN, "git's own search finds it"
    assert "not on a branch" in ask(place, FORK, HERE, "issue_comment")


def test_a_project_that_is_a_link_is_where_it_leads(place: Workplace, tmp_path: Path) -> None:
    """The checkout around the link is ours, what is planned is not."""
    theirs = Workplace(tmp_path / "theirs", place.api)
    theirs.check_out(FORK)
    (theirs.folder / "shop").mkdir()
    place.check_out(MAIN)
    (place.folder / "shop").symlink_to(theirs.folder / "shop")
    assert "not on a branch" in ask(place, MAIN, HERE, "push")
