"""The base of events: whose, when, which. Read from the files, gathered into pieces of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segctl.index.column import Ints
from segctl.index.manifest import Piece
from segctl.logic.types import Scalar
from segctl.sources.arrays import Mask, both, is_text, plain, valid_of
from segctl.sources.declared import EventsTable, Reading
from segctl.sources.files import File
from segctl.sources.format import Request
from segctl.sources.ids import ids_of
from segctl.sources.problems import Problems, Trouble, Wrong
from segctl.sources.table import Batch, Source, shape_at, value_at
from segctl.sources.times import instants

BAD_TIME = Trouble(
    "bad-time",
    "{column} is not a time in {rows}",
    "times look like `2026-01-31 09:00:00` or `2026-01-31T09:00:00+01:00`; numbers need a `unit`",
)
NO_TIME = Trouble("missing-time", "{column} has no time in {rows}", "every event needs a time: fix or remove the rows")
NO_NAME = Trouble("missing-name", "{column} has no event name in {rows}", "every event needs a name")
BAD_NAME = Trouble("bad-name", "{column} holds no event names in {rows}", "name a column of texts")


@dataclass(frozen=True)
class Part:
    """Rows of a file that are to be read: all from `first` on, or so many."""

    file: File
    first: int = 0
    rows: int | None = None


@dataclass
class Gathered:
    """Rows that become one run: ids are texts or integers, names None where one name is for all."""

    ids: list[pa.Array] = field(default_factory=list)
    times: list[Ints] = field(default_factory=list)
    names: list[pa.Array] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    rows: int = 0

    def add(self, batch: Base) -> None:
        """Rows that follow."""
        self.ids.append(batch.ids)
        self.times.append(batch.times)
        if batch.names is not None:
            self.names.append(batch.names)
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.file == batch.file and last.first + last.rows == batch.first:
            self.pieces[-1] = Piece(last.file, last.first, last.rows + batch.rows)
        else:
            self.pieces.append(Piece(batch.file, batch.first, batch.rows))
        self.rows += batch.rows


@dataclass(frozen=True, eq=False)
class Base:
    """Some rows of a file."""

    file: str
    first: int
    rows: int
    ids: pa.Array
    times: Ints
    names: pa.Array | None

    def cut(self, rows: int) -> tuple[Base, Base]:
        """The first rows, and the rest."""
        return self._part(0, rows), self._part(rows, self.rows)

    def _part(self, start: int, stop: int) -> Base:
        names = None if self.names is None else self.names.slice(start, stop - start)
        ids = self.ids.slice(start, stop - start)
        return Base(self.file, self.first + start, stop - start, ids, self.times[start:stop], names)


def gather(bases: Iterable[Base], run_rows: int) -> Iterator[Gathered]:
    """Runs of up to `run_rows` rows."""
    gathered = Gathered()
    for base in bases:
        rest = base
        while gathered.rows + rest.rows >= run_rows:
            head, rest = rest.cut(run_rows - gathered.rows)
            gathered.add(head)
            yield gathered
            gathered = Gathered()
        if rest.rows:
            gathered.add(rest)
    if gathered.rows:
        yield gathered


def read_base(source: Source, parts: Iterable[Part], problems: Problems) -> Iterator[Base]:
    """Whose, when and which, of all rows of the parts; what is wrong goes to `problems`.

    Raises:
        Unreadable: a file is damaged, or gone.
    """
    table = source.table
    assert isinstance(table, EventsTable)  # noqa: S101 only events have a base
    columns = tuple(dict.fromkeys(reading.column for reading in table.needed))
    coded = frozenset({table.name.column}) if isinstance(table.name, Reading) else frozenset()
    floats = source.types.get(table.ident.column) is Scalar.FLOAT
    for part in parts:
        left = part.rows
        for batch in source.raw(part.file, Request(columns, part.first, coded & source.codable())):
            if left == 0:
                break
            taken = batch if left is None else batch.head(left)
            left = None if left is None else left - taken.rows
            yield _base(table, taken, problems, floats=floats)


def _base(table: EventsTable, batch: Batch, problems: Problems, *, floats: bool) -> Base:
    array = batch.columns[table.ident.column]
    ids = ids_of(array, table.ident.cast, floats=floats)
    report(problems, ids.trouble, table.ident, batch, ids.wrong)
    users = valid_of(ids.array)  # what is left out for want of a user may lack the rest too
    times = _times(table.time, batch, users, problems)
    names = _names(table.name, batch, users, problems) if isinstance(table.name, Reading) else None
    return Base(batch.file, batch.first, batch.rows, ids.array, times, names)


def _times(reading: Reading, batch: Batch, users: Mask | None, problems: Problems) -> Ints:
    read = instants(batch.columns[reading.column], reading.zone, reading.unit)
    report(problems, BAD_TIME, reading, batch, _kept(read.wrong, users))
    report(problems, NO_TIME, reading, batch, _kept(None if read.valid is None else ~read.valid, users))
    return read.us


def _kept(wrong: Mask | None, users: Mask | None) -> Mask | None:
    """The wrong rows among those that have a user."""
    return None if wrong is None else both(wrong, users)


def _names(reading: Reading, batch: Batch, users: Mask | None, problems: Problems) -> pa.Array:
    array = batch.columns[reading.column]
    if pa.types.is_dictionary(array.type) and is_text(array.type.value_type):
        names = array
    else:
        names = plain(array)
        if pa.types.is_integer(names.type) or pa.types.is_null(names.type):
            names = names.cast(pa.string())
    if not pa.types.is_dictionary(names.type) and not is_text(names.type):
        report(problems, BAD_NAME, reading, batch, np.ones(batch.rows, dtype=np.bool_))
        return pa.nulls(batch.rows, pa.string())
    valid = valid_of(names)
    report(problems, NO_NAME, reading, batch, _kept(None if valid is None else ~valid, users))
    return names


def report(problems: Problems, trouble: Trouble, reading: Reading, batch: Batch, wrong: Mask | None) -> None:
    """Tell of the rows of a batch that are wrong."""
    if wrong is None or not wrong.any():
        return
    rows = (np.flatnonzero(wrong) + batch.first).tolist()
    array = batch.columns[reading.column]
    value = (shape_at if trouble.of_ids else value_at)(array, batch.first)
    problems.rows(trouble, reading.place, reading.column, Wrong.of(batch.file, rows, value))
