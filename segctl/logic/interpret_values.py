"""What a trait is for one user, plainly: measures as values, values of rows, arithmetic (laws 7 and 8)."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from segctl.logic.bound import Arithmetic, Computed, Expression, Measured, Number
from segctl.logic.nodes import MeasureKind
from segctl.logic.types import ListOf, Scalar, Type

OF_ROWS = frozenset(
    {MeasureKind.FIRST_VALUE, MeasureKind.LAST_VALUE, MeasureKind.MOST_FREQUENT, MeasureKind.UNIQUE_LIST}
)
"""Measures that are values of the rows themselves."""

_SIGNS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def evaluated(of: Computed, measure: Callable[[Measured], object]) -> object:
    """The value, None if it is missing; however deep, and what is in it several times is evaluated once."""
    found: dict[Expression, object] = {}
    stack = [of.expression]
    while stack:
        part = stack[-1]
        inner = (part.left, part.right) if isinstance(part, Arithmetic) else ()
        waiting = [one for one in inner if one not in found]
        if waiting:
            stack.extend(waiting)
            continue
        found[stack.pop()] = _value(part, found, measure)
    return typed(found[of.expression], of.type)


def _value(part: Expression, found: Mapping[Expression, object], measure: Callable[[Measured], object]) -> object:
    match part:
        case Measured():
            return measure(part)
        case Number(value):
            return value
        case Arithmetic(sign, left, right):
            return _operated(sign, typed(found[left], Scalar.FLOAT), typed(found[right], Scalar.FLOAT))
        case _:
            return None


def _operated(sign: str, left: object, right: object) -> float | None:
    """Arithmetic of doubles; missing where one is, and where the result is no finite number."""
    if not isinstance(left, float) or not isinstance(right, float):
        return None
    try:
        result = _SIGNS[sign](left, right)
    except ZeroDivisionError:
        return None
    return result + 0.0 if math.isfinite(result) else None


def typed(value: object, kind: Type) -> object:
    """A value as one of a column of this type: the nearest double, an integer, and zero without a sign."""
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [typed(one, kind.element) for one in value]
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return value
    if kind == Scalar.FLOAT:
        return float(value) + 0.0
    return int(value)


def of_rows(kind: MeasureKind, column: Type, seen: Sequence[tuple[int, object]]) -> object:
    """The value that the rows say, by instant and value; those without a value are not among them."""
    if not seen:
        return None
    pairs: list[tuple[int, Any]] = [(instant, typed(value, column)) for instant, value in seen]
    counts = Counter(value for _, value in pairs)
    match kind:
        case MeasureKind.FIRST_VALUE:
            return min(pairs)[1]
        case MeasureKind.LAST_VALUE:
            return max(pairs)[1]
        case MeasureKind.MOST_FREQUENT:
            return min(counts, key=lambda value: (-counts[value], value))
        case _:
            return sorted(counts)
