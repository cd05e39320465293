"""Who does something to the state, and from where."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.state import process


@dataclass(frozen=True, slots=True)
class Origin:
    """A person or a job, its process, the commit of the definitions (None outside of git), the URL of a CI's run."""

    who: str
    host: str
    pid: int
    realm: str = ""
    started: str = ""
    commit: str | None = None
    run: str | None = None


HARMLESS = (
    "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    "-c", "safe.bareRepository=explicit", "-c", "protocol.allow=never",
)  # fmt: skip
"""With these git runs no program of a repository's settings, finds no repository inside another, fetches nothing."""


def here(folder: Path, environ: Mapping[str, str]) -> Origin:
    """This process, run by its user, with the commit that `folder` is at; asked once, at the edge."""
    pid = os.getpid()
    return Origin(
        who=environ.get("SEGCTL_WHO") or _user(),
        host=socket.gethostname(),
        pid=pid,
        realm=process.realm(),
        started=process.started(pid),
        commit=_commit(folder),
        run=_run(environ),
    )


def _run(environ: Mapping[str, str]) -> str | None:
    """The URL of this run of a CI: GitHub's and GitLab's say it, `SEGCTL_RUN_URL` says it of any other."""
    github = (environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY"), environ.get("GITHUB_RUN_ID"))
    if environ.get("SEGCTL_RUN_URL"):
        return environ["SEGCTL_RUN_URL"]
    if all(github):
        return "{}/{}/actions/runs/{}".format(*github)
    return environ.get("CI_JOB_URL") or None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user number without a name
        return "unknown"


def _commit(folder: Path) -> str | None:
    """The commit, with `+` behind it where the folder holds what is not committed."""
    head = _git(folder, "rev-parse", "HEAD")
    if not head:
        return None
    return head + ("+" if _git(folder, "status", "--porcelain", "--", ".") else "")


def _git(folder: Path, *arguments: str) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 fixed arguments, no shell
            ["git", *HARMLESS, "-C", str(folder), *arguments],  # noqa: S607 the user's own git
            capture_output=True, text=True, check=False, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
