"""What a GitHub runner gives to a step, and what it takes from one."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from api import Api

_OURS = ("INPUT_", "ACTIONS_", "GITHUB_TOKEN", "SEGCTL_GITHUB_TOKEN", "GH_TOKEN", "RUNNER_")
_SUMMARY = 1_000_000
_PLAIN = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")


class Wrong(Exception):
    """The action is used wrongly."""


@dataclass(frozen=True)
class Runner:
    """One step's surroundings; inputs come as variables `INPUT_...`, never in the text of a script."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def input(self, name: str, default: str = "") -> str:
        """An input without blanks around it."""
        return self.environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip() or default

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """An input that is one of these; the first by default."""
        found = self.input(name, choices[0])
        if found not in choices:
            raise Wrong(f"`{name}: {found}` is not one of {', '.join(choices)}")
        return found

    def lines(self, name: str) -> list[str]:
        """An input with one value a line."""
        return [line.strip() for line in self.input(name).splitlines() if line.strip()]

    @property
    def marker(self) -> str:
        """The hidden line that says which environment a comment or an issue is of."""
        return f"<!-- segctl:{self.environment} -->"

    @cached_property
    def environment(self) -> str:
        """The name of the environment: letters, digits, `-`, `_` and `.`."""
        name = self.input("environment", "default")
        if not all(letter.isalnum() or letter in "-_." for letter in name) or "--" in name or not name.isascii():
            raise Wrong(f"`environment: {name}`: use letters, digits, `-`, `_` and `.`")
        return name

    @cached_property
    def event(self) -> dict[str, Any]:
        """What set the workflow off."""
        path = self.environ.get("GITHUB_EVENT_PATH", "")
        found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
        return found

    @property
    def is_from_fork(self) -> bool:
        """Whether what was checked out is of somebody who cannot write to this repository."""
        if self.environ.get("GITHUB_EVENT_NAME") == "pull_request_target":
            raise Wrong(
                "`pull_request_target` gives a fork's code this repository's secrets: use `pull_request`, and a "
                "second workflow on `workflow_run` for the comment"
            )
        pull, run = self.event.get("pull_request"), self.event.get("workflow_run")
        if pull:
            return _name(pull.get("head", {}).get("repo")) != _name(pull.get("base", {}).get("repo"))
        if run:
            return _name(run.get("head_repository")) != _name(self.event.get("repository"))
        return False

    @property
    def folder(self) -> Path:
        """Where the results are kept for other steps."""
        folder = Path(self.environ.get("RUNNER_TEMP", "/tmp")) / "segctl" / self.environment  # noqa: S108 runners set it
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def run_url(self) -> str:
        """The page of this run."""
        server, repository = self.environ.get("GITHUB_SERVER_URL", ""), self.environ.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{self.environ.get('GITHUB_RUN_ID', '')}"

    @property
    def repository(self) -> str:
        """`owner/name`."""
        return self.environ.get("GITHUB_REPOSITORY", "")

    def api(self) -> Api:
        """The API with the token that the step was given."""
        pause = float(self.environ.get("SEGCTL_ACTION_PAUSE", "1"))
        return Api(self.environ.get("GITHUB_API_URL", "https://api.github.com"), self.input("github-token"), pause)

    def output(self, **values: str) -> None:
        """Set outputs; a value of several lines stands between marks that nobody can guess."""
        with Path(self.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
            for name, value in values.items():
                mark = secrets.token_hex(16)
                file.write(f"{name.replace('_', '-')}<<{mark}\n{value}\n{mark}\n")

    def summary(self, text: str) -> None:
        """Add to the page of the run; a step's summary may have 1 MiB."""
        with Path(self.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
            file.write(text.encode()[:_SUMMARY].decode("utf-8", "ignore"))
            file.write("\n")

    def segctl(self, *arguments: str, trusted: bool = True) -> subprocess.CompletedProcess[str]:
        """Run segctl without the step's token; over definitions that are not trusted without any other variable too."""
        command = [self.input("segctl", "segctl"), "-C", self.input("project", "."), *arguments]
        kept = {
            name: value
            for name, value in self.environ.items()
            if (trusted and not name.startswith(_OURS)) or name in _PLAIN
        }
        return subprocess.run(command, env=kept, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 arguments are no shell's

    def show(self, *texts: str) -> None:
        """Write to the log what is not ours: a line of it that looks like a command to the runner is none."""
        mark = secrets.token_hex(16)
        print(f"::stop-commands::{mark}")
        for text in texts:
            print(text)
        print(f"::{mark}::", flush=True)


def say(level: str, text: str) -> None:
    """An annotation: `notice`, `warning` or `error`."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::{level}::{escaped}", flush=True)


def wrong(error: Exception) -> int:
    """Say what is wrong with the use of the action; the exit code for it."""
    say("error", str(error))
    return 64


def arguments() -> Sequence[str]:
    """The arguments of the script."""
    return sys.argv[1:]


def _name(repository: Any) -> str:
    """The full name; a fork that was removed has none, and is no repository of ours."""
    return str(repository.get("full_name")) if isinstance(repository, dict) else ""
