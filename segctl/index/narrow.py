"""Columns of a run that hold only the rows of those event names that have a value.

In one table of many events most properties belong to few of them; what would be missing anyway is
neither written nor read.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from segctl.index import columns
from segctl.index.column import Bits, ColumnData, Ints, Values
from segctl.index.files import read_array
from segctl.index.physical import take, take_or_missing
from segctl.logic.types import Scalar, Type

Places = tuple[int, ...]
"""Names, by their places among those of the run."""


def write(folder: Path, names: int, stem: str, column: ColumnData, order: Ints) -> None:
    """Write a column of a run of so many names; `order` are the column's rows in the run's order."""
    offsets = read_array(folder / "offsets.arrow")
    there = _there(column) if names else None
    places = None if there is None else _places(there[order], offsets, names)
    rows = order if places is None else order[_rows(offsets, names, places)]
    columns.write(folder, stem, take(column, rows), places)


def whole(folder: Path, names: int, stem: str, kind: Type) -> ColumnData:
    """A column with all rows of its run."""
    column = columns.read(folder, stem, kind)
    places = columns.places(folder, stem)
    if places is None:
        return column
    offsets = read_array(folder / "offsets.arrow")
    rows = np.full(int(offsets[-1]), -1, dtype=np.int64)
    held = _rows(offsets, names, places)
    rows[held] = np.arange(len(held), dtype=np.int64)
    return take_or_missing(column, kind, rows)


def starts(folder: Path, names: int, stem: str) -> Ints:
    """Where each shard and name begins in a column, and the end."""
    offsets = read_array(folder / "offsets.arrow")
    places = columns.places(folder, stem)
    if places is None:
        return offsets
    counts = np.where(_held(len(offsets) - 1, names, places), np.diff(offsets), 0)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])


def _there(column: ColumnData) -> Bits | None:
    """Which rows have a value; None if all have."""
    if isinstance(column, Values) and column.type is Scalar.FLOAT:
        return np.asarray(~np.isnan(column.values))
    if isinstance(column, Values) and column.type is Scalar.STRING:
        return np.asarray(column.values >= 0)
    return column.valid


def _places(there: Bits, offsets: Ints, names: int) -> Places | None:
    """The names that have a value; None if all have."""
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(there)])
    by_name = (before[offsets[1:]] - before[offsets[:-1]]).reshape(-1, names).sum(axis=0)
    found = np.flatnonzero(by_name)
    return None if len(found) == names else tuple(found.tolist())


def _held(groups: int, names: int, places: Places) -> Bits:
    """Which groups, of a shard and a name, are of these names."""
    return np.isin(np.arange(groups) % max(names, 1), places)


def _rows(offsets: Ints, names: int, places: Places) -> Ints:
    """The rows of these names."""
    return np.flatnonzero(np.repeat(_held(len(offsets) - 1, names, places), np.diff(offsets)))
