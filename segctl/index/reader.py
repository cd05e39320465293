"""What the engine reads: shards of dense users, and per event name columns sorted by time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.column import Bits, ColumnData, Ints
from segctl.index.population import Hashes, Population
from segctl.logic.types import Schema
from segctl.progress import Progress

ColumnPath = tuple[str, ...]


@dataclass(frozen=True)
class TableReport:
    """Rows read, rows left out because they have no user id, rows of users outside the population."""

    rows: int
    without_user: int = 0
    outside: int = 0


@dataclass(frozen=True)
class DataReport:
    """What was read, by table: "users", "events[0]", "catalogs.product"."""

    tables: Mapping[str, TableReport]


class Index:
    """The data, brought into columns. `at` gives the view that evaluations read."""

    folder: Path
    schema: Schema
    tables: Mapping[str, str]
    data_digest: str
    report: DataReport
    shards: int

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Open what the last update wrote; cheap, files are mapped when first read."""
        raise NotImplementedError

    def ensure(self, needs: object, progress: Progress) -> None:
        """Index the columns that are needed (`logic.needs.Needs`) and not yet there."""
        raise NotImplementedError

    def at(self, as_of_us: int) -> View:
        """The data as of an instant.

        Where the population is derived from the events, its users are those with an event before
        the instant, and derived attributes are the last or first values seen before it (law 5).
        """
        raise NotImplementedError


class View:
    """The index as of an instant; concatenated, its shards hold the population in its order."""

    index: Index
    as_of_us: int
    schema: Schema
    shards: int

    def population(self) -> Population:
        """The users that can be members at the instant."""
        raise NotImplementedError

    def shard(self, number: int) -> Shard:
        """One shard; light, columns are mapped when first read."""
        raise NotImplementedError

    def catalog_column(self, catalog: str, path: ColumnPath) -> ColumnData:
        """A column of a catalogue, one value per row of it."""
        raise NotImplementedError

    def sum_bound(self, name: str, path: ColumnPath) -> int:
        """The sum of the absolute millionths of a property over all rows of one event name."""
        raise NotImplementedError


class Shard:
    """Users numbered from 0, with all that is known of them."""

    size: int
    present: Bits
    hashes: Hashes
    order: npt.NDArray[np.int32]
    ids: pa.StringArray

    def attribute(self, path: ColumnPath) -> ColumnData:
        """An attribute, one value per user."""
        raise NotImplementedError

    def events(self, name: str) -> Sequence[Slice]:
        """The rows of one event name: one slice per run that has some."""
        raise NotImplementedError


class Slice:
    """Rows of one event name and shard, sorted by time. Rows at or after as_of are in it too."""

    users: npt.NDArray[np.int32]
    times: Ints

    def property(self, path: ColumnPath) -> ColumnData:
        """A property, one value per row; all missing where this table has no such property."""
        raise NotImplementedError

    def millionths(self, path: ColumnPath) -> tuple[Ints, Bits | None]:
        """A number in whole millionths (0 where missing), and where there is one (None is everywhere)."""
        raise NotImplementedError

    def catalog_rows(self, catalog: str) -> npt.NDArray[np.int32]:
        """The row of the catalogue that each row points to, -1 where to none."""
        raise NotImplementedError
