"""Sets of places on an ordered line, as stretches between cuts: what intervals leave of a value's room."""

from __future__ import annotations

from fractions import Fraction

Cut = tuple[int | float | Fraction, int]
"""A place between numbers: (x, 0) lies right before x, (x, 1) right after it."""

Line = tuple[tuple[Cut | None, Cut | None], ...]
"""Stretches from cut to cut, in order and apart; None is without end."""

WHOLE: Line = ((None, None),)
EMPTY: Line = ()


def stretch(low: Cut | None, high: Cut | None) -> Line:
    """All between two cuts."""
    return EMPTY if low is not None and high is not None and low >= high else ((low, high),)


def both(one: Line, other: Line) -> Line:
    """What lies in both."""
    found: list[tuple[Cut | None, Cut | None]] = []
    for low, high in one:
        for other_low, other_high in other:
            found += stretch(_later(low, other_low), _earlier(high, other_high))
    return tuple(found)


def either(one: Line, other: Line) -> Line:
    """What lies in one of them."""
    return outside(both(outside(one), outside(other)))


def outside(line: Line) -> Line:
    """What does not lie in it."""
    found: list[tuple[Cut | None, Cut | None]] = []
    low: Cut | None = None
    for start, end in line:
        if start is not None:
            found += stretch(low, start)
        if end is None:
            return tuple(found)
        low = end
    return (*found, (low, None))


def _later(one: Cut | None, other: Cut | None) -> Cut | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _earlier(one: Cut | None, other: Cut | None) -> Cut | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
