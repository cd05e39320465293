"""The ways to decide a condition that is not about rows: its cells, with the values at its edges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from segctl.edges.cells import ELEMENT, Cell, Cells, Membership, Spot, Whole, fields, spot
from segctl.edges.places import places
from segctl.edges.plain import Edge
from segctl.edges.stage import Goal, placed, rank_values, shared
from segctl.edges.values import edges
from segctl.logic import bound
from segctl.logic.bound import Column, Node
from segctl.logic.interpret_messages import BUCKETS
from segctl.logic.problem import dotted
from segctl.logic.types import ListOf, Scalar

Seek = Callable[[Iterable[Goal], Cells], Cells | None]
"""Finds cells of an element that reach some goals."""


@dataclass(frozen=True)
class Alternative:
    """One way to decide; `words` say which edge it is."""

    words: str
    cells: Cells


def subject(node: Node) -> str:
    """What a condition is about."""
    match node:
        case bound.ValueTest(column) | bound.ElementTest(Column() as column) | bound.RankTest(Column() as column):
            return dotted(column.path)
        case bound.PlaceTest(lat, lon):
            return dotted(lat.path[:-1]) if lat.path[:-1] == lon.path[:-1] != () else f"{dotted(lat.path)} and lon"
        case bound.Given(_, name):
            return name
        case bound.Share(campaign):
            return f"variant of {campaign}"
        case _:
            return "bucket"


def alternatives(node: Node, as_of_us: int, seek: Seek) -> list[Alternative]:
    """The ways at the edges of a condition; none for one that is not known here."""
    return list(_alternatives(node, as_of_us, seek))


def _alternatives(node: Node, as_of_us: int, seek: Seek) -> Iterator[Alternative]:
    match node:
        case bound.ValueTest(column, test):
            yield from _of(spot(column), edges(test, column.type, as_of_us))
        case bound.Given(kind, name):
            yield from _of(Membership(kind, name), [Edge(f"in {kind}", True), Edge(f"not in {kind}", False)])
        case bound.Bucket():
            yield from _of(Whole.BUCKET, bucket_edges(node))
        case bound.Share():
            yield from _of(shared(node), [Edge("in", True), Edge("not in", False)])
        case bound.PlaceTest():
            yield from _places(node)
        case bound.RankTest(Column() as column):
            won, lost = rank_values(node, column)
            found = [Edge("among the first", won), Edge("among the last", lost), Edge("missing", None)]
            yield from _of(spot(column), found)
        case bound.ElementTest(Column() as column) if isinstance(column.type, ListOf):
            found = [*_elements(node, column.type, as_of_us, seek), Edge("no elements", []), Edge("missing", None)]
            yield from _of(spot(column), found)


def _of(cell: Cell, found: Iterable[Edge]) -> Iterator[Alternative]:
    return (Alternative(edge.words, {cell: edge.value}) for edge in found)


def bucket_edges(leaf: bound.Bucket) -> list[Edge]:
    """The buckets at both ends of a range."""
    found = [Edge(f"{leaf.low} first", leaf.low), Edge(f"{leaf.low - 1} just below", leaf.low - 1)]
    found += [Edge(f"{leaf.high} last", leaf.high), Edge(f"{leaf.high + 1} just above", leaf.high + 1)]
    return [edge for edge in found if isinstance(edge.value, int) and 0 <= edge.value < BUCKETS]


def _places(node: bound.PlaceTest) -> Iterator[Alternative]:
    lat, lon = spot(node.lat), spot(node.lon)
    for words, (north, east) in places(node.test):
        yield Alternative(words, {lat: _degrees(north, node.lat), lon: _degrees(east, node.lon)})
    yield Alternative("missing", {lat: None, lon: None})


def _degrees(value: float, column: Column) -> float:
    return round(value) if column.type is Scalar.INT else value


# --- elements of lists -----------------------------------------------------------------------------------


def _elements(node: bound.ElementTest, kind: ListOf, as_of_us: int, seek: Seek) -> Iterator[Edge]:
    """Lists of one element at each edge of the condition, and one whose elements only together do what one must."""
    for part in placed(node.where):
        for way in alternatives(part.node, as_of_us, seek):
            goals = [*part.around]
            found = seek(goals, way.cells)
            if found is not None:
                words = " ".join(word for word in ("element", subject(part.node), way.words) if word)
                yield Edge(words, [_element(found, kind)])
    whole = seek([(node.where, True)], {})
    if whole is not None:
        yield Edge("one element that does", [_element(whole, kind)])
    halves = [found for goals in _halves(node.where) if (found := seek(goals, {})) is not None]
    if len(halves) > 1:
        yield Edge("two elements that only together do", [_element(half, kind) for half in halves])


def _halves(where: Node) -> list[list[Goal]]:
    """Of several parts the first alone, and the others without it."""
    if not isinstance(where, bound.All):
        return []
    first, *others = where.of
    return [[(first, True), *((one, False) for one in others)], [(first, False), *((one, True) for one in others)]]


def _element(cells: Cells, kind: ListOf) -> object:
    if isinstance(kind.element, Scalar):
        return cells.get(Spot((), ELEMENT))
    return fields(cells, ELEMENT)
