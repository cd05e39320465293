"""Forgets what of an index is damaged, so that the next update makes it anew from the data; the rest stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from segctl.index.check import damaged
from segctl.index.files import IndexDamage
from segctl.index.lock import writing
from segctl.index.manifest import FILE, Manifest, TableRecord, load, save
from segctl.progress import Progress

_BASE = frozenset({"users", "times", "source", "offsets", "rows", "counts", "keys"})
"""The files of a run or table that are no column's: without them the whole folder is read again."""


def forget_damaged(damage: IndexDamage, progress: Progress) -> tuple[Path, ...]:
    """Check the index that a damaged file belongs to, and forget all that is damaged; its paths.

    Raises:
        OSError: the index cannot be written.
    """
    folder = next((parent for parent in damage.path.parents if (parent / FILE).exists()), None)
    if folder is None:
        return ()
    with writing(folder):
        found = {damage.path, *damaged(folder, progress)}
        manifest = load(folder)
        if manifest is None or any(path.parent == folder for path in found):
            (folder / FILE).unlink()
        else:
            _forget_columns(path for path in found if not _is_base(path))
            lost = {path.parent.name for path in found if _is_base(path)}
            if lost:
                save(folder, without_folders(manifest, lost))
        return tuple(sorted(found))


def without_folders(manifest: Manifest, lost: set[str]) -> Manifest:
    """The manifest without these folders of runs and tables, and without the files that they were made of."""
    tables = {key: _without_runs(table, lost) for key, table in manifest.tables.items() if table.folder not in lost}
    return replace(manifest, tables=tables)


def _without_runs(table: TableRecord, lost: set[str]) -> TableRecord:
    runs = tuple(run for run in table.runs if run.folder not in lost)
    files = {piece.file for run in table.runs if run.folder in lost for piece in run.pieces}
    return replace(table, runs=runs, files=tuple(file for file in table.files if file.name not in files))


def _is_base(path: Path) -> bool:
    return path.stem in _BASE


def _forget_columns(paths: Iterable[Path]) -> None:
    """A column is not there without its `.json`; what is made of it goes too."""
    for path in paths:
        stem = path.name.partition(".")[0]
        for made in (f"{stem}.json", f"{stem}.sums.json"):
            (path.parent / made).unlink(missing_ok=True)
        for links in path.parent.glob(f"{stem}.links-*"):
            links.unlink()
