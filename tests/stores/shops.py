"""A small project whose state lies in a folder or on the S3 server, and segctl processes that work on it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from segctl.model.state_place import object_place
from segctl.state.local import LocalStore
from segctl.state.objects import ObjectStore
from segctl.state.state import State
from tests.patience import FOREVER_S
from tests.stores.crowd import Ended

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-01-10T12:00:00Z"


@dataclass(frozen=True)
class Shop:
    """A project of six users and one segment; `state` as in segctl.yaml, `environ` as its processes need it."""

    root: Path
    state: str = ".segctl"
    environ: Mapping[str, str] = field(default_factory=dict)

    def lay_out(self) -> Shop:
        (self.root / "data").mkdir(parents=True)
        users = "\n".join(f"user{n},{n * 10}" for n in range(1, 7))
        (self.root / "data/users.csv").write_text(f"id,age\n{users}\n")
        return self._project(self.root / "data/users.csv")

    def checkout(self, folder: Path) -> Shop:
        """Another copy of the project, over the same data and the same state."""
        state = self.state if "://" in self.state else str(self.root / self.state)
        return Shop(folder, state, self.environ)._project(self.root / "data/users.csv")

    def _project(self, users: Path) -> Shop:
        (self.root / "segments").mkdir(parents=True)
        project = {"kind": "project", "name": "shop", "state": self.state, "users": {"path": str(users), "id": "id"}}
        (self.root / "segments/segctl.yaml").write_text(json.dumps(project))
        self.define(20)
        return self

    def define(self, age: int) -> None:
        """Let the one segment be those of at least this age."""
        segment = {"kind": "segment", "name": "adults", "where": {"attribute": "age", "at_least": age}}
        (self.root / "segments/adults.yaml").write_text(json.dumps(segment))

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """A process of segctl that runs; its environment holds nothing else."""
        own = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        return subprocess.Popen(
            [sys.executable, "-m", "segctl", "-C", str(self.root), *arguments],
            env={"PYTHONPATH": str(ROOT), **own, **self.environ, **environ},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """A process of segctl that has ended."""
        with self.start(*arguments, **environ) as process:
            out, err = process.communicate(timeout=FOREVER_S)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def inside(self, *arguments: str) -> Ended:
        """A command line run in this process, which starts in no time."""
        from segctl.cli.main import main

        out, err, folder = io.StringIO(), io.StringIO(), Path.cwd()
        with mock.patch.dict(os.environ, self.environ), redirect_stdout(out), redirect_stderr(err):
            try:
                code = main(["-C", str(self.root), *arguments])
            finally:
                os.chdir(folder)
        return Ended(code, out.getvalue(), err.getvalue())

    def refresh(self, second: int, *arguments: str) -> Ended:
        """Publish a serial that nobody else publishes, as of this second."""
        return self.inside("refresh", "--as-of", as_of(second), *arguments)

    def opened(self) -> State:
        """The state, as this process sees it."""
        place = object_place(self.state)
        return State(LocalStore(self.root / self.state) if place is None else ObjectStore(place, self.environ))


def as_of(second: int) -> str:
    """An instant of the day."""
    return f"2026-01-10T{12 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def chain(state: State) -> list[int]:
    """The instants of all serials in seconds behind noon, the first one first, after making sure that all is whole.

    Each record is read by the digest that the one after it holds, each serial exists once, and what
    the records refer to is read by its digest.
    """
    records = list(state.records())[::-1]
    assert [record.serial for record in records] == list(range(1, len(records) + 1))
    names = state.store.list("records")
    assert [f"records/{record.serial:06}.json" for record in records] == list(names[: len(records)])
    assert len(names) <= len(records) + 1  # one more may be left over from a command that did not commit
    for record in records:
        population = state.population(record.population)
        for snapshot in record.snapshots.values():
            assert state.membership(snapshot.membership).members == snapshot.members <= len(population)
    noon_us = 1_768_046_400_000_000
    return [(record.as_of_us - noon_us) // 1_000_000 for record in records]
