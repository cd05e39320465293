"""Local days and instants: the only place where time zones are looked at (laws 5 and 6).

An instant is UTC microseconds since 1970, a day is a number of days since 1970.
"""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from segctl.logic import calendar
from segctl.logic.bound import At, Date, Day, Instant, LocalMidnight, LocalMonday, Today
from segctl.logic.nodes import Ago
from segctl.model.values import MICROSECONDS
from segctl.model.written import FIRST_YEAR, LAST_YEAR, parse_written

DAY_US = MICROSECONDS["d"]
SECOND_US = MICROSECONDS["s"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EARLIEST = -719_160 * DAY_US
_LATEST = 2_932_894 * DAY_US
"""A few days inside the years 1 and 9999, which Python's clock cannot leave."""
_STEP = 5 * DAY_US
_THURSDAY = 3
"""1970 began on a Thursday, the fourth day of a week."""


def to_us(moment: datetime) -> int:
    """The instant of a date-time that has a zone or an offset."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - _EPOCH_ORDINAL


def local_us(moment: datetime, zone: str) -> int:
    """The instant of a date-time; without an offset it is local.

    The earlier of two at the end of summer time; one that is skipped is read with the offset before.
    """
    return to_us(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone), fold=0))


def wall_us(wall: int, zone: str) -> int:
    """The instant of microseconds since 1970 on a wall clock, like `local_us`; also beyond the years 1 to 9999."""
    day, rest = divmod(wall, DAY_US)
    if not _has_date(day):
        return wall - offset_us(wall, zone)  # no clock changes there
    return local_us(datetime.fromordinal(day + _EPOCH_ORDINAL) + timedelta(microseconds=rest), zone)


def _has_date(day: int) -> bool:
    return date.min.toordinal() <= day + _EPOCH_ORDINAL <= date.max.toordinal()


def written_us(text: str, zone: str) -> int:
    """The instant of a written date (its start) or date-time.

    Raises:
        PydanticCustomError: it is neither.
    """
    written = parse_written(text)
    return local_us(written, zone) if isinstance(written, datetime) else day_start(day_number(written), zone)


def canonical(text: str) -> str:
    """One text for all ways to write the same date or date-time; what is none stays as it is."""
    try:
        written = parse_written(text)
    except PydanticCustomError:
        return text
    if isinstance(written, datetime) and written.tzinfo:
        instant = to_us(written)
        return calendar.instant_text(instant) if _can_be_written(instant) else text
    return written.isoformat()


def _can_be_written(instant: int) -> bool:
    return FIRST_YEAR <= calendar.civil(instant // DAY_US)[0] <= LAST_YEAR


def offset_us(instant: int, zone: str) -> int:
    """What local time is ahead of UTC at an instant."""
    return _offset_seconds(instant, ZoneInfo(zone)) * SECOND_US


def _offset_seconds(instant: int, zone: tzinfo) -> int:
    moment = _EPOCH + timedelta(microseconds=min(max(instant, _EARLIEST), _LATEST))
    return (moment.astimezone(zone).utcoffset() or timedelta(0)) // timedelta(seconds=1)


def local_day(instant: int, zone: str) -> int:
    """The day on the calendar of a zone."""
    return (instant + offset_us(instant, zone)) // DAY_US


def day_start(day: int, zone: str) -> int:
    """The first instant at which local time is at or past the day's midnight."""
    first = wall_us(day * DAY_US, zone)
    if not _has_date(day):
        return first
    midnight = datetime.fromordinal(day + _EPOCH_ORDINAL)
    after_gap = to_us(midnight.replace(tzinfo=ZoneInfo(zone), fold=1))
    if after_gap < first:  # the clocks skip this midnight: the day starts where they do
        return transitions(zone, after_gap, first)[-1][0]
    return first


def transitions(zone: str, low: int, high: int) -> tuple[tuple[int, int], ...]:
    """(instant, seconds ahead of UTC from then on): at `low` first, then every change after it, up to `high`.

    The table is looked for five days at a time, and exact: no zone has ever changed twice within six.
    """
    return _transitions(ZoneInfo(zone), low, high)


@functools.lru_cache(maxsize=16_384)  # more than the 400 days that 10,000 years have
def _transitions(zone: tzinfo, low: int, high: int) -> tuple[tuple[int, int], ...]:
    table = [(low, _offset_seconds(low, zone))]
    before, end = max(low, _EARLIEST), min(high, _LATEST)
    while before < end:
        after = min(before + _STEP, end)
        offset = _offset_seconds(after, zone)
        if offset != table[-1][1]:
            table.append((_change(zone, before, after), offset))
        before = after
    return tuple(table)


def _change(zone: tzinfo, before: int, after: int) -> int:
    """The first instant, after `before` and up to `after`, with the offset of `after`."""
    offset = _offset_seconds(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_seconds(middle, zone) == offset:
            after = middle
        else:
            before = middle
    return after


def instant_of(instant: Instant, as_of: int) -> int:
    """The instant that is meant, at a given as_of."""
    match instant:
        case At(us):
            return us
        case Ago(us):
            return as_of - us
        case LocalMidnight(days_before, zone):
            return day_start(local_day(as_of, zone) - days_before, zone)


def monday(as_of: int, meant: LocalMonday) -> int:
    """The start of the local Monday at or before as_of, or of that so many weeks before."""
    day = local_day(as_of, meant.zone)
    return day_start(day - (day + _THURSDAY) % 7 - 7 * meant.weeks_before, meant.zone)


def day_of(day: Day, as_of: int) -> int:
    """The day that is meant, at a given as_of."""
    match day:
        case Date(days):
            return days
        case Today(plus, zone):
            return local_day(as_of, zone) + plus


def duration_text(length: int) -> str:
    """Microseconds as a duration in the largest unit that divides them: `30d`, `36h`."""
    for unit in ("d", "h", "min"):
        if length and length % MICROSECONDS[unit] == 0:
            return f"{length // MICROSECONDS[unit]}{unit}"
    return f"{length // SECOND_US}s"
