"""Conditions on what is measured of rows, of whatever kind: how often, how much, when, and values that are traits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from segctl.logic import bound
from segctl.logic.bound import (
    Between,
    Computed,
    ComputedTest,
    During,
    Equals,
    EventMissing,
    EventTest,
    Exactly,
    Measure,
    Node,
    Rows,
    Test,
)


@dataclass(frozen=True)
class Measuring:
    """The measure of some rows under a test; `node` is the condition that says so, `test` None asks for a value."""

    node: Node
    rows: Rows
    measure: Measure
    test: Exactly | During | Test | None = None


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
    """All that is measured for a condition: of a formula each trait."""
    whole = measuring(node)
    if whole is not None:
        yield whole
    elif isinstance(node, ComputedTest):
        for part in _measured(node.of.expression):
            yield Measuring(node, part.rows, part.measure, _exact(node.test))


def _measured(part: bound.Expression) -> Iterator[bound.Measured]:
    match part:
        case bound.Measured():
            yield part
        case bound.Arithmetic(_, left, right):
            yield from _measured(left)
            yield from _measured(right)


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
