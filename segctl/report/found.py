"""What was found of a user, in words: the value itself, the rows in brief, how far away it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from segctl.logic.bound import At, Date
from segctl.logic.calendar import date_text, infinite
from segctl.logic.nodes import Engagement, EventMissing, EventTest, Not, Place, Range, Rfm, Sequence, TraitValue, Value
from segctl.logic.outcome import Outcome, Seen
from segctl.logic.spans import literal_instants
from segctl.logic.times import DAY_US, SECOND_US, local_day
from segctl.report.text import plural
from segctl.report.times import day, local, minute
from segctl.report.values import inline


def positive(outcome: Outcome) -> Outcome:
    """The condition below a negation; itself if it is none."""
    while isinstance(outcome.node, Not) and outcome.children:
        outcome = outcome.children[0]
    return outcome


def found(outcome: Outcome, zone: str, *, wanted: bool = True) -> str | None:
    """What was found, for one line; None where a condition has no value of its own.

    Where it is `wanted` that the condition holds, what lacks is said too.
    """
    value = found_value(outcome, zone, wanted=wanted)
    below = positive(outcome)
    return value if value is None else "; ".join([value, *_rows(below.seen, zone)])


def found_value(outcome: Outcome, zone: str, *, wanted: bool = True) -> str | None:
    """The same without the rows that were looked at."""
    below = positive(outcome)
    if isinstance(below.node, EventTest | EventMissing):
        return _measured(below, zone, lacks=wanted and below is outcome)
    if isinstance(below.node, Value | TraitValue | Place | Engagement | Rfm):
        exact = _fraction_matters(below, zone)
        begins = "" if below.begins is None else f" (threshold {worded(below.begins, zone, exact=exact)})"
        return f"{worded(below.actual, zone, exact=exact)}{begins}"
    if isinstance(below.node, Sequence):
        return measured_words(below, zone)
    return None if below.actual is None else worded(below.actual, zone)


def _fraction_matters(outcome: Outcome, zone: str) -> bool:
    """Whether a time and what it is compared with lie within one second, so that the fraction decides."""
    if not isinstance(outcome.actual, At) or not isinstance(outcome.node, Value | TraitValue):
        return False
    limits = list(literal_instants(outcome.node.test, zone))
    if isinstance(outcome.begins, At):
        limits.append(outcome.begins.us)
    us = outcome.actual.us
    return any(us != limit and us // SECOND_US == limit // SECOND_US for limit in limits)


def _measured(outcome: Outcome, zone: str, *, lacks: bool) -> str:
    """What was measured, and how much was asked where that is more."""
    said, needed = measured_words(outcome, zone), short_of(outcome) if lacks else None
    return said if needed is None else f"{said} of {needed} needed"


def measured_words(outcome: Outcome, zone: str) -> str:
    """What was measured; of an instant the minute, of a sequence the steps that were taken."""
    actual = outcome.actual
    if isinstance(outcome.node, Sequence):
        return f"{worded(actual, zone)} of {plural(len(outcome.node.steps), 'step')}"
    if isinstance(actual, At) and isinstance(outcome.node, EventTest | EventMissing):
        return minute(actual.us, zone)
    return worded(actual, zone)


def short_of(outcome: Outcome) -> str | None:
    """How many are asked for, where there are fewer."""
    node, actual = outcome.node, outcome.actual
    if not isinstance(node, EventTest) or not isinstance(node.test, Range) or outcome.holds:
        return None
    low = node.test.low
    if isinstance(low, bool | str) or low is None or not isinstance(actual, int | Decimal):
        return None
    if actual > low or (actual == low and not node.test.low_open):
        return None
    return f"more than {low:,}" if node.test.low_open else f"{low:,}"


def _rows(seen: Seen | None, zone: str) -> Iterator[str]:
    """The rows that were looked at, in brief."""
    if seen is None:
        return
    if not seen.total:
        yield "none ever"
    elif not seen.matching:
        yield f"{plural(seen.total, 'event')}, none like this"
    else:
        outside = ", outside the window" if not seen.counted else ""
        yield f"last {day(seen.last_us or 0, zone)}, {ago(seen.last_us or 0, seen.as_of_us, zone)}{outside}"
        yield f"{_counts(seen)}"
    if seen.later:
        yield f"{plural(seen.later, 'later one')} not seen yet"


def _counts(seen: Seen) -> str:
    """`3 events in all, 2 like this, 1 in the window`; what is the same is not said again."""
    parts = [f"{plural(seen.total, 'event')} in all"]
    if seen.matching != seen.total:
        parts.append(f"{seen.matching:,} like this")
    if seen.counted != seen.matching:
        parts.append(f"{seen.counted:,} in the window")
    return ", ".join(parts)


def ago(us: int, as_of_us: int, zone: str) -> str:
    """`50 days ago`, `in 3 days`, `today`, by the calendar of the zone."""
    if infinite(us):
        return "infinitely far ahead" if us > 0 else "infinitely long ago"
    days = local_day(as_of_us, zone) - local_day(us, zone)
    if not days:
        hours = abs(as_of_us - us) // (DAY_US // 24)
        return "today" if us <= as_of_us else f"in {plural(hours, 'hour')}" if hours else "at once"
    return f"{plural(days, 'day')} ago" if days > 0 else f"in {plural(-days, 'day')}"


def worded(value: object, zone: str, *, exact: bool = False) -> str:
    """A value as people write it; of a time the fraction of a second only if it is to be `exact`."""
    match value:
        case None:
            said = "missing"
        case At(us):
            said = local(us, zone, exact=exact)
        case Date(days):
            said = date_text(days)
        case bool() | str():
            said = inline(value)
        case int():
            said = f"{value:,}"
        case Decimal():
            said = f"{value:,f}"
        case Fraction():
            said = f"{float(value):,.6g}"
        case dict() if value:
            said = f"({', '.join(f'{name} {worded(inner, zone)}' for name, inner in value.items())})"
        case list():
            said = f"[{', '.join(worded(element, zone) for element in value)}]"
        case _:
            said = "present" if value == {} else str(value)
    return said
