"""Tests on the values of one kind of subject: all users of a shard, rows of a slice, rows of a catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from segctl.engine.algebra import joined
from segctl.engine.places import in_place
from segctl.engine.predicates import any_element, missing
from segctl.index.column import Bits, ColumnData, Lists, Values
from segctl.index.physical import rows_of
from segctl.logic.bound import All, Any, Column, ElementTest, Everyone, Node, Not, PlaceTest, Test, ValueTest
from segctl.logic.leaves import Leaf, below

Columns = Callable[[Column], ColumnData | None]
"""The subjects' values in a column; None where they have none."""


class Passes(Protocol):
    """Which rows of a column pass a test."""

    def __call__(self, column: ColumnData, test: Test, /) -> Bits:
        """One boolean per row."""


def leaf(test: Leaf, columns: Columns, size: int, passes: Passes) -> Bits:
    """Which of `size` subjects pass."""
    match test:
        case ValueTest(column=column, test=one):
            data = columns(column)
            return missing(one, size) if data is None else passes(data, one)
        case PlaceTest():
            return _place(test, columns, size)
        case ElementTest(column=Column() as column, where=where):
            base = columns(column)
            if not isinstance(base, Lists):
                return np.zeros(size, dtype=np.bool_)
            return any_of_elements(base, where, passes, lambda inner: columns(below(column, inner)))
    raise TypeError("computed values are tested by their numbers")


def _place(test: PlaceTest, columns: Columns, size: int) -> Bits:
    lat, lon = columns(test.lat), columns(test.lon)
    if not isinstance(lat, Values) or not isinstance(lon, Values):
        return np.zeros(size, dtype=np.bool_)
    return in_place(lat, lon, test.test)


def no_fields(_: Column) -> None:
    """What elements that are single values have below them."""


def any_of_elements(base: Lists, where: Node, passes: Passes, fields: Columns = no_fields) -> Bits:
    """Which lists have an element that passes; `fields` are lists of what the elements have, of the same lengths."""
    count = int(base.offsets[-1] - base.offsets[0])

    def column(inner: Column) -> ColumnData | None:
        data = fields(inner) if inner.path else base
        own = elements_of(data) if isinstance(data, Lists) else None
        return own if own is not None and rows_of(own) == count else None

    found = any_element(base.offsets - base.offsets[0], _elements(where, column, count, passes))
    return found if base.valid is None else found & base.valid


def elements_of(column: Lists) -> ColumnData:
    """The elements of all lists, one after the other."""
    return column.elements.slice(int(column.offsets[0]), int(column.offsets[-1]))


def _elements(where: Node, columns: Columns, count: int, passes: Passes) -> Bits:
    """Which elements pass."""
    match where:
        case ValueTest() | PlaceTest():
            return leaf(where, columns, count, passes)
        case Everyone():
            return np.ones(count, dtype=np.bool_)
        case Not(of=child):
            return ~_elements(child, columns, count, passes)
        case All(of=of) | Any(of=of):
            parts = (_elements(child, columns, count, passes) for child in of)
            return joined(parts, count, every=isinstance(where, All))
    raise TypeError(f"{type(where).__name__} is no condition on an element")
