"""File systems for tests: a small one that fills up, and one that is read-only. Only root may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.requirements import MOUNTS


def _run(*command: str) -> None:
    if reason := MOUNTS.lacks():
        pytest.skip(reason)
    subprocess.run(command, capture_output=True, check=True)


@contextmanager
def small(folder: Path, size: str) -> Iterator[None]:
    """A file system of this size in a folder, for as long as it is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield
    finally:
        _unmount(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that not even root can write to."""
    _run("mount", "--bind", str(folder), str(folder))
    try:
        _run("mount", "-o", "remount,ro,bind", str(folder))
        yield
    finally:
        _unmount(folder)


def _unmount(folder: Path) -> None:
    """Lazily: what is mapped of it, and a process that runs in it, keep it busy."""
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leaving: int) -> Path:
    """A file that leaves so many bytes of the folder's file system."""
    filler = folder / "filler"
    filler.unlink(missing_ok=True)
    space = os.statvfs(folder)
    with filler.open("wb") as file:
        file.write(b"\0" * max(0, space.f_bavail * space.f_frsize - leaving))
    return filler
