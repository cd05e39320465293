"""Which commit is checked out, and whether it is one of this repository's branches."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from api import Api, ApiError
from runner import Runner

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH = "refs/heads/"
_TIMEOUT = 30


def distrust(runner: Runner) -> str:
    """Why the definitions that are checked out are not trusted; empty if they are.

    Trusted is only a commit that is reachable from a branch of this repository: whoever put it there may write to
    it. What cannot be told is not trusted.
    """
    if runner.choice("untrusted", ("auto", "always")) == "always":
        return "`untrusted: always` is set"
    if runner.is_from_fork:
        return "they come from a fork"
    return unreachable(runner, of_the_event(runner))


def unreachable(runner: Runner, known: Collection[str] = ()) -> str:
    """Why the commit that is checked out is not known to be on a branch of this repository; empty if it is.

    `known` are commits that are known to be.
    """
    commit = head(Path(runner.input("project", ".")))
    if commit is None:
        return "the commit that is checked out is unknown"
    if commit in known:
        return ""
    try:
        found = _is_reachable(runner.api(), runner, commit)
    except ApiError as error:
        return f"the check whether commit {commit[:12]} is on a branch of this repository failed ({error})"
    return "" if found else f"commit {commit[:12]} is not on a branch of this repository"


def head(project: Path) -> str | None:
    """The commit that is checked out around a folder.

    The repository is found by its `.git`, which no commit can hold: git's own search would take a folder that looks
    like a bare repository, and a fork can bring one.
    """
    folder = project.resolve()
    git = next((above / ".git" for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    if git is None:
        return None
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    try:
        said = subprocess.run(  # noqa: S603 fixed arguments, no shell
            ["git", f"--git-dir={git}", "rev-parse", "--verify", "HEAD"],  # noqa: S607 the runner's git
            env=plain, capture_output=True, text=True, check=False, timeout=_TIMEOUT, stdin=subprocess.DEVNULL,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return said if _SHA.fullmatch(said) else None


def of_the_event(runner: Runner) -> set[str]:
    """The commits that GitHub itself says are on a branch of this repository."""
    sha, ref = runner.environ.get("GITHUB_SHA", ""), runner.environ.get("GITHUB_REF", "")
    pull, run = runner.event.get("pull_request"), runner.event.get("workflow_run")
    if pull:
        return {sha, str(pull["head"].get("sha", ""))} - {""}  # the head, and its merge with the base
    if run:
        return {str(run.get("head_sha", ""))} - {""}
    return {sha} - {""} if ref.startswith(_BRANCH) else set()


def _is_reachable(api: Api, runner: Runner, commit: str) -> bool:
    """Whether a commit is in the default branch's history, or is the head of another branch.

    Commits of forks can be asked for by their base's name, so that one that is found says nothing.
    """
    here = f"/repos/{runner.repository}"
    repository: Any = runner.event.get("repository") or {}
    branch = repository.get("default_branch") or api.call("GET", here)["default_branch"]
    try:
        compared = api.call("GET", f"{here}/compare/{quote(str(branch), safe='')}...{commit}")
    except ApiError as error:
        if error.status != 404:  # noqa: PLR2004 nothing in common, or no such commit
            raise
        compared = {}
    if compared.get("status") in {"identical", "behind"}:
        return True
    return any(api.pages(f"{here}/commits/{commit}/branches-where-head"))
