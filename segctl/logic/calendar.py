"""The Gregorian calendar over all days and instants, and the one place that writes them as text.

Python's datetime covers the years 1 to 9999. A column holds more: int32 days, int64 microseconds, and at their ends
the infinity of databases. Years beyond four digits are written as ISO 8601 does: `+10000-01-01`, `-0001-12-31`.
"""

from __future__ import annotations

from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()
_CYCLE, _CYCLE_YEARS = 146_097, 400
"""The calendar repeats itself after 400 years."""
DAY_US = 86_400_000_000
_SECOND_US = 1_000_000
_LAST_OF_FOUR_DIGITS = 9999

INFINITE_US = 2**63 - 1
"""The instant that databases write for `infinity`, and with a minus for `-infinity`."""
INFINITE_DAY = 2**31 - 1
"""The same of days."""


def civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of the month of a day since 1970."""
    cycles, rest = divmod(day + _EPOCH - 1, _CYCLE)
    found = date.fromordinal(rest + 1)
    return found.year + cycles * _CYCLE_YEARS, found.month, found.day


def day_of(year: int, month: int, day: int) -> int:
    """The day since 1970 of a date of any year."""
    cycles, rest = divmod(year - 1, _CYCLE_YEARS)
    return date(rest + 1, month, day).toordinal() + cycles * _CYCLE - _EPOCH


def infinite(us: int) -> bool:
    """Whether an instant stands for `infinity` or `-infinity`."""
    return abs(us) >= INFINITE_US


def date_text(day: int) -> str:
    """`2026-01-31`; at the ends of what a column holds `infinity` and `-infinity`."""
    if abs(day) >= INFINITE_DAY:
        return "infinity" if day > 0 else "-infinity"
    year, month, number = civil(day)
    sign = "" if 0 <= year <= _LAST_OF_FOUR_DIGITS else "-" if year < 0 else "+"
    return f"{sign}{abs(year):04d}-{month:02d}-{number:02d}"


def clock_text(wall_us: int, between: str = "T", *, fraction: bool = True) -> str:
    """`2026-01-31T09:00:00` of microseconds since 1970 on a wall clock, with the fraction if there is one."""
    day, rest = divmod(wall_us, DAY_US)
    seconds, micro = divmod(rest, _SECOND_US)
    minutes, second = divmod(seconds, 60)
    text = f"{date_text(day)}{between}{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
    return f"{text}.{micro:06d}" if micro and fraction else text


def instant_text(us: int) -> str:
    """`2026-01-31T09:00:00Z` of an instant, exact; `infinity` and `-infinity` at the ends."""
    if infinite(us):
        return "infinity" if us > 0 else "-infinity"
    return f"{clock_text(us)}Z"
