"""The index and ids: whether its files hold some, and its removal. It is made anew from the data files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from segctl.diagnostics import SegctlError
from segctl.index.files import ENDING, IndexDamage, open_batches
from segctl.index.lock import writing
from segctl.progress import Progress
from segctl.sources.sought import SoughtIds

_QUOTED = re.compile(r'"([^"]*)"')
_KEPT = ("lock", "readers")
"""Empty files that keep processes apart."""


def remove_index(folder: Path) -> bool:
    """Delete everything of the index in a folder; False if there is none.

    It waits for one who writes it. One who reads it keeps what is mapped already.

    Raises:
        SegctlError: it cannot be deleted.
    """
    if not folder.is_dir():
        return False
    try:
        with writing(folder):
            paths = [path for path in folder.iterdir() if path.name not in _KEPT]
            for path in paths:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
    except OSError as cause:
        place = cause.filename or folder
        raise SegctlError(
            f"cannot delete the index: {cause.strerror or cause}: {place}",
            hint=f"delete the folder `{folder}`, then run the command again",
        ) from cause
    return bool(paths)


def index_files_with(folder: Path, sought: SoughtIds, progress: Progress) -> tuple[Path, ...]:
    """The files of an index that hold one of the ids, as an id or as a value."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in _KEPT)
    progress.start("searching the index", len(paths))
    try:
        return tuple(_holding(paths, sought, progress))
    finally:
        progress.finish()


def _holding(paths: list[Path], sought: SoughtIds, progress: Progress) -> Iterator[Path]:
    for path in paths:
        if _holds(path, sought):
            yield path
        progress.advance()


def _holds(path: Path, sought: SoughtIds) -> bool:
    try:
        if path.suffix == ".json":
            return any(map(sought.named_in, _QUOTED.findall(path.read_text(encoding="utf-8"))))
        if path.suffix != ENDING:
            return sought.in_bytes(path.read_bytes())
        reader = open_batches(path)
        batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
        return any(_in(column, sought) for batch in batches for column in batch.columns)
    except FileNotFoundError:
        return False
    except (IndexDamage, OSError, ValueError):
        return path.exists() and sought.in_bytes(path.read_bytes())


def _in(column: pa.Array, sought: SoughtIds) -> bool:
    found = sought.within(column.dictionary if pa.types.is_dictionary(column.type) else column)
    return found is not None and bool(found.any())
