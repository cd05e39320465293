"""An index in a temporary folder, where the usual one cannot be written; it lives as long as the command."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from segctl.index.manifest import FILE, folders, load

_MADE: dict[Path, Path] = {}
"""The temporary folder of each usual one."""

_HELD: list[int] = []


def is_writable(folder: Path) -> bool:
    """Whether an index can be written in a folder, which need not be there yet."""
    there = next(above for above in (folder, *folder.parents) if above.exists())
    if not there.is_dir():
        return True  # to make it fails, and says why
    lock = folder / "lock"
    return os.access(there, os.W_OK | os.X_OK) and (not lock.exists() or os.access(lock, os.W_OK))


def temporary(folder: Path) -> tuple[Path, bool]:
    """The temporary folder instead of this one, and whether it is new.

    What the index in `folder` holds is linked, so that only what is new has to be read and written.
    """
    usual = folder.resolve()
    if usual in _MADE:
        return _MADE[usual], False
    made = Path(tempfile.mkdtemp(prefix="segctl-index-"))
    atexit.register(remove_all)
    _MADE[usual] = made
    _hold(usual)
    manifest = load(usual)
    if manifest is not None:
        for name in (*folders(manifest), FILE):
            _link(usual / name, made / name)
    return made, True


def remove_all() -> None:
    """Remove what this process has made."""
    while _MADE:
        shutil.rmtree(_MADE.popitem()[1], ignore_errors=True)
    while _HELD:
        os.close(_HELD.pop())


def _hold(folder: Path) -> None:
    """Let nobody sweep up what is linked, as `lock.Reading`: who cannot write here may still lock to read."""
    with contextlib.suppress(OSError):
        file = os.open(folder / "readers", os.O_RDONLY)
        _HELD.append(file)
        fcntl.flock(file, fcntl.LOCK_SH)


def _link(path: Path, target: Path) -> None:
    if path.is_dir():
        target.mkdir()
        for file in path.iterdir():
            (target / file.name).symlink_to(file)
    elif path.exists():
        target.symlink_to(path)
