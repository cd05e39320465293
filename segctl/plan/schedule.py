"""When an extension is due: schedules in the project's zone, without a clock of their own."""

from __future__ import annotations

import calendar

from segctl.logic.calendar import civil, day_of
from segctl.logic.times import local_day, offset_us, wall_us
from segctl.model.values import MICROSECONDS

_HOUR_US = MICROSECONDS["h"]
_THURSDAY = 3
"""1970 began on a Thursday, the fourth day of a week."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_due(schedule: str, zone: str, computed_us: int, as_of_us: int) -> bool:
    """Whether the schedule has come round since it was computed; `manual` never does."""
    latest = latest_due(schedule, zone, as_of_us)
    return latest is not None and latest > computed_us


def latest_due(schedule: str, zone: str, as_of_us: int) -> int | None:
    """The last instant at or before as_of at which the schedule was due; None for `manual`.

    `schedule` is `hourly`, `daily HH:MM`, `weekly mon HH:MM`, `monthly D HH:MM` (a day that the
    month does not have is its last) or `manual`. A local time that the clocks skip is read with the
    offset before, one that comes twice is the earlier.
    """
    form, *rest = schedule.split()
    if form == "manual":
        return None
    if form == "hourly":
        return _hour(as_of_us, zone)
    clock = rest[-1]
    due = [_at(day, clock, zone) for day in _days(form, rest[0], local_day(as_of_us, zone))]
    return max(instant for instant in due if instant <= as_of_us)


def _hour(as_of_us: int, zone: str) -> int:
    """The start of the local hour; if the clocks changed within it, its start by the clock of before."""
    offset = offset_us(as_of_us, zone)
    start = as_of_us - (as_of_us + offset) % _HOUR_US
    return start + offset - offset_us(start, zone)


def _days(form: str, which: str, today: int) -> list[int]:
    """The last two days on which it is due: the later one may lie ahead by some hours."""
    if form == "weekly":
        start = today - (today + _THURSDAY - _WEEKDAYS.index(which)) % 7
        return [start - 7, start]
    if form == "monthly":
        first = today - civil(today)[2] + 1
        return [_in_month(month, int(which)) for month in (first - 1, first)]
    return [today - 1, today]


def _in_month(within: int, day: int) -> int:
    """A day of the month that a day lies in; of a month that is shorter its last."""
    year, month, _ = civil(within)
    length = calendar.monthrange(year % 400 + 400, month)[1]  # the calendar repeats itself after 400 years
    return day_of(year, month, min(day, length))


def _at(day: int, clock: str, zone: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    return wall_us(day * MICROSECONDS["d"] + hour * _HOUR_US + minute * MICROSECONDS["min"], zone)
