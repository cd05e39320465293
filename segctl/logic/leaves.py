"""The columns that a test on values reads, those below the elements of lists too."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.logic.bound import All, Any, Column, ElementTest, Node, Not, PlaceTest, ValueTest
from segctl.logic.types import ELEMENTS, ListOf

Leaf = ValueTest | PlaceTest | ElementTest
"""A condition on values of one subject: a user, a row, or (without `ElementTest`) an element."""


def columns_of(test: Leaf) -> Iterator[Column]:
    """The columns of the subject; of elements the list, and one for each of their fields."""
    match test:
        case ValueTest(column=column):
            yield column
        case PlaceTest(lat=lat, lon=lon):
            yield lat
            yield lon
        case ElementTest(column=Column() as column, where=where):
            yield column
            for inner in _inside(where):
                yield below(column, inner)


def below(column: Column, inner: Column) -> Column:
    """The column of what a list's elements have: lists of the same lengths."""
    if not inner.path:
        return column
    return Column(column.scope, (*column.path, ELEMENTS, *inner.path), ListOf(inner.type), column.catalog)


def _inside(where: Node) -> Iterator[Column]:
    match where:
        case All(of=of) | Any(of=of):
            for part in of:
                yield from _inside(part)
        case Not(of=part):
            yield from _inside(part)
        case ValueTest() | PlaceTest():
            yield from columns_of(where)
