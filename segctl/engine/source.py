"""What the engine asks of the data; the index fulfils it, and so do small tables in tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.column import Bits, ColumnData, Ints, Values
from segctl.logic.types import Schema


class Slice(Protocol):
    """Rows of one event name, sorted by time."""

    @property
    def users(self) -> npt.NDArray[np.int32]:
        """The local number of each row's user."""

    @property
    def times(self) -> Ints:
        """The instant of each row, UTC microseconds, ascending."""

    def property(self, path: tuple[str, ...]) -> ColumnData:
        """A property, one value per row."""

    def millionths(self, path: tuple[str, ...]) -> tuple[Ints, Bits | None]:
        """A number in whole millionths (0 where missing), and where there is one (None is everywhere)."""

    def catalog_rows(self, catalog: str) -> npt.NDArray[np.int32]:
        """The row of the catalogue that each row points to, -1 where to none."""


class Shard(Protocol):
    """Some users, numbered from 0, with all that is known of them."""

    @property
    def size(self) -> int:
        """How many users are numbered here, in the population or not."""

    @property
    def ids(self) -> pa.StringArray:
        """Each user's id."""

    @property
    def hashes(self) -> npt.NDArray[np.uint64]:
        """xxh3_64 of each user's id."""

    @property
    def order(self) -> npt.NDArray[np.integer]:
        """The local numbers of the population's users, in the population's order."""

    def attribute(self, path: tuple[str, ...]) -> ColumnData:
        """An attribute, one value per user."""

    def events(self, name: str) -> Sequence[Slice]:
        """The rows of one event name, in slices that are each sorted by time."""


class Source(Protocol):
    """All shards; one after the other they hold the population in its order."""

    @property
    def as_of_us(self) -> int:
        """The instant at which everything is evaluated; rows at or after it may be there and are not counted."""

    @property
    def schema(self) -> Schema:
        """The types of all columns, and the names of all events."""

    @property
    def shards(self) -> int:
        """How many shards there are."""

    def shard(self, number: int) -> Shard:
        """One of them."""

    def catalog_column(self, catalog: str, path: tuple[str, ...]) -> ColumnData:
        """A column of a catalogue, one value per row of it."""

    def sum_bound(self, name: str, path: tuple[str, ...]) -> int:
        """The sum of the absolute millionths of a property over all rows of one event name."""


__all__ = ["Bits", "ColumnData", "Ints", "Shard", "Slice", "Source", "Values"]
