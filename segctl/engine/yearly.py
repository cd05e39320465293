"""Days of the year of many dates or times at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.engine.days import local_days
from segctl.index.column import Bits, Ints
from segctl.logic.bound import RelativeYearDays, YearDays
from segctl.logic.times import local_day

_LEAP_DAY, _FIRST_OF_MARCH = 229, 301
_FIRST, _LAST = 101, 1231
_YEAR = 400
_CENTURY = 100
_FOUR = 4


def year_days(test: RelativeYearDays, as_of_us: int) -> YearDays:
    """The test with fixed days."""
    today = local_day(as_of_us, test.zone)
    common = not _is_leap(_year(today))
    low, high = (test.low, test.high) if test.days is None else _around(today, test.days, common=common)
    crossing = low > high
    if common:
        low, high = (_FIRST_OF_MARCH if limit == _LEAP_DAY else limit for limit in (low, high))
    if crossing and low <= high:  # from the 1st of March to what has become the same day, a year later
        low, high = _FIRST, _LAST
    return YearDays(low, high, common, test.zone, test.of_dates)


def _around(today: int, days: int, *, common: bool) -> tuple[int, int]:
    """From the first to the last day. Nobody is born on a leap day where it counts as the 1st of March."""
    first, last = (today, today + days - 1) if days > 0 else (today + days + 1, today)
    keys = month_days(np.array([first, last], dtype=np.int64)).tolist()
    return keys[0], _LEAP_DAY - 1 if common and keys[1] == _LEAP_DAY else keys[1]


def on_year_days(values: npt.NDArray[Any], test: YearDays) -> Bits:
    """Which dates or times lie in the range; what a missing value says means nothing."""
    if not len(values):
        return np.zeros(0, dtype=np.bool_)
    days = values if test.of_dates else local_days(values, test.zone)
    passing = _passing(test)
    first, last = int(days.min()), int(days.max())
    if last - first > len(days):
        return passing[month_days(days)]
    return passing[month_days(np.arange(first, last + 1))][days - first]  # most days are those of many


def _passing(test: YearDays) -> Bits:
    """By its key, whether a day passes."""
    keys = np.arange(_LAST + 1)
    if test.common:
        keys[_LEAP_DAY] = _FIRST_OF_MARCH
    above, below = keys >= test.low, keys <= test.high
    return np.asarray(above | below if test.low > test.high else above & below)


def month_days(days: npt.NDArray[Any]) -> Ints:
    """The month * 100 + day of days since 1970."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    numbers = (dates - months).astype(np.int64)
    return np.asarray((months.astype(np.int64) % 12 + 1) * 100 + numbers + 1)


def _year(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64)) + 1970


def _is_leap(year: int) -> bool:
    return year % _YEAR == 0 or (year % _FOUR == 0 and year % _CENTURY != 0)
