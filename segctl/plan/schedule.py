"""When an extension is due: schedules in the project's zone, without a clock of their own."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from segctl.logic.times import local_us, to_us

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    local = (_EPOCH + timedelta(microseconds=as_of_us)).astimezone(ZoneInfo(zone))
    if form == "hourly":
        return to_us(local.replace(minute=0, second=0, microsecond=0).astimezone(UTC))
    clock = rest[-1]
    due = [_at(day, clock, zone) for day in _days(form, rest[0], local.date())]
    return max(instant for instant in due if instant <= as_of_us)


def _days(form: str, which: str, today: date) -> list[date]:
    """The last two days on which it is due: the later one may lie ahead by some hours."""
    if form == "weekly":
        start = today - timedelta(days=(today.weekday() - _WEEKDAYS.index(which)) % 7)
        return [start - timedelta(days=7), start]
    if form == "monthly":
        first = today.replace(day=1)
        return [_in_month(month, int(which)) for month in (first - timedelta(days=1), first)]
    return [today - timedelta(days=1), today]


def _in_month(month: date, day: int) -> date:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _at(day: date, clock: str, zone: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    return local_us(datetime(day.year, day.month, day.day, hour, minute), zone)  # noqa: DTZ001 local_us puts the zone to it
