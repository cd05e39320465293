"""What measures of event rows may still be, and how those of different rows hang together.

As in `leeway`, only what is said to be impossible is certain.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator

from segctl.logic.bound import Measure, Node, Rows, Sequence
from segctl.logic.bound_tests import At, During, Exactly, Instant, LocalMidnight
from segctl.logic.leeway import NUMBERS, Leeway, between, numbers, place
from segctl.logic.lines import EMPTY, WHOLE, Line, Mark, both, stretch
from segctl.logic.nodes import MeasureKind
from segctl.logic.step_times import step_times
from segctl.logic.times import DAY_US
from segctl.logic.types import Scalar
from segctl.logic.value_tests import Ago

Tally = tuple[Rows, Measure, Leeway]
"""A measure over rows, and what is left of it."""

Within = Callable[[Node, Node], bool]
"""Whether every row that passes the one condition passes the other."""

COUNT = Measure(MeasureKind.COUNT)
_COUNTS = frozenset({MeasureKind.COUNT, MeasureKind.DISTINCT, MeasureKind.DAYS})
_NEVER_MISSING = _COUNTS | {MeasureKind.SUM, MeasureKind.PERIODS}
_INSTANTS = frozenset({MeasureKind.FIRST, MeasureKind.LAST})
_OF_VALUES = frozenset({MeasureKind.AVERAGE, MeasureKind.MIN, MeasureKind.MAX, MeasureKind.MEDIAN})
_WHOLE_OF_INTEGERS = frozenset({MeasureKind.SUM, MeasureKind.MIN, MeasureKind.MAX})

_ZERO: Line = stretch((0, 0), (0, 1))


def of_measure(rows: Rows, measure: Measure, *, nobody: bool) -> Leeway:
    """What a measure may be at all; `nobody` if no row can ever pass the condition of the rows."""
    kind = measure.kind
    if kind in _INSTANTS and measure.column is None:
        inside = {**between(rows.start, rows.end)}
        line, now = place(Ago(0))
        inside[line] = both(inside.get(line, WHOLE), stretch(None, now))  # rows at as_of never count
        return Leeway(present=not nobody).on(inside)
    if kind not in _NEVER_MISSING:
        return Leeway(present=not nobody)
    if nobody:
        return Leeway(missing=False, lines={NUMBERS: _ZERO})
    if kind is MeasureKind.SUM:
        return Leeway(missing=False)
    most = _most(rows, measure)
    high: Mark | None = None if most is None else (most, 1)
    return Leeway(missing=False, lines={NUMBERS: stretch((0, 0), high)})


def _most(rows: Rows, measure: Measure) -> int | None:
    """The most that can be counted; None where nothing is known of it."""
    if measure.kind is MeasureKind.DAYS:
        return most_days(rows.start, rows.end)
    if measure.every_us is not None and isinstance(rows.start, Ago):
        return -(-rows.start.us // measure.every_us)
    return None


def has_time(sequence: Sequence, within: Within) -> bool:
    """Whether the steps' limits leave any time for a chain."""
    steps = sequence.steps
    return step_times(sequence, lambda no, step: narrower(steps[step].rows, steps[no].rows, within)) is not None


def some_row(rows: Rows) -> Tally:
    """That there is one of the rows."""
    return rows, COUNT, Leeway(missing=False, lines={NUMBERS: stretch((1, 0), None)})


def most_days(start: Instant | None, end: Instant | None) -> int | None:
    """The most local days that a window can touch.

    Days of 23 hours are counted in, and clocks that go back past midnight, to the day before as_of's.
    """
    match start, end:
        case LocalMidnight(days_before), None:
            return days_before + 2
        case Ago(us), None:
            return -(-us // DAY_US) + 2
        case (Ago(us), Ago(later)) | (At(later), At(us)):
            return max(0, -(-(us - later) // DAY_US)) + 2
        case _:
            return None


def learn_measure(leeway: Leeway, measure: Measure, test: Exactly | During, *, holds: bool) -> Leeway:
    """What is left when a test on the measure is known to hold, or not to hold."""
    if isinstance(test, During):
        lines = between(test.start, test.end)
    else:
        integers = measure.column is not None and measure.column.type == Scalar.INT
        whole = measure.kind in _COUNTS or (integers and measure.kind in _WHOLE_OF_INTEGERS)
        lines = {NUMBERS: numbers(test, whole=whole)}
    return leeway.there().on(lines) if holds else leeway.off(lines)


# --- measures of different rows ------------------------------------------------------------------


def agree(tallies: Iterable[Tally], within: Within) -> bool:
    """Whether the measures may be those of one user: whoever has rows in a smaller set has them in a larger one."""
    lines = _counts(tallies)
    if EMPTY in lines.values():
        return False
    for (rows, measure), line in lines.items():
        least = line[0][0]
        if least is None or least <= (0, 0):
            continue
        for (others, other), known in lines.items():
            greater = other in (measure, COUNT) and not both(known, stretch(least, None))
            if greater and narrower(rows, others, within):
                return False
    return True


def _counts(tallies: Iterable[Tally]) -> dict[tuple[Rows, Measure], Line]:
    """The lines of all counts, with what other measures say of the count of their rows."""
    found: dict[tuple[Rows, Measure], Line] = {}
    for rows, measure, leeway in tallies:
        for counted, line in _said_of_counts(measure, leeway):
            key = (rows, counted)
            found[key] = both(found[key], line) if key in found else line
    return found


def _said_of_counts(measure: Measure, leeway: Leeway) -> Iterator[tuple[Measure, Line]]:
    if measure.kind in _COUNTS:
        yield measure, leeway.lines[NUMBERS]
    elif measure.kind in _INSTANTS | _OF_VALUES and not leeway.missing:
        yield COUNT, stretch((1, 0), None)
    elif measure.kind in _INSTANTS and measure.column is None and not leeway.present:
        yield COUNT, _ZERO


def narrower(rows: Rows, others: Rows, within: Within) -> bool:
    """Whether each of the rows is surely one of the others."""
    if dataclasses.replace(rows, names=(), where=others.where, start=None, end=None) != dataclasses.replace(
        others, names=(), start=None, end=None
    ):
        return False  # they differ in something else
    if not set(rows.names) <= set(others.names):
        return False
    started = others.start is None or (rows.start is not None and _at_or_after(rows.start, others.start))
    ended = others.end is None or (rows.end is not None and _at_or_after(others.end, rows.end))
    return started and ended and within(rows.where, others.where)


def _at_or_after(one: Instant, other: Instant) -> bool:
    """Whether an instant is surely not before another."""
    (line, mark), (other_line, other_mark) = place(one), place(other)
    return line == other_line and mark >= other_mark
