"""Runs the steps of an action as a runner does: their shell, their variables, the files they write to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.actions.github import REPOSITORY, TOKEN

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = ROOT / ".github" / "actions"


def action(name: str) -> dict[str, Any]:
    """The parsed `action.yml`."""
    found: dict[str, Any] = yaml.safe_load((ACTIONS / name / "action.yml").read_text(encoding="utf-8"))
    return found


@dataclass
class Ran:
    """What came of a run: the exit code, the log, the outputs of the action, the summary."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass
class Workplace:
    """A runner's folders, and an API."""

    folder: Path
    api: str
    event: dict[str, Any] = field(default_factory=lambda: pull_request())  # noqa: PLW0108 defined below
    event_name: str = "pull_request"
    environ: dict[str, str] = field(default_factory=dict)
    sha: str = "c0ffee" + "0" * 34
    ref: str = ""

    def check_out(self, sha: str) -> None:
        """Let the runner's folder look as after a checkout of this commit, which need not be there."""
        git = self.folder / ".git"
        for folder in (git / "objects", git / "refs"):
            folder.mkdir(parents=True, exist_ok=True)
        (git / "HEAD").write_text(f"{sha}\n")

    def run(self, name: str, **inputs: str) -> Ran:
        """Run an action's steps that are shell; those that use other actions are left out."""
        definition = action(name)
        given = {key.replace("_", "-"): value for key, value in inputs.items()}
        unknown = given.keys() - definition["inputs"].keys()
        assert not unknown, unknown
        values = {key: given.get(key, one.get("default", "")) for key, one in definition["inputs"].items()}
        context: dict[str, Any] = {"inputs": values, "steps": {}, "github": {"token": TOKEN}}
        context["inputs"] = {key: _filled(value, context) for key, value in values.items()}
        code, log = 0, ""
        for step in definition["runs"]["steps"]:
            if "run" not in step or (step.get("if") == "inputs.install == 'true'"):
                continue
            code, said, outputs = self._step(name, step, context)
            log += said
            context["steps"][step.get("id", "")] = {"outputs": outputs}
            if code:
                break
        outputs = {key: _filled(one["value"], context) for key, one in definition.get("outputs", {}).items()}
        return Ran(code, log, outputs, (self.folder / "summary").read_text())

    def _step(self, name: str, step: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[int, str, dict[str, str]]:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "temp").mkdir(exist_ok=True)
        (self.folder / "event.json").write_text(json.dumps(self.event))
        for file in ("output", "summary"):
            (self.folder / file).touch()
        (self.folder / "output").write_text("")
        environ = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ACTIONS / name),
            "GITHUB_API_URL": self.api,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "99",
            "GITHUB_SHA": self.sha,
            "GITHUB_REF": self.ref or ("refs/pull/7/merge" if self.event_name == "pull_request" else "refs/heads/main"),
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "SEGCTL_ACTION_PAUSE": "0.001",
            **self.environ,
            **{key: _filled(str(value), context) for key, value in step.get("env", {}).items()},
        }
        assert "${{" not in step["run"], "inputs come through variables, never in the text of a script"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], env=environ, check=False,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr, _outputs((self.folder / "output").read_text())


def _filled(text: str, context: Mapping[str, Any]) -> str:
    """`${{ inputs.x }}` and `${{ steps.x.outputs.y }}`."""

    def value(found: re.Match[str]) -> str:
        here: Any = context
        for part in found[1].split("."):
            here = here.get(part, {}) if isinstance(here, Mapping) else {}
        return here if isinstance(here, str) else ""

    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", value, text)


def _outputs(text: str) -> dict[str, str]:
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, mark = line.split("<<", 1)
        value = []
        for inner in lines:
            if inner == mark:
                break
            value.append(inner)
        found[name] = "\n".join(value)
    return found


def pull_request(*, fork: bool = False, number: int = 7) -> dict[str, Any]:
    """The event of a pull request."""
    head = {"full_name": "mallory/shop" if fork else REPOSITORY}
    return {
        "pull_request": {
            "number": number,
            "head": {"repo": head, "sha": "f00"},
            "base": {"repo": {"full_name": REPOSITORY}},
        },
        "repository": {"full_name": REPOSITORY},
    }


def workflow_run(sha: str = "f00") -> dict[str, Any]:
    """The event of a workflow that ran for a fork."""
    head = {"full_name": "mallory/shop", "owner": {"login": "mallory"}}
    run = {"head_repository": head, "head_branch": "patch-1", "head_sha": sha, "pull_requests": []}
    return {"workflow_run": run, "repository": {"full_name": REPOSITORY}}
