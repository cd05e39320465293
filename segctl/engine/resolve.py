"""Instants and days that depend on as_of become fixed ones, so that equal ones are equal work."""

from __future__ import annotations

from dataclasses import replace

from segctl.engine.plan import Chained, Engaged, Link, Messages, RowSet, Span
from segctl.engine.yearly import year_days
from segctl.logic.bound import (
    All,
    Any,
    At,
    Date,
    Day,
    During,
    Elements,
    ElementTest,
    EngagementTest,
    Instant,
    Node,
    Not,
    OnDays,
    RelativeYearDays,
    Rows,
    Sequence,
    Test,
    ValueTest,
)
from segctl.logic.times import DAY_US, day_of, instant_of, monday

_EVER, _NEVER = -(2**63), 2**63 - 1


def resolved_test(test: Test, as_of_us: int) -> Test:
    """The same test with fixed instants and days."""
    match test:
        case During(start=start, end=end):
            return During(_instant(start, as_of_us), _instant(end, as_of_us))
        case OnDays(start=start, end=end):
            return OnDays(_day(start, as_of_us), _day(end, as_of_us))
        case Elements(tests=tests):
            return replace(test, tests=tuple(resolved_test(one, as_of_us) for one in tests))  # type: ignore[misc]
        case RelativeYearDays():
            return year_days(test, as_of_us)
    return test


def resolved_where(node: Node, as_of_us: int) -> Node:
    """The same condition on rows, or on elements, with fixed instants and days."""
    match node:
        case ValueTest(column=column, test=test):
            return ValueTest(column, resolved_test(test, as_of_us))
        case ElementTest(column=column, where=where):
            return ElementTest(column, resolved_where(where, as_of_us))
        case All(of=of):
            return All(tuple(resolved_where(child, as_of_us) for child in of))
        case Any(of=of):
            return Any(tuple(resolved_where(child, as_of_us) for child in of))
        case Not(of=child):
            return Not(resolved_where(child, as_of_us))
    return node


def window(rows: Rows, as_of_us: int) -> Span:
    """The span of rows that count; those at or after as_of never do (law 5)."""
    span = interval(During(rows.start, rows.end), as_of_us)
    return Span(min(span.start, as_of_us), max(min(span.end, as_of_us), min(span.start, as_of_us)))


def row_set(rows: Rows, as_of_us: int) -> RowSet:
    """The same rows with a fixed span."""
    return RowSet(rows.names, resolved_where(rows.where, as_of_us), window(rows, as_of_us))


def chained(sequence: Sequence, as_of_us: int) -> Chained:
    """The same sequence over fixed spans."""
    links = (
        Link(row_set(step.rows, as_of_us), step.absent, step.more_than_us, step.within_us) for step in sequence.steps
    )
    return Chained(tuple(links), sequence.complete_within_us)


def engaged(test: EngagementTest, as_of_us: int) -> Engaged:
    """The same level at a fixed Monday; a message that is just a day old then counts."""
    end = monday(as_of_us, test.end)
    start, stop = end - test.lookback_us, end - DAY_US + 1
    sent = RowSet(test.sent.names, resolved_where(test.sent.where, as_of_us), Span(start, max(start, stop)))
    responses = RowSet(test.responses.names, resolved_where(test.responses.where, as_of_us), Span(_EVER, end))
    return Engaged(Messages(sent, test.sent_id, responses, test.response_id), test.test)


def interval(test: During, as_of_us: int) -> Span:
    """The span of a test on an instant, all of time where open-ended."""
    start = _EVER if test.start is None else instant_of(test.start, as_of_us)
    end = _NEVER if test.end is None else instant_of(test.end, as_of_us)
    return Span(start, end)


def _instant(instant: Instant | None, as_of_us: int) -> At | None:
    return None if instant is None else At(instant_of(instant, as_of_us))


def _day(day: Day | None, as_of_us: int) -> Date | None:
    return None if day is None else Date(day_of(day, as_of_us))
