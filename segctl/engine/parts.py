"""A slice of event rows, with what has been found out about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from segctl.engine.algebra import joined
from segctl.engine.columns import cut
from segctl.engine.leaves import leaf
from segctl.engine.plan import Name, Plan, Span
from segctl.engine.predicates import spread
from segctl.engine.shared import Shared
from segctl.engine.source import Bits, ColumnData, Ints, Slice, Values
from segctl.logic.bound import (
    All,
    Any,
    Column,
    ElementTest,
    Everyone,
    IsBlank,
    Node,
    Not,
    PlaceTest,
    Scope,
    ValueTest,
)
from segctl.logic.leaves import Leaf, columns_of
from segctl.logic.types import descend

Numbers = npt.NDArray[np.intp]
Chosen = slice | Numbers
"""Rows of a slice: a range of them, or their numbers in ascending order."""


@dataclass(eq=False)
class Part:
    """Rows of one event name, sorted by time; columns are opened and tests made when first asked for."""

    name: Name
    slice: Slice
    shared: Shared
    plan: Plan
    _columns: dict[tuple[str, ...], ColumnData | None] = field(default_factory=dict)
    _links: dict[str, npt.NDArray[np.int32]] = field(default_factory=dict)
    _passed: dict[Leaf, tuple[int, Bits]] = field(default_factory=dict)

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
        start, stop = self._places[span.start], self._places[span.end]
        return start, max(start, stop)

    @cached_property
    def _places(self) -> dict[int, int]:
        """Before how many rows each instant lies at which some span starts or ends."""
        instants = self.plan.instants
        return dict(zip(instants, self.times.searchsorted(np.array(instants)).tolist(), strict=True))

    def values(self, column: Column, chosen: Chosen) -> Values | None:
        """The values of the chosen rows; None where this name has no such property, or none of single values."""
        if column.scope is Scope.CATALOG:
            return self.shared.catalog_values(column, self._pointers(column)[chosen])
        data = self._property(column)
        if not isinstance(data, Values):
            return None
        valid = None if data.valid is None else data.valid[chosen]
        return Values(data.type, data.values[chosen], valid, data.dictionary)

    def millionths(self, column: Column, chosen: Chosen) -> Ints | None:
        """The chosen rows' numbers in whole millionths, 0 where missing; None where this name has no such property."""
        if column.scope is Scope.CATALOG:
            return self.shared.summed(column, self._pointers(column)[chosen])
        if self._property(column) is None:
            return None
        return self.slice.millionths(column.path)[0][chosen]

    def passed(self, where: Node, start: int, stop: int) -> Bits:
        """Which rows of a range pass."""
        match where:
            case ValueTest() | PlaceTest() | ElementTest():
                return self._tested(where, start, stop)
            case Everyone():
                return np.ones(stop - start, dtype=np.bool_)
            case Not(of=child):
                return ~self.passed(child, start, stop)
            case All(of=of) | Any(of=of):
                parts = (self.passed(child, start, stop) for child in of)
                return joined(parts, stop - start, every=isinstance(where, All))
        raise TypeError(f"{type(where).__name__} is no condition on a row")

    def _tested(self, test: Leaf, start: int, stop: int) -> Bits:
        """A test, made once over all rows for which anybody needs it."""
        if test not in self._passed:
            first, last = self.within(self.plan.spans[self.name, test])
            self._passed[test] = (first, self._test(test, first, last))
        first, bits = self._passed[test]
        return bits[start - first : stop - first]

    def _test(self, test: Leaf, start: int, stop: int) -> Bits:
        columns = list(columns_of(test))
        if len({column.catalog for column in columns}) == 1 and columns[0].catalog is not None:
            rows = self._pointers(columns[0])[start:stop]
            nothing = isinstance(test, ValueTest) and isinstance(test.test, IsBlank)
            return spread(self.shared.catalog_matching(test), rows) | ((rows < 0) & nothing)
        return leaf(test, lambda column: self._read(column, start, stop), stop - start, self.shared.passes)

    def _read(self, column: Column, start: int, stop: int) -> ColumnData | None:
        if column.scope is Scope.CATALOG:
            return self.shared.catalog_values(column, self._pointers(column)[start:stop])
        data = self._property(column)
        return None if data is None else cut(data, start, stop)

    def _property(self, column: Column) -> ColumnData | None:
        path = column.path
        if path not in self._columns:
            fields = self.shared.source.schema.events.get(self.name, {})
            self._columns[path] = None if descend(fields, path) is None else self.slice.property(path)
        return self._columns[path]

    def _pointers(self, column: Column) -> npt.NDArray[np.int32]:
        """The rows of the catalogue."""
        catalog = str(column.catalog)
        if catalog not in self._links:
            self._links[catalog] = self.slice.catalog_rows(catalog)
        return self._links[catalog]
