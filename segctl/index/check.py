"""Whether every byte of an index is as it was written, used or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.index.files import ENDING, is_whole, read_json
from segctl.index.manifest import FILE, folders, load
from segctl.progress import Progress


def damaged(folder: Path, progress: Progress) -> tuple[Path, ...]:
    """The files of the index in a folder that are not what was written; none where there is no index.

    A file that is replaced meanwhile is not damaged.
    """
    if not (folder / FILE).exists():
        return ()
    manifest = load(folder)
    if manifest is None:
        return (folder / FILE,)
    files = [path for name in sorted(folders(manifest)) for path in _files(folder / name)]
    progress.start("checking the index", len(files))
    try:
        return tuple(_wrong(files, progress))
    finally:
        progress.finish()


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*")) if path.is_dir() else [path]


def _wrong(files: list[Path], progress: Progress) -> Iterator[Path]:
    for path in files:
        if not _is_right(path) and path.exists():
            yield path
        progress.advance()


def _is_right(path: Path) -> bool:
    if path.suffix == ENDING:
        return is_whole(path)
    if path.suffix != ".json":
        return True
    try:
        read_json(path)
    except SegctlError:
        return False
    return True
