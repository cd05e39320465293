"""Conditions on what is measured of rows, of whatever kind: how often, how much, when, and values that are traits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from segctl.logic import bound
from segctl.logic.bound import (
    Between,
    Column,
    Computed,
    ComputedTest,
    During,
    Equals,
    EventMissing,
    EventTest,
    Exactly,
    Measure,
    Node,
    RankTest,
    Rows,
    Test,
)

RANK_WINS = Fraction(10)
"""A value that is held to be in of a rank; one that is less, or for the least ones more, is held to be out."""


@dataclass(frozen=True)
class Measuring:
    """The measure of some rows under a test; `node` is the condition that says so, `test` None asks for a value."""

    node: Node
    rows: Rows
    measure: Measure
    test: Exactly | During | Test | None = None
    beside: tuple[Column, ...] | None = None
    """Of a part of a formula the columns that its other parts measure."""


def measuring(node: Node) -> Measuring | None:
    """What a condition measures; None for one that measures nothing, or several things."""
    match node:
        case EventTest(rows, measure, test):
            return Measuring(node, rows, measure, test)
        case EventMissing(rows, measure):
            return Measuring(node, rows, measure)
        case ComputedTest(Computed(bound.Measured(rows, measure)), test):
            return Measuring(node, rows, measure, _exact(test))
        case _:
            return None


def parts(node: Node) -> Iterator[Measuring]:
    """All that is measured for a condition: of a formula each trait, with what the others measure of the same rows."""
    whole = measuring(node)
    if whole is not None:
        yield whole
        return
    match node:
        case ComputedTest(of, test):
            yield from _of_formula(node, of, _exact(test))
        case RankTest(Computed() as of):
            yield from _of_formula(node, of, Exactly(RANK_WINS, RANK_WINS))


def _of_formula(node: Node, of: Computed, test: Exactly | Test) -> Iterator[Measuring]:
    found = list(_measured(of.expression, set()))
    for part in found:
        columns = [other.measure.column for other in found if other.rows.names == part.rows.names]
        beside = tuple(one for one in columns if one is not None and one != part.measure.column)
        yield Measuring(node, part.rows, part.measure, test, beside)


def _measured(part: bound.Expression, seen: set[int]) -> Iterator[bound.Measured]:
    """What a formula is made of; a trait that it uses in several places once."""
    if id(part) in seen:
        return
    seen.add(id(part))
    match part:
        case bound.Measured():
            yield part
        case bound.Arithmetic(_, left, right):
            yield from _measured(left, seen)
            yield from _measured(right, seen)


def _exact(test: Test) -> Exactly | Test:
    """A range of numbers as one of a measure."""
    match test:
        case Between(low, high, low_open, high_open):
            return Exactly(_fraction(low), _fraction(high), low_open, high_open)
        case Equals((int() | float() as value,)):
            return Exactly(_fraction(value), _fraction(value))
        case _:
            return test


def _fraction(limit: float | None) -> Fraction | None:
    try:
        return None if limit is None else Fraction(limit)
    except (OverflowError, ValueError):
        return None
