"""Stretches on a line, against sets of single places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from segctl.logic.lines import EMPTY, WHOLE, Line, Mark, both, either, outside, stretch

marks = st.none() | st.tuples(st.integers(0, 6), st.integers(0, 1))


def lines() -> st.SearchStrategy[Line]:
    single = st.tuples(marks, marks).map(lambda ends: stretch(*ends))
    return st.recursive(single, lambda more: st.tuples(more, more).map(lambda two: either(*two)), max_leaves=4)


def position(mark: Mark) -> float:
    number, after = mark
    return float(number) + (0.1 if after else -0.1)


def places(line: Line) -> set[float]:
    """The numbers and halves from -1 to 8 that lie on the line; a number itself lies between its two marks."""
    halves = [n / 2 for n in range(-2, 17)]

    def on(place: float) -> bool:
        return any(
            (low is None or position(low) < place) and (high is None or place < position(high)) for low, high in line
        )

    return {place for place in halves if on(place)}


@given(lines(), lines())
def test_lines_are_sets(one: Line, other: Line) -> None:
    assert places(both(one, other)) == places(one) & places(other)
    assert places(either(one, other)) == places(one) | places(other)
    assert places(outside(one)) == places(WHOLE) - places(one)


@given(lines())
def test_stretches_are_in_order_and_apart(line: Line) -> None:
    assert outside(outside(line)) == line
    assert both(line, outside(line)) == EMPTY
    ends = [mark for low, high in line for mark in (low, high) if mark is not None]
    assert ends == sorted(set(ends))
