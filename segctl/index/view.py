"""The index as of an instant: a population, and its shards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.column import Bits, ColumnData, Ints, Lists, Values
from segctl.index.derived import Seen, derived
from segctl.index.layout import ColumnPath, EventsLayout, derived_path
from segctl.index.mapped import MappedRun
from segctl.index.per_user import starts_of
from segctl.index.physical import join, missing, rows_of
from segctl.index.population import Hashes, Population
from segctl.index.table_columns import wanted_attribute
from segctl.logic.types import ELEMENTS, NOTHING, ListOf, Scalar, Schema, Type, descend, flat

if TYPE_CHECKING:
    from segctl.index.reader import Index


class View:
    """Concatenated, its shards hold the population in its order."""

    def __init__(self, index: Index, as_of_us: int) -> None:
        self.index = index
        self.as_of_us = as_of_us
        self._shards: dict[int, Shard] = {}

    @property
    def schema(self) -> Schema:
        """The types of all columns, and the names of all events."""
        return self.index.schema

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return self.index.shards

    def population(self) -> Population:
        """The users that can be members at the instant."""
        return self._population

    @cached_property
    def _population(self) -> Population:
        shards = [self.shard(number) for number in range(self.shards)]
        ids = [shard.ids.take(pa.array(shard.order)) for shard in shards]
        return Population.ordered(pa.concat_arrays(ids) if ids else pa.array([], pa.string()))

    def shard(self, number: int) -> Shard:
        """One shard; light, columns are mapped when first read."""
        if number not in self._shards:
            self._shards[number] = Shard(self, number)
        return self._shards[number]

    def catalog_column(self, catalog: str, path: ColumnPath) -> ColumnData:
        """A column of a catalogue, one value per row of it."""
        return self.index.catalog_column(catalog, path)

    def sum_bound(self, name: str, path: ColumnPath) -> int:
        """The sum of the absolute millionths of a property over all rows of one event name."""
        return self.index.sum_bound(name, path)


class Shard:
    """Users numbered from 0, with all that is known of them."""

    def __init__(self, view: View, number: int) -> None:
        self._view = view
        self._index = view.index
        self._number = number
        self._attributes: dict[ColumnPath, ColumnData] = {}

    @property
    def size(self) -> int:
        """How many users are numbered here, in the population or not."""
        return self._index.manifest.counts[self._number]

    @cached_property
    def ids(self) -> pa.StringArray:
        """The id of each user."""
        return self._index.known(self._number).column(0)

    @cached_property
    def hashes(self) -> Hashes:
        """xxh3_64 of each user's id."""
        return np.asarray(self._index.known(self._number).column(1).to_numpy())

    @cached_property
    def present(self) -> Bits:
        """Who is in the population."""
        rows = self._index.users_rows
        if rows is not None:
            return np.asarray(rows.shard(self._number, self.size) >= 0)
        return np.asarray(self._index.seen.shard(self._number, self.size) < self._view.as_of_us)

    @cached_property
    def order(self) -> npt.NDArray[np.int32]:
        """The numbers of the population's users, in its order."""
        every = np.asarray(self._index.known(self._number).column(2).to_numpy(), dtype=np.int32)
        return every[self.present[every]]

    def attribute(self, path: ColumnPath) -> ColumnData:
        """An attribute, one value per user; missing for users outside the population."""
        if path not in self._attributes:
            in_table = self._index.users_rows is not None
            self._attributes[path] = self._of_table(path) if in_table else self._derived(path)
        return self._attributes[path]

    def events(self, name: str) -> Sequence[Slice]:
        """The rows of one event name: one slice per run that has some."""
        slices = []
        for table, run in self._index.runs():
            start, stop = run.bounds(self._number, name)
            if start < stop:
                slices.append(Slice(self._index, table, run, (self._number, name)))
        return slices

    def _of_table(self, path: ColumnPath) -> ColumnData:
        rows = self._index.users_rows
        wanted = wanted_attribute(self._index.layout, path)
        if wanted is None or rows is None:
            return missing(NOTHING, self.size)
        folder = self._index.manifest.tables["users"].folder
        starts = starts_of(rows.counts)
        column = self._index.columns(folder).column(wanted.stem, wanted.type)
        own = column.slice(int(starts[self._number]), int(starts[self._number + 1]))
        later = self.size - rows_of(own)
        return join([own, missing(wanted.type, later)], wanted.type) if later else own

    def _derived(self, path: ColumnPath) -> ColumnData:
        layout = self._index.layout
        kind = descend(layout.schema.users, path)
        if not isinstance(kind, Scalar):
            return missing(NOTHING, self.size)
        which, text = layout.declared.derived[path[0]]
        return derived(self._seen(text, kind), kind, self.size, last=which == "last")

    def _seen(self, text: str, kind: Scalar) -> Iterator[Seen]:
        for table, run in self._index.runs():
            path = derived_path(table, text)
            own = table.type_at(path)
            for name in run.names if own is not None and own != NOTHING else ():
                start, stop = run.bounds(self._number, name)
                stop = start + int(np.searchsorted(run.times[start:stop], self._view.as_of_us, side="left"))
                stem = table.stem(path, flat(own or kind))
                held = run.bounds_in(stem, self._number, name)
                values = widened(run.column(stem, flat(own or kind)), kind)
                if isinstance(values, Values) and held is not None and start < stop:
                    seen = values.slice(held[0], held[0] + stop - start)
                    yield Seen(run.users[start:stop], run.times[start:stop], seen)


