"""What a measure of event rows asks of its column, and its comparison in exact numbers (law 7)."""

from __future__ import annotations

from fractions import Fraction

from segctl.logic import exact
from segctl.logic.algebra import any_of
from segctl.logic.bound import (
    Any,
    Column,
    Computed,
    ComputedTest,
    During,
    EventTest,
    Exactly,
    Measure,
    Measured,
    Never,
    Node,
    Rows,
    Scope,
    ValueTest,
)
from segctl.logic.fit import fit
from segctl.logic.literals import numeric, reversed_range, shown
from segctl.logic.nodes import MeasureKind, MeasureTest, Range
from segctl.logic.problem import Problem, column_words, type_words
from segctl.logic.types import NOTHING, Scalar, Type

INSTANTS = frozenset({MeasureKind.FIRST, MeasureKind.LAST})
"""Measures that are an instant; all others are a number."""

_COUNTS = frozenset({MeasureKind.COUNT, MeasureKind.DISTINCT, MeasureKind.DAYS, MeasureKind.PERIODS})
_RATIOS = frozenset({MeasureKind.AVERAGE, MeasureKind.MEDIAN})
"""Measures of integers that need not be one."""
_EXTREMES = frozenset({MeasureKind.MIN, MeasureKind.MAX})
_NUMERIC = (Scalar.INT, Scalar.FLOAT)
_OF_ANY = frozenset(
    {
        MeasureKind.DISTINCT,
        MeasureKind.FIRST_VALUE,
        MeasureKind.LAST_VALUE,
        MeasureKind.MOST_FREQUENT,
        MeasureKind.UNIQUE_LIST,
    }
)
"""Measures of values that need not be numbers."""

Fitted = tuple[Exactly | Never, tuple[Problem, ...]]


def wrong_column(kind: MeasureKind, column: Column, what: str = "") -> Problem | None:
    """What is wrong with measuring this column, if anything is; `what` is what people call the measure."""
    if column.type == NOTHING or _measurable(kind, column.type):
        return None
    wanted, hint = "numbers", "`count` counts the events themselves"
    if kind in _OF_ANY:
        wanted, hint = "single values", ""
    summary = f"`{what or kind.value}` is of {wanted}, and {column_words(column)} is {type_words(column.type)}"
    return Problem("operator-type", summary, hint=hint)


def _measurable(kind: MeasureKind, column: Type) -> bool:
    return isinstance(column, Scalar) if kind in _OF_ANY else column in _NUMERIC


def fit_instant(test: MeasureTest, kind: MeasureKind, zone: str) -> tuple[Node, tuple[Problem, ...]]:
    """The condition that the first or last time passes, as if it were a column, and what is wrong with it."""
    return fit(test, Column(Scope.PROPERTY, (kind.value,), Scalar.TIME), zone)


def on_rows(fitted: Node, rows: Rows, measure: Measure) -> Node:
    """The same condition on the first or last time of some rows."""
    match fitted:
        case Any(parts):
            return any_of(on_rows(part, rows, measure) for part in parts)
        case ValueTest(_, During() as test):
            return EventTest(rows, measure, test)
        case ValueTest(_, test):
            return ComputedTest(Computed(Measured(rows, measure), Scalar.TIME), test)
        case _:
            return fitted


def fit_measure(test: MeasureTest, kind: MeasureKind, column: Column | None) -> Fitted:
    """The comparison of the measure, which is a number, and what is wrong with it."""
    if not isinstance(test, Range):
        raise TypeError(f"{kind} is no instant")  # the models let none through
    if exact.is_empty(numeric(test)):
        return Never(), (reversed_range(f"`{kind.value}`", shown(test.low), shown(test.high)),)
    return _number(test, kind, column), ()


def _number(test: Range, kind: MeasureKind, column: Column | None) -> Exactly | Never:
    """Exact bounds: whole ones for whole numbers, those of doubles for the least and the greatest of doubles."""
    integers = column is not None and column.type == Scalar.INT and kind not in _RATIOS
    if kind in _COUNTS:
        return _count(exact.whole(numeric(test)))
    if integers:
        fitted = exact.whole(numeric(test))
        return Never() if exact.is_empty(fitted) else fitted
    return numeric(test, doubles=kind in _EXTREMES)


def _count(fitted: Exactly) -> Exactly | Never:
    """A count is never below 0, so that a bound there says nothing."""
    low = None if fitted.low is None or fitted.low <= 0 else fitted.low
    if exact.is_empty(fitted) or (fitted.high is not None and fitted.high < 0):
        return Never()
    return Exactly(low, fitted.high)


def passes_nothing(test: Exactly) -> bool:
    """Whether 0 passes, which is what count, sum, distinct, days and periods of nothing are."""
    return exact.contains(test, Fraction(0))
