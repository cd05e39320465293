"""Hostile projects in folders, and segctl run over them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[2]
CANARY = "CANARY"
SECRET = "s3cr3t-of-the-environment"  # noqa: S105 of nobody
PLAIN: Mapping[str, Any] = {
    "segments/segctl.yaml": {"kind": "project", "name": "evil", "users": {"path": "data/users.csv", "id": "id"}},
    "segments/adults.yaml": {"kind": "segment", "name": "adults", "where": {"attribute": "age", "at_least": 18}},
    "data/users.csv": "id,age\nu1,17\nu2,18\nu3,19\n",
}


@dataclass(frozen=True)
class Heard:
    """What came of a run: exit code, what was said, and what Python opened, listed, connected to or started."""

    code: int
    out: str
    err: str
    events: list[tuple[str, str]]

    def outside(self, folder: Path) -> list[tuple[str, str]]:
        """Events about anything in a folder."""
        return [(event, path) for event, path in self.events if str(folder) in os.path.realpath(path)]


@dataclass(frozen=True)
class Place:
    """A project, and beside it a folder with what nobody may read."""

    project: Path
    outside: Path

    @classmethod
    def make(cls, folder: Path, files: Mapping[str, Any]) -> Place:
        """Write the files of a project over those of a plain one."""
        place = cls(folder / "project", folder / "outside")
        place.outside.mkdir()
        (place.outside / "secret.csv").write_text(f"id\n{CANARY}\n")
        (place.outside / "secret.yaml").write_text(f"kind: [{CANARY}\n")
        pq.write_table(pa.table({"id": [CANARY]}), place.outside / "secret.parquet")
        for name, content in {**PLAIN, **files}.items():
            place.write(name, content)
        return place

    def write(self, name: str, content: Any) -> None:
        """A text, a definition as JSON, a `{link: ...}` or a `{pipe: true}`; `{outside}` is that folder."""
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Mapping) and set(content) == {"link"}:
            path.symlink_to(content["link"])
        elif isinstance(content, Mapping) and set(content) == {"pipe"}:
            os.mkfifo(path)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text.replace("{outside}", str(self.outside)))

    def untouched(self) -> dict[str, int]:
        """Every file outside, and when it was changed."""
        return {str(path): path.lstat().st_mtime_ns for path in sorted(self.outside.rglob("*"))}

    def line(self, *arguments: str, before: tuple[str, ...] = ("--untrusted",)) -> list[str]:
        """A command line over the project."""
        return ["-C", str(self.project), *before, *arguments]

    def run(self, *arguments: str, before: tuple[str, ...] = ("--untrusted",), tool: tuple[str, ...] = ()) -> Heard:
        """Run segctl over the project, in a process of its own."""
        return run([self.line(*arguments, before=before)], self.project.parent, tool)[0]


def run(lines: Sequence[Sequence[str]], folder: Path, tool: tuple[str, ...] = ()) -> list[Heard]:
    """Run command lines, one after the other in one process that the hook hears; `folder` is for temporary files."""
    done = subprocess.run(
        [*tool, sys.executable, str(ROOT / "tests" / "untrusted" / "hooked.py")],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SECRET": SECRET, "HOME": str(folder / "home"),
             "AWS_SECRET_ACCESS_KEY": SECRET, "TMPDIR": str(folder)},
        input=json.dumps(list(lines)), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [Heard(one["code"], one["out"], one["err"], [tuple(event) for event in one["events"]]) for one in found]