class Slice:
    """Rows of one event name and shard, sorted by time. Rows at or after as_of are in it too."""

    def __init__(self, index: Index, table: EventsLayout, run: MappedRun, group: tuple[int, str]) -> None:
        self._index = index
        self._table = table
        self._run = run
        self._group = group
        self._start, self._stop = run.bounds(*group)

    @property
    def users(self) -> npt.NDArray[np.int32]:
        """The number of each row's user."""
        return self._run.users[self._start : self._stop]

    @property
    def times(self) -> Ints:
        """The instant of each row, UTC microseconds, ascending."""
        return self._run.times[self._start : self._stop]

    def property(self, path: ColumnPath) -> ColumnData:
        """A property, one value per row, of the type that it has for this event name.

        All are missing where this table has no such property.
        """
        own = self._table.type_at(path)
        wanted = descend(self._index.schema.events[self._group[1]], path)
        kind = flat(wanted) if wanted is not None else NOTHING
        stem = None if own is None or own == NOTHING else self._table.stem(path, flat(own))
        held = self._held(stem)
        if stem is None and ELEMENTS in path:
            return self._without(path, kind)
        if own is None or stem is None or held is None:
            return missing(kind, self._stop - self._start)
        return widened(self._run.column(stem, flat(own)).slice(*held), kind)

    def _without(self, path: ColumnPath, kind: Type) -> ColumnData:
        """What elements of lists do not have in this table: as many missing values as there are elements."""
        above = path[: max(place for place, part in enumerate(path) if part == ELEMENTS)]
        lists = self.property(above)
        if not isinstance(lists, Lists) or not isinstance(kind, ListOf):
            return missing(kind, self._stop - self._start)
        first, last = int(lists.offsets[0]), int(lists.offsets[-1])
        nothing = missing(kind.element, last - first)
        return Lists(kind, lists.offsets - first, nothing, lists.valid)

    def _held(self, stem: str | None) -> tuple[int, int] | None:
        """Where this slice's rows lie in a column; None where all are missing."""
        return None if stem is None else self._run.bounds_in(stem, *self._group)

    def millionths(self, path: ColumnPath) -> tuple[Ints, Bits | None]:
        """A number in whole millionths (0 where missing), and where there is one (None is everywhere)."""
        own = self._table.type_at(path)
        stem = None if own is None or own == NOTHING else self._table.stem(path, flat(own))
        held = self._held(stem)
        if stem is None or held is None:
            rows = self._stop - self._start
            return np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
        values, counted = self._run.millionths(stem)
        return values[slice(*held)], None if counted is None else counted[slice(*held)]

    def catalog_rows(self, catalog: str) -> npt.NDArray[np.int32]:
        """The row of the catalogue that each row points to, -1 where to none."""
        on = self._index.schema.catalogs[catalog].on
        own = self._table.type_at(on)
        stem = None if own is None or own == NOTHING else self._table.stem(on, flat(own))
        held = self._held(stem)
        if stem is None or held is None:
            return np.full(self._stop - self._start, -1, dtype=np.int32)
        keys = self._index.manifest.tables[f"catalogs.{catalog}"].folder
        return self._run.links(stem, keys)[slice(*held)]


def widened(column: ColumnData, kind: Type) -> ColumnData:
    """Integers as floats, dates as times, where another table of the same event has those."""
    if isinstance(column, Lists) and isinstance(kind, ListOf) and column.type != kind:
        return Lists(kind, column.offsets, widened(column.elements, kind.element), column.valid)
    if not isinstance(column, Values) or column.type == kind:
        return column
    if kind is Scalar.FLOAT:
        floats = column.values.astype(np.float64)
        return Values(kind, floats if column.valid is None else np.where(column.valid, floats, np.nan))
    if kind is Scalar.TIME:
        return Values(kind, column.values.astype(np.int64) * 86_400_000_000, column.valid)
    return column
