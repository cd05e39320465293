"""The rows of a table's files, as they are or as typed columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from segctl.disclosure import shape
from segctl.logic.types import NOTHING, Scalar, Type
from segctl.sources.arrays import all_null
from segctl.sources.convert import convert
from segctl.sources.declared import Table
from segctl.sources.endings import format_of
from segctl.sources.files import File
from segctl.sources.format import Request, Shapes, Unreadable
from segctl.sources.problems import Problems, Wrong


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of a file, from `first` on (counted from 0)."""

    file: str
    first: int
    rows: int
    columns: Mapping[str, pa.Array]

    def head(self, rows: int) -> Batch:
        """The first rows, at most all."""
        kept = min(rows, self.rows)
        return Batch(self.file, self.first, kept, {name: a.slice(0, kept) for name, a in self.columns.items()})

    def tail(self, rows: int) -> Batch:
        """What is left without the first rows."""
        columns = {name: array.slice(rows) for name, array in self.columns.items()}
        return Batch(self.file, self.first + rows, self.rows - rows, columns)


@dataclass(frozen=True)
class Source:
    """A table whose types are settled."""

    table: Table
    types: Mapping[str, Type]
    shapes: Mapping[str, Shapes]

    def raw(self, file: File, request: Request) -> Iterator[Batch]:
        """The asked columns as the file holds them; those it does not have are null.

        Raises:
            Unreadable: the file is damaged, or gone.
        """
        known = format_of(file.name)
        if known is None:
            raise Unreadable("unknown-format", f"{file.name} has an unknown format")
        has = self.shapes[file.name]
        asked = tuple(name for name in request.columns if name in has) or tuple(has)[:1]
        first = request.start
        for read in known.batches(file, Request(asked, request.start, request.coded & set(asked), has)):
            found = {name: read.column(name) for name in asked}
            missing = {n: all_null(read.num_rows, pa.null()) for n in request.columns if n not in has}
            yield Batch(file.name, first, read.num_rows, {**found, **missing})
            first += read.num_rows

    def typed(self, file: File, request: Request, problems: Problems) -> Iterator[Batch]:
        """The asked columns in their types; values that do not fit are problems.

        Raises:
            Unreadable: the file is damaged, or gone.
        """
        for batch in self.raw(file, request):
            columns = {name: self._typed(batch, name, problems) for name in request.columns}
            yield Batch(batch.file, batch.first, batch.rows, columns)

    def _typed(self, batch: Batch, name: str, problems: Problems) -> pa.Array:
        array = batch.columns[name]
        kind = self.types.get(name, NOTHING)
        made = convert(array, kind, self.table.zones.get(name, "UTC"))
        for trouble, rows in made.faults:
            wrong = Wrong.of(batch.file, (rows + batch.first).tolist(), value_at(array, batch.first))
            problems.rows(trouble, (*self.table.place, "path"), name, wrong)
        return made.array

    def rows(self, file: File) -> int:
        """How many rows a file has, if its format knows; else 0. For progress only."""
        known = format_of(file.name)
        return known.rows(file) if known else 0

    def codable(self) -> frozenset[str]:
        """Columns of texts, which may be read dictionary-encoded."""
        return frozenset(name for name, kind in self.types.items() if kind is Scalar.STRING)


def shape_at(array: pa.Array, first: int) -> Callable[[int], object]:
    """As `value_at`, of ids: not the value, but its shape."""
    return lambda row: shape(str(array[row - first].as_py()))


def value_at(array: pa.Array, first: int) -> Callable[[int], object]:
    """Gives the value of a row of the file, from an array that starts at row `first`."""
    return lambda row: array[row - first].as_py()
