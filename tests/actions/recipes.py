"""Runs a workflow of the pages as GitHub does: its jobs, their conditions, steps and outputs.

`run` is done by bash, this repository's own actions by their own steps, other actions by a stand-in of what their
documentation says: checkout, cache, artifacts, credentials.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from tests.actions.github import REPOSITORY, TOKEN
from tests.actions.running import ROOT, Ran, Workplace

Json = dict[str, Any]

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_COMPARED = re.compile(r"(\S+)\s*(==|!=)\s*(\S+)")
_OURS = re.compile(r"(?:OWNER/segctl|\.)/\.github/actions/([\w-]+)(?:@COMMIT)?")


def recipe(title: str, page: Path = ROOT / "docs" / "ci.md") -> Json:
    """The workflow below a heading of a page."""
    text = page.read_text(encoding="utf-8")
    section = re.split(r"^#{2,4} ", text.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    block = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)[0]
    found: Json = yaml.safe_load(block)
    return found


def is_triggered(workflow: Json, event: str, action: str = "", changed: tuple[str, ...] = ()) -> bool:
    """Whether an event sets a workflow off; `changed` are the files that a push or a pull request changes."""
    triggers = next(value for key, value in workflow.items() if str(key) in {"on", "True"})
    if isinstance(triggers, str | list):
        return event in triggers
    if event not in triggers:
        return False
    only = triggers[event] or {}
    if isinstance(only, list):  # of a schedule
        return True
    in_paths = not only.get("paths") or any(fnmatch(file, one) for file in changed for one in only["paths"])
    return in_paths and (not action or action in only.get("types", ("opened", "synchronize", "reopened")))


@dataclass
class Hosted:
    """GitHub's side: what is checked out for which `repository`, caches, artifacts, the credentials that OIDC gives.

    Commands in the folder `before` are found before all others.
    """

    api: str
    folder: Path
    sources: dict[str, tuple[Path, str]]
    caches: dict[str, Path] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    before: Path | None = None
    restored: list[str] = field(default_factory=list)

    def run(self, workflow: Json, event_name: str, event: Json, **inputs: str) -> dict[str, Job]:
        """All jobs whose conditions hold, each on a runner of its own."""
        done: dict[str, Job] = {}
        for name, job in _ordered(workflow["jobs"]):
            needs = {one: done.get(one) for one in _listed(job.get("needs"))}
            context = self._context(event_name, event, inputs)
            context["needs"] = {one: {"outputs": ran.outputs} for one, ran in needs.items() if ran}
            if all(ran and not ran.code for ran in needs.values()) and _holds(job.get("if", ""), context):
                done[name] = self._job(name, job, context, (event_name, event))
        return done

    def _context(self, event_name: str, event: Json, inputs: Mapping[str, str]) -> Json:
        return {
            "github": {
                "event": event, "event_name": event_name, "repository": REPOSITORY, "token": TOKEN,
            },
            "inputs": inputs, "secrets": self.secrets, "steps": {},
        }  # fmt: skip

    def _job(self, name: str, job: Json, context: Json, event: tuple[str, Json]) -> Job:
        number = len(list(self.folder.glob("job-*")))
        place = Workplace(self.folder / f"job-{number}-{name}", self.api, event[1], event[0], dict(self.environ))
        place.folder.mkdir(parents=True)
        ran = Job(place, before=self.before)
        context["github"]["workspace"] = str(place.folder)
        context["runner"] = {"temp": str(place.folder / "temp"), "os": "Linux"}
        saves: list[Callable[[], None]] = []
        for step in job["steps"]:
            if not _holds(step.get("if", ""), context):
                continue
            code, outputs = self._step(step, context, (place, job), ran, saves)
            context["steps"][step.get("id", "")] = {"outputs": outputs}
            if code and not step.get("continue-on-error"):
                ran.code = code
                break
        else:
            for save in saves:
                save()
        ran.outputs = {key: filled(value, context) for key, value in job.get("outputs", {}).items()}
        return ran

    def _step(
        self, step: Json, context: Json, where: tuple[Workplace, Json], ran: Job, saves: list[Callable[[], None]]
    ) -> tuple[int, Mapping[str, str]]:
        place, job = where
        given = {key: filled(str(value), context) for key, value in step.get("with", {}).items()}
        environ = {
            key: filled(str(value), context) for key, value in {**job.get("env", {}), **step.get("env", {})}.items()
        }
        if "run" in step:
            return _bash(step["run"], place, environ, ran), {}
        ours = _OURS.fullmatch(step["uses"])
        if ours:
            return self._ours(ours[1], given, place, ran)
        self._theirs(step["uses"].partition("@")[0], given, place, saves)
        return 0, {}

    def _ours(self, name: str, given: Mapping[str, str], place: Workplace, ran: Job) -> tuple[int, Mapping[str, str]]:
        inputs = {key.replace("-", "_"): value for key, value in given.items()}
        if name != "comment":
            inputs["project"] = str(place.folder / given.get("project", "."))
        done = place.run(name, **inputs)
        ran.actions[name] = done
        ran.log += done.log
        made = place.folder / "temp" / "segctl" / given.get("environment", "default")
        if name == "plan" and made.exists():
            self._keep(f"segctl-plan-{made.name}", made)
        return done.code, done.outputs

    def _keep(self, name: str, folder: Path) -> None:
        kept = self.folder / "artifacts" / name
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(folder, kept)
        self.artifacts[name] = kept

    def _theirs(self, name: str, given: Mapping[str, str], place: Workplace, saves: list[Callable[[], None]]) -> None:
        target = place.folder / given.get("path", ".")
        if name == "actions/checkout":
            assert given["persist-credentials"] == "False"
            source, place_sha = self.sources[given.get("repository", "")]
            shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
            Workplace(target, "").check_out(place_sha)
            place.sha = self.sources[""][1]
        elif name == "actions/cache":
            saves.extend(self._cached(given, place.folder))
        elif name == "actions/download-artifact":
            shutil.copytree(self.artifacts[given["name"]], target)
        elif name == "aws-actions/configure-aws-credentials":
            place.environ |= self.credentials
        else:
            assert name == "actions/setup-python", name

    def _cached(self, given: Mapping[str, str], workspace: Path) -> Iterator[Callable[[], None]]:
        """Restore now; save at the end of the job, under a key that is new."""
        target = workspace / given["path"]
        key = re.sub(r"hashFiles\('([^']*)'\)", lambda found: _hash(workspace, found[1]), given["key"])
        prefixes = (key, *filter(None, given.get("restore-keys", "").splitlines()))
        found = next((one for prefix in prefixes for one in reversed(self.caches) if one.startswith(prefix)), None)
        if found is not None:
            self.restored.append(found)
            shutil.copytree(self.caches[found], target, dirs_exist_ok=True)
        if found == key:
            return

        def save() -> None:
            kept = self.folder / "caches" / key
            shutil.copytree(target, kept)
            self.caches[key] = kept

        yield save


@dataclass
class Job:
    """What came of a job; commands in `before` are found before all others by its steps."""

    place: Workplace
    code: int = 0
    log: str = ""
    before: Path | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    actions: dict[str, Ran] = field(default_factory=dict)


def filled(text: str, context: Mapping[str, Any]) -> str:
    """A text with its expressions; `hashFiles` stays, for it is asked when the files are there."""
    return _EXPRESSION.sub(lambda found: found[1] if "(" in found[1] else str(_value(found[1], context)), text)


def _value(word: str, context: Mapping[str, Any]) -> Any:
    if word.startswith("'"):
        return word.strip("'")
    here: Any = context
    for part in word.split("."):
        here = here.get(part, "") if isinstance(here, Mapping) else ""
    return here


def _holds(condition: str, context: Mapping[str, Any]) -> bool:
    """Comparisons joined by `&&`, or one value."""
    for part in filter(None, condition.split("&&")):
        found = _COMPARED.fullmatch(part.strip())
        if found:
            same = str(_value(found[1], context)) == str(_value(found[3], context))
            if same != (found[2] == "=="):
                return False
        elif not _value(part.strip(), context):
            return False
    return True


def _ordered(jobs: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Jobs after what they need."""
    done: set[str] = set()
    while len(done) < len(jobs):
        for name, job in jobs.items():
            if name not in done and set(_listed(job.get("needs"))) <= done:
                done.add(name)
                yield name, job


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _hash(folder: Path, pattern: str) -> str:
    content = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        if path.is_file():
            content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


def _bash(script: str, place: Workplace, environ: Mapping[str, str], ran: Job) -> int:
    folders = (ran.before, Path(sys.executable).parent, os.environ["PATH"])
    path = os.pathsep.join(str(folder) for folder in folders if folder)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        env={**os.environ, **place.environ, **environ, "PATH": path, "RUNNER_TEMP": str(place.folder / "temp")},
        cwd=place.folder, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    ran.log += done.stdout + done.stderr
    return done.returncode
