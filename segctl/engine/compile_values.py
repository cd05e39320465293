"""Computed values into numbered steps, in which equal ones are there once; a chain may be of any length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from segctl.engine.plan import Constant, Gauge, Gauged, Name, Operation, Tally, Value
from segctl.logic.bound import Arithmetic, Computed, Expression, Measure, Measured, Missing, Node, Number, Rows
from segctl.logic.types import Scalar, Type

Tallied = Callable[[Rows, Measure], tuple[tuple[tuple[Name, ...], Node], tuple[Tally, ...]]]
"""The row set of rows, and the tallies of a measure over it."""

_Typed = tuple[Expression, Type]


@dataclass
class Values:
    """Numbers values so that equal ones get one number."""

    tallied: Tallied
    steps: list[Value] = field(default_factory=list)
    numbers: dict[Value, int] = field(default_factory=dict)
    seen: dict[_Typed, int] = field(default_factory=dict)

    def number(self, of: Computed) -> int:
        """The number of a value, after those of all values in it."""
        root = (of.expression, of.type)
        stack = [root]
        while stack:
            one = stack[-1]
            waiting = [inner for inner in _inside(one[0]) if inner not in self.seen]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if one not in self.seen:
                self.seen[one] = self._intern(self._step(*one))
        return self.seen[root]

    def _intern(self, step: Value) -> int:
        if step not in self.numbers:
            self.numbers[step] = len(self.steps)
            self.steps.append(step)
        return self.numbers[step]

    def _step(self, part: Expression, kind: Type) -> Value:
        match part:
            case Measured(rows, measure):
                row_set, tallies = self.tallied(rows, measure)
                return Gauged(row_set, Gauge(measure.kind, tallies, kind))
            case Number(value):
                return Constant(value, kind)
            case Missing():
                return Constant(None, kind)
            case Arithmetic(sign):
                left, right = (self.seen[inner] for inner in _inside(part))
                return Operation(sign, left, right)


def _inside(part: Expression) -> tuple[_Typed, ...]:
    """What arithmetic is of, as doubles."""
    if not isinstance(part, Arithmetic):
        return ()
    return (part.left, Scalar.FLOAT), (part.right, Scalar.FLOAT)
