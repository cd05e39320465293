"""Dates and instants as they are written: `2026-01-31`, `2026-01-31 09:00`, `2026-01-31T09:00:00Z`."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from segctl.model.values import problem
from segctl.model.wording import quoted

FIRST_YEAR = 1
LAST_YEAR = 9999

_LARGEST_OFFSET = timedelta(hours=18)
_FORMS = "`2026-01-31`, `2026-01-31 09:00` or `2026-01-31T09:00:00Z`"
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?")
_OFFSET = re.compile(r"Z|([+-])([0-9]{2}):([0-9]{2})")


def parse_written(text: str) -> date | datetime:
    """The `date` that is written, or the `datetime`: naive, or with the offset that is written.

    Raises:
        PydanticCustomError: neither a date nor an instant, or not of the years 1 to 9999.
    """
    head = _DATE.match(text)
    if head is None:
        raise problem("bad-date", f"{quoted(text)} is not a date or an instant", f"write it as {_FORMS}")
    day = _day(text, *(int(part) for part in head.groups()))
    if head.end() == len(text):
        return day
    clock = _TIME.match(text, head.end())
    if clock is None:
        raise problem("bad-date", f"{quoted(text)} is not an instant", f"write it as {_FORMS}")
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3])
    micro = int((clock[4] or "").ljust(6, "0"))
    zone = _zone(text, clock.end())
    try:
        return datetime.combine(day, time(hour, minute, second, micro, zone))
    except ValueError:
        raise problem(
            "bad-date", f"{quoted(text)} has no such time of day", "hours are 00 to 23, minutes and seconds 00 to 59"
        ) from None


def _day(text: str, year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        years = f"{FIRST_YEAR:04d} to {LAST_YEAR}"
        raise problem("bad-date", f"{quoted(text)} is not of the years {years}", "correct the year")
    if not 1 <= month <= 12:  # noqa: PLR2004 months of a year
        hint = "write year, month, day: `2026-01-31`"
        raise problem("bad-date", f"{quoted(text)} has no such month: {month:02}", hint)
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise problem("bad-date", f"{quoted(text)} has no such day", f"{year}-{month:02} has the days 01 to {days}")
    return date(year, month, day)


def _zone(text: str, start: int) -> timezone | None:
    """The offset that is written from `start` to the end, or None if nothing is."""
    if start == len(text):
        return None
    match = _OFFSET.fullmatch(text, start)
    if match is None:
        raise problem("bad-date", f"{quoted(text)} is not an instant", f"write it as {_FORMS}")
    if match[1] is None:
        return UTC
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset > _LARGEST_OFFSET or int(match[3]) > 59:  # noqa: PLR2004 minutes of an hour
        raise problem("bad-date", f"{quoted(text)} has no such offset from UTC", "write it as `Z` or like `+02:00`")
    return timezone(-offset if match[1] == "-" else offset)
