"""Two processes on one index: one writes at a time, and nothing is removed that a reader may still map."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def writing(folder: Path) -> Iterator[int]:
    """Hold the index's lock; waits for another writer. It ends with the process, however that ends.

    Yields the time at which it was taken, by the clock of the filesystem, in nanoseconds.
    """
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.utime(file)
        yield os.fstat(file).st_mtime_ns
    finally:
        os.close(file)


class Reading:
    """Says, as long as it lives, that files of the index are read."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "readers", os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)


@contextmanager
def nobody_reading(folder: Path) -> Iterator[bool]:
    """Whether nobody reads; nobody begins to while the block runs."""
    file = os.open(folder / "readers", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(file)
