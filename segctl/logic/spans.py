"""Written dates and instants as the stretches of time they stand for (law 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from pydantic_core import PydanticCustomError

from segctl.logic import times
from segctl.logic.bound import At, Date, During, OnDays, Today
from segctl.logic.nodes import Ago, Moment, OneOf, Range, TimeTest, ValueTest
from segctl.logic.problem import Problem
from segctl.model.written import parse_written

Stretch = tuple[int, int]
"""[start, end): a date is its whole local day, an instant is its microsecond."""


def written_stretch(text: str, zone: str) -> Stretch | Problem:
    """UTC microseconds of a written date or instant."""
    written = _parse(text)
    if isinstance(written, Problem):
        return written
    if isinstance(written, datetime):
        instant = times.local_us(written, zone)
        return instant, instant + 1
    day = times.day_number(written)
    return times.day_start(day, zone), times.day_start(day + 1, zone)


def written_day(text: str) -> Stretch | Problem:
    """Days since 1970 of a written date."""
    written = _parse(text)
    if isinstance(written, Problem):
        return written
    if isinstance(written, datetime):
        return Problem(
            "literal-type", f"`{text}` has a time of day, a date has none", hint=f"write `{written.date().isoformat()}`"
        )
    return times.day_number(written), times.day_number(written) + 1


def _parse(text: str) -> date | datetime | Problem:
    try:
        return parse_written(text)
    except PydanticCustomError as error:
        return Problem("bad-date", error.message(), hint=(error.context or {}).get("hint", ""))


def literal_instants(test: ValueTest, zone: str) -> Iterator[int]:
    """UTC microseconds of the date-times that a test compares with; dates are none."""
    match test:
        case OneOf(values):
            literals: Sequence[object] = values
        case Range(low, high):
            literals = (low, high)
        case TimeTest(_, than):
            literals = (than,)
        case _:
            return
    for literal in literals:
        written = _parse(literal) if isinstance(literal, str) else None
        if isinstance(written, datetime):
            yield times.local_us(written, zone)


def is_date(text: str) -> bool:
    """Whether the text is a date without a time of day."""
    written = _parse(text)
    return not isinstance(written, Problem | datetime)


def chosen(moment: Moment, stretch: Stretch) -> tuple[int | None, int | None]:
    """[start, end) of what is before, after or on a stretch."""
    start, end = stretch
    if moment is Moment.BEFORE:
        return None, start
    return (end, None) if moment is Moment.AFTER else (start, end)


def between(test: Range, low: Stretch | None, high: Stretch | None) -> tuple[int | None, int | None]:
    """[start, end) of a range whose bounds are stretches: an open one leaves its whole stretch out."""
    start = None if low is None else low[1 if test.low_open else 0]
    end = None if high is None else high[0 if test.high_open else 1]
    return start, end


def relative_time(test: TimeTest, length: int) -> During:
    """The operators that count from as_of."""
    now = Ago(0)
    return {
        Moment.WITHIN_LAST: During(Ago(length), now),
        Moment.OLDER_THAN: During(None, Ago(length)),
        Moment.WITHIN_NEXT: During(now, Ago(-length)),
        Moment.LATER_THAN: During(Ago(-length), None),
    }[test.moment]


def relative_days(test: TimeTest, days: int, zone: str) -> OnDays:
    """The same in local days, with today both in the last and in the next ones."""
    return {
        Moment.WITHIN_LAST: OnDays(Today(1 - days, zone), Today(1, zone)),
        Moment.OLDER_THAN: OnDays(None, Today(1 - days, zone)),
        Moment.WITHIN_NEXT: OnDays(Today(0, zone), Today(days, zone)),
        Moment.LATER_THAN: OnDays(Today(days, zone), None),
    }[test.moment]


def during(start: int | None, end: int | None) -> During:
    """Fixed instants."""
    return During(None if start is None else At(start), None if end is None else At(end))


def on_days(start: int | None, end: int | None) -> OnDays:
    """Fixed days."""
    return OnDays(None if start is None else Date(start), None if end is None else Date(end))
