from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from segctl.cli.main import main
from tests.held import hold_elsewhere
from tests.patience import FOREVER_S

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "house" / "tiny"


@dataclass(frozen=True)
class Outcome:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shop:
    """A tiny project in a folder of its own; ten users, fourteen purchases."""

    folder: Path
    call: Callable[[list[str]], Outcome]

    def write(self, file: str, text: str) -> None:
        """Write a file of the project."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def segment(self, name: str, where: str, more: str = "") -> None:
        """Write a segment; `where` is a condition in flow style."""
        self.write(f"segments/{name}.yaml", f"kind: segment\nname: {name}\nwhere: {where}\n{more}")

    def run(self, *arguments: str) -> Outcome:
        """Run a command line in this process."""
        return self.call(["-C", str(self.folder), *arguments])

    def process(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command line in a process of its own."""
        return process(["-C", str(self.folder), *arguments], environ)

    @contextmanager
    def waiting(self, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
        """A process that waits for a lock that somebody on another machine holds."""
        hold_elsewhere(self.folder / ".segctl")
        with subprocess.Popen(
            [sys.executable, "-m", "segctl", "-C", str(self.folder), *arguments, "--lock-timeout", str(FOREVER_S)],
            env={"PYTHONPATH": str(ROOT), **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as waiting:  # fmt: skip
            assert waiting.stderr is not None
            assert "waiting for the lock" in waiting.stderr.readline()
            yield waiting


def process(arguments: list[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run segctl in a process of its own, with only these variables of the environment."""
    return subprocess.run(
        [sys.executable, "-m", "segctl", *arguments], env={"PYTHONPATH": str(ROOT), **environ},
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], Outcome]:
    """Run a command line in this process; it starts in this repository and ends there again."""
    monkeypatch.chdir(ROOT)
    for name in ("SEGCTL_AS_OF", "SEGCTL_FORMAT", "SEGCTL_COLOR", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(arguments: list[str]) -> Outcome:
        code = main(arguments)
        said = capsys.readouterr()
        monkeypatch.chdir(ROOT)
        return Outcome(code, said.out, said.err)

    return run


@pytest.fixture
def shop(tmp_path: Path, call: Callable[[list[str]], Outcome]) -> Shop:
    """A fresh tiny project, with one segment: `adults`."""
    folder = tmp_path / "shop"
    shutil.copytree(TINY, folder)
    built = Shop(folder, call)
    built.segment("adults", "{attribute: age, at_least: 18}")
    return built
