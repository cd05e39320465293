"""A run's files, mapped when they are first read, and then kept."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.index import columns, narrow
from segctl.index.column import Bits, ColumnData, Ints
from segctl.index.files import read_array
from segctl.index.manifest import Run
from segctl.logic.types import Type


class Columns:
    """The columns of a folder. Threads may share it: what two of them map twice is the same."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._columns: dict[str, ColumnData] = {}

    def column(self, stem: str, kind: Type) -> ColumnData:
        """A column.

        Raises:
            LookupError: it was never indexed.
        """
        if stem not in self._columns:
            if not columns.has(self.path, stem):
                raise LookupError(f"{stem} was not indexed: `Index.ensure` comes first")
            self._columns[stem] = columns.read(self.path, stem, kind)
        return self._columns[stem]


class MappedRun(Columns):
    """The arrays of a run."""

    def __init__(self, folder: Path, run: Run) -> None:
        super().__init__(folder / run.folder)
        self.run = run
        self.names = {name: place for place, name in enumerate(run.names)}
        self._starts: dict[str, list[int]] = {}
        self._millionths: dict[str, tuple[Ints, Bits | None]] = {}
        self._links: dict[str, npt.NDArray[np.int32]] = {}

    @cached_property
    def users(self) -> npt.NDArray[np.int32]:
        """Numbers of users in their shards."""
        return self._array("users")

    @cached_property
    def times(self) -> Ints:
        """UTC microseconds."""
        return self._array("times")

    @cached_property
    def offsets(self) -> list[int]:
        """Where each shard and name begins."""
        found: list[int] = self._array("offsets").tolist()
        return found

    def bounds(self, shard: int, name: str) -> tuple[int, int]:
        """The rows of a shard with a name."""
        place = self.names.get(name)
        if place is None:
            return 0, 0
        group = shard * len(self.names) + place
        return self.offsets[group], self.offsets[group + 1]

    def bounds_in(self, stem: str, shard: int, name: str) -> tuple[int, int] | None:
        """The rows of a shard with a name in a column, and in what is made of it; None if the name has no value."""
        if stem not in self._starts:
            self._starts[stem] = narrow.starts(self.path, len(self.names), stem).tolist()
        start, stop = self.bounds(shard, name)
        group = shard * len(self.names) + self.names[name]
        first, last = self._starts[stem][group], self._starts[stem][group + 1]
        return (first, last) if last - first == stop - start else None

    def millionths(self, stem: str) -> tuple[Ints, Bits | None]:
        """Whole millionths of a column, and which rows have one."""
        if stem not in self._millionths:
            self._millionths[stem] = columns.read_millionths(self.path, stem)
        return self._millionths[stem]

    def sums(self, stem: str) -> dict[str, int]:
        """The absolute sums of a column's millionths, by event name."""
        return columns.read_sums(self.path, stem)

    def links(self, stem: str, keys: str) -> npt.NDArray[np.int32]:
        """The rows of a catalogue that a column points to."""
        name = columns.links_name(stem, keys)
        if name not in self._links:
            self._links[name] = read_array(self.path / name)
        return self._links[name]

    def _array(self, name: str) -> npt.NDArray[Any]:
        return read_array(self.path / f"{name}.arrow")
