"""Event rows of one shard: windows by binary search, filters once for all that ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from segctl.engine.algebra import joined
from segctl.engine.columns import cut, known
from segctl.engine.plan import Name, RowSet, Span
from segctl.engine.predicates import missing, passes, spread
from segctl.engine.source import Bits, ColumnData, Ints, Shard, Slice, Source, Values
from segctl.index.millionths import Millionths, millionths
from segctl.index.physical import take_or_missing
from segctl.logic.bound import All, Any, Column, Everyone, Node, Not, Scope, ValueTest

Numbers = npt.NDArray[np.intp]
Chosen = slice | Numbers
"""Rows of a slice: a range of them, or their numbers in ascending order."""


@dataclass
class Catalogs:
    """Tests on catalogues, made once and used by every shard of a process."""

    source: Source
    _columns: dict[Column, ColumnData] = field(default_factory=dict)
    _millionths: dict[Column, Millionths] = field(default_factory=dict)
    _matching: dict[ValueTest, Bits] = field(default_factory=dict)

    def column(self, column: Column) -> ColumnData:
        """The column, one value per row of the catalogue."""
        if column not in self._columns:
            self._columns[column] = self.source.catalog_column(str(column.catalog), column.path)
        return self._columns[column]

    def millionths(self, column: Column) -> Millionths:
        """The column in whole millionths."""
        if column not in self._millionths:
            data = self.column(column)
            if not isinstance(data, Values):
                raise TypeError("only numbers are summed")
            self._millionths[column] = millionths(data)
        return self._millionths[column]

    def matching(self, test: ValueTest) -> Bits:
        """Which rows of the catalogue pass."""
        if test not in self._matching:
            self._matching[test] = passes(self.column(test.column), test.test)
        return self._matching[test]


@dataclass(eq=False)
class Part:
    """One slice of rows of one event name, with the tests that have been made on it."""

    name: Name
    slice: Slice
    catalogs: Catalogs
    spans: Mapping[tuple[Name, ValueTest], Span]
    _passed: dict[ValueTest, tuple[int, Bits]] = field(default_factory=dict)

    @cached_property
    def users(self) -> Numbers:
        """The users' numbers, in the width in which numpy counts fastest."""
        return self.slice.users.astype(np.intp)

    @cached_property
    def times(self) -> Ints:
        """The instants, ascending."""
        return self.slice.times

    def within(self, span: Span) -> tuple[int, int]:
        """The range of rows in a span."""
        start, stop = np.searchsorted(self.times, [span.start, span.end])
        return int(start), max(int(start), int(stop))

    def values(self, column: Column, chosen: Chosen) -> Values | None:
        """The values of the chosen rows; None where none of this name's rows has any."""
        if column.scope is Scope.CATALOG:
            listed = self.catalogs.column(column)
            rows = self.slice.catalog_rows(str(column.catalog))[chosen]
            found = take_or_missing(listed, column.type, rows)
            return found if isinstance(found, Values) else None
        data = self._property(column)
        if not isinstance(data, Values):
            return None
        valid = None if data.valid is None else data.valid[chosen]
        return Values(data.type, data.values[chosen], valid, data.dictionary)

    def millionths(self, column: Column, chosen: Chosen) -> Ints | None:
        """The chosen rows' numbers in whole millionths, 0 where missing; None where this name has no such property."""
        if column.scope is Scope.CATALOG:
            rows = self.slice.catalog_rows(str(column.catalog))[chosen]
            return np.append(self.catalogs.millionths(column).values, 0).take(rows, mode="wrap")
        if self._property(column) is None:
            return None
        return self.slice.millionths(column.path)[0][chosen]

    def passed(self, where: Node, start: int, stop: int) -> Bits:
        """Which rows of a range pass."""
        match where:
            case ValueTest():
                return self._tested(where, start, stop)
            case Everyone():
                return np.ones(stop - start, dtype=np.bool_)
            case Not(of=child):
                return ~self.passed(child, start, stop)
            case All(of=of) | Any(of=of):
                parts = (self.passed(child, start, stop) for child in of)
                return joined(parts, stop - start, every=isinstance(where, All))
        raise TypeError(f"{type(where).__name__} is no condition on a row")

    def _tested(self, test: ValueTest, start: int, stop: int) -> Bits:
        """A test, made once over all rows for which anybody needs it."""
        if test not in self._passed:
            first, last = self.within(self.spans[self.name, test])
            self._passed[test] = (first, self._test(test, first, last))
        first, bits = self._passed[test]
        return bits[start - first : stop - first]

    def _test(self, test: ValueTest, start: int, stop: int) -> Bits:
        if test.column.scope is Scope.CATALOG:
            rows = self.slice.catalog_rows(str(test.column.catalog))[start:stop]
            return spread(self.catalogs.matching(test), rows) | ((rows < 0) & missing(test.test, len(rows)))
        data = self._property(test.column)
        return missing(test.test, stop - start) if data is None else passes(cut(data, start, stop), test.test)

    def _property(self, column: Column) -> ColumnData | None:
        fields = self.catalogs.source.schema.events.get(self.name, {})
        return self.slice.property(column.path) if known(fields, column.path) else None


@dataclass(frozen=True, eq=False)
class Selection:
    """The rows of a part that pass a row set's filter; `numbers` None is all of them."""

    part: Part
    numbers: Numbers | None

    def within(self, span: Span) -> Chosen:
        """The selected rows in a span."""
        start, stop = self.part.within(span)
        if self.numbers is None:
            return slice(start, stop)
        first, last = np.searchsorted(self.numbers, [start, stop])
        return self.numbers[first:last]


@dataclass(eq=False)
class ShardRows:
    """All event rows of a shard, opened when they are asked for."""

    shard: Shard
    catalogs: Catalogs
    spans: Mapping[tuple[Name, ValueTest], Span]
    _parts: dict[Name, Sequence[Part]] = field(default_factory=dict)

    def parts(self, name: Name) -> Sequence[Part]:
        """The rows of one event name."""
        if name not in self._parts:
            slices = self.shard.events(name)
            self._parts[name] = [Part(name, one, self.catalogs, self.spans) for one in slices]
        return self._parts[name]

    def unseen(self, as_of_us: int) -> int:
        """How many rows of all event names are at or after an instant."""
        parts = [part for name in self.catalogs.source.schema.events for part in self.parts(name)]
        return sum(len(part.times) - int(np.searchsorted(part.times, as_of_us)) for part in parts)

    def select(self, rows: RowSet) -> list[Selection]:
        """The rows of a row set, in each part that has any of its names."""
        parts = [part for name in rows.names for part in self.parts(name)]
        return [_selection(part, rows) for part in parts]


def _selection(part: Part, rows: RowSet) -> Selection:
    if isinstance(rows.where, Everyone):
        return Selection(part, None)
    start, stop = part.within(rows.span)
    numbers = np.flatnonzero(part.passed(rows.where, start, stop))
    numbers += start
    return Selection(part, numbers)
