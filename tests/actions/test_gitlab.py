"""GitLab's pipeline of docs/ci.md: its scripts, run as they stand there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.actions.running import ROOT

US, THEM = 5, 6
NOTES = "/projects/1/merge_requests/7/notes"
TOKEN = "glpat-of-nobody"  # noqa: S105 of nobody


@dataclass
class GitLab:
    """The notes of one merge request; pages have two of them."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def note(self, body: str, by: int) -> dict[str, Any]:
        made = {"id": len(self.notes) + 100, "body": body, "author": {"id": by}}
        self.notes.append(made)
        return made


@pytest.fixture
def lab() -> Iterator[GitLab]:
    """A stand-in of GitLab's API, as much of it as the script asks for."""
    state = GitLab()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base's name
            """Silent."""

        def do_GET(self) -> None:
            assert self.headers["PRIVATE-TOKEN"] == TOKEN
            path, _, query = self.path.partition("?")
            body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
            page = int((re.findall(r"\bpage=(\d+)", query) or ["1"])[0])
            more = {"X-Next-Page": str(page + 1)} if len(state.notes) > page * 2 else {}
            if path == "/user":
                self._answer({"id": US})
            elif self.command == "GET" and path == NOTES:
                self._answer(state.notes[page * 2 - 2 : page * 2], more)
            elif self.command == "POST" and path == NOTES:
                self._answer(state.note(body["body"], US))
            else:
                (note,) = (one for one in state.notes if f"{NOTES}/{one['id']}" == path)
                assert self.command == "PUT"
                note["body"] = body["body"]
                self._answer(note)

        do_POST = do_PUT = do_GET  # noqa: N815 the base's names

        def _answer(self, content: Any, headers: dict[str, str] | None = None) -> None:
            data = json.dumps(content).encode()
            self.send_response(200)
            for name, value in {**(headers or {}), "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Runner:
    """A runner of GitLab over the tiny project; `git` and `pip` only write down what they are asked."""

    folder: Path
    pipeline: dict[str, Any]
    url: str

    def run(self, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        job = self.pipeline[name]
        before = self.pipeline[job["extends"]]["before_script"] if "extends" in job else []
        folders = (str(self.folder.parent / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
        environ = {
            "PATH": os.pathsep.join(folders), "HOME": str(self.folder.parent), "PYTHONPATH": str(ROOT),
            "SEGCTL_AS_OF": "2026-11-22", "CI_PROJECT_ID": "1", "CI_API_V4_URL": self.url,
            "CI_MERGE_REQUEST_IID": "7", "SEGCTL_NOTE_TOKEN": TOKEN, **variables,
        }  # fmt: skip
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join([*before, *job["script"]])], cwd=self.folder, env=environ,
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip


@pytest.fixture
def runner(lab: GitLab, tmp_path: Path) -> Runner:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8").split("## GitLab\n")[1]
    shutil.copytree(ROOT / "tests" / "house" / "tiny", tmp_path / "shop")
    (tmp_path / "bin").mkdir()
    for name in ("git", "pip"):
        stub = tmp_path / "bin" / name
        stub.write_text(f'#!/bin/sh\necho {name} "$@" >> "{tmp_path}/asked"\n')
        stub.chmod(0o755)
    return Runner(tmp_path / "shop", yaml.safe_load(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0]), lab.url)


def segment(runner: Runner, guards: str) -> None:
    (runner.folder / "segments" / "adults.yaml").write_text(
        f"kind: segment\nname: adults\nwhere: {{attribute: age, at_least: 18}}\nguards: {{{guards}}}\n"
    )


def test_a_merge_request_with_a_guard_and_its_way_to_the_state(runner: Runner, lab: GitLab, tmp_path: Path) -> None:
    lab.note("talk", THEM)
    lab.note("<!-- segctl:production -->\nfake", THEM)
    segment(runner, "min_members: 9")
    refused = runner.run("plan", CI_MERGE_REQUEST_SOURCE_PROJECT_ID="1")
    assert (refused.returncode, "refused: see the comment" in refused.stderr) == (1, True), refused.stderr
    installed = (tmp_path / "asked").read_text()
    assert "git -C /tmp/segctl checkout --quiet COMMIT\n" in installed
    assert "pip install --quiet --require-hashes -r /tmp/segctl/.ci/requirements.txt\n" in installed
    assert runner.run("note").returncode == 0
    ours = lab.notes[-1]
    assert (len(lab.notes), ours["body"].splitlines()[:2]) == (
        3, ["<!-- segctl:production -->", "### Plan of `tiny_shop`"],
    )  # fmt: skip
    assert "1 guard would refuse this" in ours["body"]

    allowed = runner.run("plan", ALLOW="min_members:adults", REASON="a small shop")
    assert allowed.returncode == 0, allowed.stderr
    assert runner.run("note").returncode == 0
    assert (len(lab.notes), "(allowed)" in ours["body"]) == (3, True), "the one note is brought up to date"
    applied = runner.run("apply")
    assert (applied.returncode, "Published serial 1." in applied.stdout) == (0, True), applied.stderr


def test_a_fork_is_not_trusted_and_a_failure_is_told(runner: Runner, lab: GitLab) -> None:
    segment(runner, "min_member: 9")
    failed = runner.run("plan", CI_MERGE_REQUEST_SOURCE_PROJECT_ID="2")
    assert failed.returncode == 1
    assert not (runner.folder / "plan.segctl").exists()
    assert runner.run("note").returncode == 0
    assert "- `unknown-key` at `segments/adults.yaml:4:10`: unknown key `min_member`" in lab.notes[0]["body"]
    assert runner.pipeline["note"]["rules"][0]["when"] == "always"
    assert runner.pipeline["plan"]["artifacts"]["when"] == "always"
