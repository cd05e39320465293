"""What some tests need of the machine. Before a run: `python -m tests.house.requirements` says what will be skipped.

Each requirement is also the mark that skips: `@REAL_DATA.mark`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
LAST_RUN = ROOT / ".pytest_cache" / "v" / "segctl" / "whole_run"
"""Seconds that the last whole run took here."""

ROUGHLY = "about 10 minutes on two idle cores"
"""Where no run is known: the processor time of every 25th test, times 25, shared by two cores."""


@dataclass(frozen=True)
class Requirement:
    """What tests need; `lacks` says why they cannot run here, or nothing."""

    tests: str
    lacks: Callable[[], str]

    @property
    def mark(self) -> pytest.MarkDecorator:
        """Skips a test where it cannot run."""
        reason = self.lacks()
        return pytest.mark.skipif(bool(reason), reason=reason)


def _real_data() -> str:
    return "" if DATA.is_dir() else "the real data is absent: ../shared/data"


def _permissions() -> str:
    return "root may read every file" if os.geteuid() == 0 else ""


def _mounts() -> str:
    """Tried in a temporary folder: a container's root may not mount either."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True, capture_output=True)
        except OSError as error:
            return f"nothing can be mounted here: {error}"
        except subprocess.CalledProcessError as error:
            return f"nothing can be mounted here: {error.stderr.decode().strip()}"
        subprocess.run(["umount", folder], check=True)
    return ""


def _traces() -> str:
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(["strace", "-qq", "true"], capture_output=True, check=False)
    return "strace may not trace here" if done.returncode else ""


def _aws() -> str:
    return "" if shutil.which("aws") else "the AWS CLI is not installed"


REAL_DATA = Requirement("audiences of real data (tests/real)", _real_data)
PERMISSIONS = Requirement("files and folders without permission (tests/load/test_project.py)", _permissions)
MOUNTS = Requirement("full disks and read-only folders (tests/apply/test_disk.py)", _mounts)
TRACES = Requirement("what libraries open, by system calls (tests/untrusted/test_corpus.py)", _traces)
AWS_CLI = Requirement("the S3 recipe of docs/ci.md (tests/actions/test_recipes.py)", _aws)
ALL = (REAL_DATA, PERMISSIONS, MOUNTS, TRACES, AWS_CLI)


def notice() -> str:
    """What a whole run will skip, why, and how long it takes."""
    skipped = [(one.tests, reason) for one in ALL if (reason := one.lacks())]
    lines = [f"  {tests}: {reason}" for tests, reason in skipped]
    return "\n".join(
        [f"make test takes {_duration()}.", "Skipped here:" if lines else "Nothing is skipped here.", *lines]
    )


def _duration() -> str:
    try:
        seconds = float(json.loads(LAST_RUN.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ROUGHLY
    return f"about {max(1, round(seconds / 60))} min here, as the last time"


if __name__ == "__main__":
    sys.stdout.write(f"{notice()}\n")
    sys.stdout.flush()
