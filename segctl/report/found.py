"""What was found of a user, in words: the value itself, the rows in brief, how far away it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from segctl.logic.nodes import Engagement, EventMissing, EventTest, Not, Place, Range, Rfm, Sequence, TraitValue, Value
from segctl.logic.outcome import Outcome, Seen
from segctl.logic.times import DAY_US, local_day
from segctl.report.text import plural
from segctl.report.times import clock
from segctl.report.values import inline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def positive(outcome: Outcome) -> Outcome:
    """The condition below a negation; itself if it is none."""
    while isinstance(outcome.node, Not) and outcome.children:
        outcome = outcome.children[0]
    return outcome


def found(outcome: Outcome, zone: str, *, wanted: bool = True) -> str | None:
    """What was found, for one line; None where a condition has no value of its own.

    Where it is `wanted` that the condition holds, what lacks is said too.
    """
    below = positive(outcome)
    if isinstance(below.node, EventTest | EventMissing):
        lacks = wanted and below is outcome
        return "; ".join([_measured(below, zone, lacks=lacks), *_rows(below.seen, zone)])
    begins = "" if below.begins is None else f"; it takes {worded(below.begins, zone)}"
    if isinstance(below.node, Value | TraitValue | Place | Engagement | Rfm):
        return f"{worded(below.actual, zone)}{begins}"
    if isinstance(below.node, Sequence):
        return measured_words(below, zone)
    return None if below.actual is None else worded(below.actual, zone)


def _measured(outcome: Outcome, zone: str, *, lacks: bool) -> str:
    """What was measured, and how much was asked where that is more."""
    said, needed = measured_words(outcome, zone), short_of(outcome) if lacks else None
    return said if needed is None else f"{said} of {needed} needed"


def measured_words(outcome: Outcome, zone: str) -> str:
    """What was measured; of an instant the minute, of a sequence the steps that were taken."""
    actual = outcome.actual
    if isinstance(outcome.node, Sequence):
        return f"{worded(actual, zone)} of {plural(len(outcome.node.steps), 'step')}"
    if isinstance(actual, datetime) and isinstance(outcome.node, EventTest | EventMissing):
        return f"{actual.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
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
        yield f"last {_day(seen.last_us or 0, zone)}, {ago(seen.last_us or 0, seen.as_of_us, zone)}{outside}"
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


def _day(us: int, zone: str) -> str:
    return clock(us, zone)[:10]


def ago(us: int, as_of_us: int, zone: str) -> str:
    """`50 days ago`, `in 3 days`, `today`, by the calendar of the zone."""
    days = local_day(as_of_us, zone) - local_day(us, zone)
    if not days:
        hours = abs(as_of_us - us) // (DAY_US // 24)
        return "today" if us <= as_of_us else f"in {plural(hours, 'hour')}" if hours else "at once"
    return f"{plural(days, 'day')} ago" if days > 0 else f"in {plural(-days, 'day')}"


def worded(value: object, zone: str) -> str:
    """A value as people write it."""
    match value:
        case None:
            said = "missing"
        case datetime():
            said = f"{value.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(sep=' ')} {zone}"
        case date():
            said = value.isoformat()
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


def instant(us: int) -> datetime:
    """UTC."""
    return _EPOCH + timedelta(microseconds=us)
