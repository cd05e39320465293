"""The pull requests that a run is about: the event's own, that of another workflow's run, those that a push merged."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from typing import Any

from api import Api
from runner import Runner

_BRANCH = "refs/heads/"
_PAGE = 100


def pull_of_run(runner: Runner, api: Api) -> int | None:
    """The open pull request whose head a `workflow_run` was for; its own artifacts could name any other."""
    run = runner.event.get("workflow_run")
    if not run:
        return None
    head = f"{run['head_repository']['owner']['login']}:{run['head_branch']}"
    query = urllib.parse.urlencode({"state": "open", "head": head})
    for pull in api.pages(f"/repos/{runner.repository}/pulls?{query}"):
        if pull["head"]["sha"] == run["head_sha"]:
            return int(pull["number"])
    return None


def pulls_of(runner: Runner, api: Api) -> list[int]:
    """The numbers of all pull requests that this run is about."""
    pull = runner.event.get("pull_request")
    if pull:
        return [int(pull["number"])]
    if runner.event.get("workflow_run"):
        number = pull_of_run(runner, api)
        return [] if number is None else [number]
    if runner.environ.get("GITHUB_EVENT_NAME") == "push":
        return sorted({int(pull["number"]) for pull in _merged(runner, api)})
    return []


def _merged(runner: Runner, api: Api) -> Iterator[dict[str, Any]]:
    """The pull requests that this push has merged: into this branch, as one of the commits that it brought.

    One that an earlier push merged is over: what it allowed then is not allowed again.
    """
    ref, after = str(runner.event.get("ref", "")), str(runner.event.get("after", ""))
    if not ref.startswith(_BRANCH) or not after:
        return
    branch = ref.removeprefix(_BRANCH)
    commits = {after, *(str(one.get("id")) for one in runner.event.get("commits") or ())}
    recent = urllib.parse.urlencode({
        "state": "closed", "base": branch, "sort": "updated", "direction": "desc", "per_page": _PAGE,
    })  # fmt: skip
    here = f"/repos/{runner.repository}"
    for path in (f"{here}/commits/{after}/pulls", f"{here}/pulls?{recent}"):
        for pull in api.call("GET", path):
            merged = pull.get("merged_at") and pull.get("merge_commit_sha") in commits
            if merged and (pull.get("base") or {}).get("ref") == branch:
                yield pull
