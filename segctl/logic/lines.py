"""Sets of places on an ordered line, as stretches between marks: what intervals leave of a value's room."""

from __future__ import annotations

from fractions import Fraction

Mark = tuple[int | float | Fraction, int]
"""A place between numbers: (x, 0) lies right before x, (x, 1) right after it."""

Line = tuple[tuple[Mark | None, Mark | None], ...]
"""Stretches from mark to mark, in order and apart; None is without end."""

WHOLE: Line = ((None, None),)
EMPTY: Line = ()


def stretch(low: Mark | None, high: Mark | None) -> Line:
    """All between two marks."""
    return EMPTY if low is not None and high is not None and low >= high else ((low, high),)


def both(one: Line, other: Line) -> Line:
    """What lies in both."""
    found: list[tuple[Mark | None, Mark | None]] = []
    for low, high in one:
        for other_low, other_high in other:
            found += stretch(_later(low, other_low), _earlier(high, other_high))
    return tuple(found)


def either(one: Line, other: Line) -> Line:
    """What lies in one of them."""
    return outside(both(outside(one), outside(other)))


def outside(line: Line) -> Line:
    """What does not lie in it."""
    found: list[tuple[Mark | None, Mark | None]] = []
    low: Mark | None = None
    for start, end in line:
        if start is not None:
            found += stretch(low, start)
        if end is None:
            return tuple(found)
        low = end
    return (*found, (low, None))


def _later(one: Mark | None, other: Mark | None) -> Mark | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _earlier(one: Mark | None, other: Mark | None) -> Mark | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
