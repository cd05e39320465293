"""When people shop: the two years of the example, its seasons, its weekdays, its hours.

Days are whole days since 1970; instants are UTC microseconds since 1970.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
SECOND_US = 1_000_000

EPOCH = date(1970, 1, 1)
AS_OF = datetime(2026, 11, 22, tzinfo=UTC)
"""The instant at which the example is looked at: `segctl plan --as-of 2026-11-22`."""

OPENED = date(2022, 3, 1)
"""The first account was made on this day."""

FIRST_DAY = date(2024, 11, 22)
"""The first local day of which there are events."""

END_US = int(datetime(2026, 11, 21, 23, tzinfo=UTC).timestamp()) * SECOND_US
"""Midnight in Paris before AS_OF: the export ends here, so no event lies at or after either."""

_YEAR = (
    (101, 0.85), (108, 1.35), (125, 1.25), (205, 0.95), (315, 1.0), (525, 1.1), (622, 1.25), (714, 0.9), (808, 0.62),
    (820, 0.66), (908, 1.1), (1015, 1.0), (1110, 1.15), (1205, 1.55), (1218, 1.75), (1223, 0.9), (1225, 0.4),
    (1231, 0.8),
)  # fmt: skip
"""Demand through the year, as (month and day, level): January sales, a summer dip, Christmas."""

_BLACK_FRIDAY = {-4: 1.3, -3: 1.3, -2: 1.5, -1: 1.8, 0: 3.0, 1: 2.2, 2: 1.9, 3: 2.4}
_WEEKDAYS = (1.02, 0.96, 0.98, 0.97, 0.92, 1.0, 1.18)
_WORKDAY_HOURS = (4, 2, 1, 1, 1, 2, 6, 14, 20, 22, 24, 26, 38, 34, 24, 22, 24, 30, 38, 48, 62, 66, 48, 20)
_WEEKEND_HOURS = (8, 4, 2, 1, 1, 1, 3, 8, 20, 36, 48, 50, 44, 42, 46, 48, 46, 44, 42, 46, 54, 52, 36, 18)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The date of a number of days since 1970."""
    return EPOCH + timedelta(days=number)


FIRST = day_number(FIRST_DAY)
LAST = day_number(AS_OF.date()) - 1
"""The first and the last local day with events."""


def black_friday(year: int) -> date:
    """The Friday after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def _level(day: date) -> float:
    knots = np.array([day_number(date(day.year, mark // 100, mark % 100)) for mark, _ in _YEAR])
    yearly = float(np.interp(day_number(day), knots, [level for _, level in _YEAR]))
    friday = _BLACK_FRIDAY.get((day - black_friday(day.year)).days, 1.0)
    return yearly * friday * _WEEKDAYS[day.weekday()]


def demand(first: int, last: int) -> Floats:
    """The demand of each day from first to last, both included; an ordinary day is about 1."""
    return np.array([_level(day_of(number)) for number in range(first, last + 1)])


def draw_hours(rng: np.random.Generator, days: Ints) -> Ints:
    """A local time of each day, in microseconds from midnight, by the habits of its weekday."""
    weekend = (days + 3) % 7 >= 5  # noqa: PLR2004  (1970-01-01 was a Thursday; 5 and 6 are the weekend)
    hours = np.empty(len(days), np.int64)
    for profile, rows in ((_WORKDAY_HOURS, ~weekend), (_WEEKEND_HOURS, weekend)):
        weights = np.array(profile, float)
        hours[rows] = rng.choice(24, int(rows.sum()), p=weights / weights.sum())
    return hours * HOUR_US + rng.integers(0, HOUR_US // 1000, len(days)) * 1000
