"""The rows at the edges of a measure: exactly the count and one less, a sum just over and just under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from segctl.edges.cells import Cells, Spot, spot
from segctl.edges.measuring import Measuring
from segctl.edges.plain import plain
from segctl.edges.values import MISSING, edges, step
from segctl.logic import times
from segctl.logic.bound import Column, Exactly, Measure, Test
from segctl.logic.measures import INSTANTS
from segctl.logic.nodes import MeasureKind
from segctl.logic.types import Scalar, Type

MOST_ROWS = 400
"""A test of more rows is not for people."""

HOUR_US = times.DAY_US // 24


@dataclass(frozen=True)
class Shape:
    """Rows to be made: the cells of each, whether each lies on a day of its own, or when exactly they lie."""

    words: str
    rows: tuple[Cells, ...]
    each_day: bool = False
    at: tuple[int, ...] | None = None
    same_day: int = 0


def shapes(leaf: Measuring, as_of_us: int) -> list[Shape]:
    """The shapes at the edges of a measure; those with too many rows are left out."""
    column, kind = leaf.measure.column, leaf.measure.kind
    match leaf.test:
        case _ if leaf.beside is not None:
            found = [*_formula(leaf, leaf.beside), *_missing(column)]
        case Exactly() as test if kind in COUNTED:
            found = list(_counts(leaf.measure, test, as_of_us))
        case Exactly() as test:
            found = [*_numbers(kind, test, column), *_missing(column)]
        case test if test is not None and kind in INSTANTS:
            found = [*_instants(leaf.measure, test, as_of_us), *_missing(column)]
        case None:
            found = [Shape("one", ({} if column is None else _some(column, 0),)), *_missing(column)]
        case _:
            found = [*_values(leaf, as_of_us), *_missing(column)]
    return [shape for shape in found if len(shape.rows) <= MOST_ROWS]


COUNTED = frozenset({MeasureKind.COUNT, MeasureKind.DAYS, MeasureKind.DISTINCT, MeasureKind.PERIODS})
"""Measures that take as many rows as they count."""


def _missing(column: Column | None) -> list[Shape]:
    none = Shape("none", ())
    return [none] if column is None else [none, Shape(f"without {column.path[-1]}", ({spot(column): None},))]


def too_many(leaf: Measuring) -> bool:
    """Whether the edges take more rows than a test has."""
    limits = [leaf.test.low, leaf.test.high] if isinstance(leaf.test, Exactly) else []
    return leaf.measure.kind in COUNTED and any(limit is not None and limit > MOST_ROWS for limit in limits)


def variants(leaf: Measuring, shape: Shape, others: Sequence[tuple[Spot, object]]) -> Iterator[Shape]:
    """The same shape with values that other conditions measure, so that its rows can do for them too."""
    own = None if leaf.measure.column is None else spot(leaf.measure.column)
    for cell, value in others:
        if cell != own:
            yield replace(shape, rows=tuple({cell: value, **row} for row in shape.rows))
        elif leaf.measure.kind in _ADDED and len(shape.rows) == _PAIR and isinstance(value, int | float):
            numbers = [row.get(cell) for row in shape.rows]
            total = sum(number for number in numbers if isinstance(number, int | float))
            yield replace(shape, rows=_with_values(cell, [value, _plus(total, -value)]))


_ADDED = frozenset({MeasureKind.SUM, MeasureKind.AVERAGE})
_PAIR = 2


# --- counts ---------------------------------------------------------------------------------------


def _counts(measure: Measure, test: Exactly, as_of_us: int) -> Iterator[Shape]:
    column = measure.column
    for number, words in _whole(test):
        if number > MOST_ROWS:
            continue
        if measure.kind is MeasureKind.PERIODS:
            yield _periods(measure, number, words, as_of_us)
            continue
        yield _counted(measure.kind, number, words, column)
        if number > 1 and measure.kind is not MeasureKind.COUNT:
            yield _repeated(measure.kind, number, column)
    yield from _missing(column)


def _periods(measure: Measure, number: int, words: str, as_of_us: int) -> Shape:
    """So many rows in each of the last periods, in their middle."""
    every, each = measure.every_us or times.DAY_US, measure.each or 1
    middles = (as_of_us - every * period - every // 2 for period in range(number))
    instants = tuple(middle + row for middle in middles for row in range(each))
    return Shape(f"{words} periods", ({},) * len(instants), at=instants)


def _whole(test: Exactly) -> list[tuple[int, str]]:
    """The numbers at the limits and beside them."""
    found: dict[int, str] = {}
    if test.low is not None:
        low = _least(test.low, opened=test.low_open)
        found[low] = f"exactly {low}"
        found.setdefault(low - 1, "one less")
    if test.high is not None:
        high = -_least(-test.high, opened=test.high_open)
        found.setdefault(high, f"exactly {high}")
        found.setdefault(high + 1, "one more")
    return [(number, words) for number, words in (found or {1: "one"}).items() if number > 0]


def _least(limit: Fraction, *, opened: bool) -> int:
    """The least whole number at or above the limit; above it if it is open."""
    whole = -(-limit.numerator // limit.denominator)
    return whole + 1 if opened and whole == limit else whole


def _counted(kind: MeasureKind, number: int, words: str, column: Column | None) -> Shape:
    if kind is MeasureKind.DAYS:
        return Shape(f"{words} {'day' if number == 1 else 'days'}", ({},) * number, each_day=True)
    if kind is MeasureKind.DISTINCT and column is not None:
        return Shape(f"{words} {column.path[-1]}", tuple(_some(column, n) for n in range(number)))
    return Shape(words, ({},) * number)


def _repeated(kind: MeasureKind, number: int, column: Column | None) -> Shape:
    """As many rows, of which two say the same."""
    if kind is MeasureKind.DAYS or column is None:
        return Shape(
            f"{number} on {number - 1} {'day' if number == _PAIR else 'days'}",
            ({},) * number,
            each_day=True,
            same_day=1,
        )
    rows = [_some(column, max(n - 1, 0)) for n in range(number)]
    return Shape(f"{number} with {number - 1} {column.path[-1]}", tuple(rows))


def _some(column: Column, number: int) -> Cells:
    return {spot(column): plain(column.type, number)}


# --- numbers ----------------------------------------------------------------------------------------


def _numbers(kind: MeasureKind, test: Exactly, column: Column | None) -> Iterator[Shape]:
    if column is None:
        return
    name = f"{kind.value} of {column.path[-1]}"
    for total, words in _marks(test, column.type):
        for part, values in _parts(kind, total, column.type):
            yield Shape(f"{name} {_shown(total)}, {words}{part}", _with_values(spot(column), values))


def _formula(leaf: Measuring, beside: Sequence[Column]) -> Iterator[Shape]:
    """One row and two with the value of the formula, whose other parts have values of their own in each."""
    column, test = leaf.measure.column, leaf.test
    marks: list[tuple[object, str]] = [(None, "one")]
    if column is not None and isinstance(test, Exactly) and column.type in {Scalar.INT, Scalar.FLOAT}:
        marks = [(total, f"{column.path[-1]} {_shown(total)}, {words}") for total, words in _marks(test, column.type)]
    for value, words in marks:
        for number, often in ((1, ""), (_PAIR, ", twice")):
            rows: list[Cells] = [{spot(other): plain(other.type, n) for other in beside} for n in range(number)]
            if column is not None:
                rows = [{**row, spot(column): plain(column.type, n) if value is None else value}
                        for n, row in enumerate(rows)]  # fmt: skip
            yield Shape(f"{words}{often}", tuple(rows))


def _with_values(cell: Spot, values: Sequence[int | float]) -> tuple[Cells, ...]:
    return tuple({cell: value} for value in values)


def _marks(test: Exactly, kind: Type) -> list[tuple[int | float, str]]:
    """The limits, and the next numbers beyond or before them."""
    found: dict[int | float, str] = {}
    for limit, opened, up in ((test.low, test.low_open, 1), (test.high, test.high_open, -1)):
        if limit is None:
            continue
        at = _number(limit, kind, up=up)
        distance = step(at, kind)
        found.setdefault(at, "exactly" if at == limit else "just in")
        found.setdefault(_plus(at, up * distance if opened else -up * distance), "just in" if opened else "just out")
    return list((found or {_number(Fraction(1), kind, up=1): "any"}).items())


def _number(limit: Fraction, kind: Type, *, up: int) -> int | float:
    if kind is Scalar.INT:
        return up * _least(up * limit, opened=False)
    try:
        return float(limit)
    except OverflowError:
        return up * 1e300


def _plus(number: float, distance: float) -> int | float:
    if isinstance(number, int) and isinstance(distance, int):
        return number + distance
    return float(round(Fraction(str(number)) + Fraction(str(distance)), _DIGITS))


_DIGITS = 12


def _parts(kind: MeasureKind, total: float, of: Type) -> Iterator[tuple[str, list[int | float]]]:
    """The rows that make a total: some that differ, so that one measure is not another."""
    one: int | float = 1 if of is Scalar.INT else 1.0
    match kind:
        case MeasureKind.SUM:
            small = step(total, of)
            yield ", of two", [_plus(total, -small), small]
        case MeasureKind.AVERAGE:
            yield ", of two", [_plus(total, -one), _plus(total, one)]
            yield ", of three", [_plus(total, -one), _plus(total, -one), _plus(total, 2 * one)]
        case MeasureKind.MIN:
            yield ", of two", [total, _plus(total, one)]
        case MeasureKind.MAX:
            yield ", of two", [total, _plus(total, -one)]
        case _:
            yield "", [_plus(total, -one), total, _plus(total, 5 * one)]


def _shown(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


# --- instants -----------------------------------------------------------------------------------------


def _instants(measure: Measure, test: Test, as_of_us: int) -> list[Shape]:
    """One row at each edge of a test of the first or last time; and with another row that does not decide."""
    found: list[Shape] = []
    for edge in edges(test, Scalar.TIME, as_of_us):
        if edge == MISSING or not isinstance(edge.value, int):
            continue
        found.append(Shape(f"{measure.kind.value} at {edge.words}", ({},), at=(edge.value,)))
        other = edge.value + (30 if measure.kind is MeasureKind.FIRST else -30) * times.DAY_US
        if other < as_of_us:
            found.append(Shape(f"{measure.kind.value} at {edge.words}, of two", ({}, {}), at=(edge.value, other)))
    return found


def _values(leaf: Measuring, as_of_us: int) -> Iterator[Shape]:
    """A row with each value at the edges of a test of a value of rows: the first, the last, the most frequent."""
    column, test = leaf.measure.column, leaf.test
    if column is None or test is None or isinstance(test, Exactly):
        return
    for edge in edges(test, column.type, as_of_us):
        if edge != MISSING:
            yield Shape(f"{leaf.measure.kind.value} of {column.path[-1]} {edge.words}", ({spot(column): edge.value},))
