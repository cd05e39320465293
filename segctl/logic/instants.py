"""The instants at which one condition can change while its data stay the same.

Some of them are too many: between two of them, none is missing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from segctl.logic import bound, times
from segctl.logic.calendar import civil, day_of
from segctl.logic.interpret import User, World
from segctl.logic.relative import Anchors, Relative, anchors, relative
from segctl.logic.sweep import can_be_swept, turns
from segctl.logic.times import DAY_US

_STANDING = (bound.RankTest, bound.RfmTest)
"""What others do decides them as well: they are taken as they stand."""

_AROUND = (-2, -1, 0, 1, 2)
"""Days near the one that is meant: a leap day, or a clock that goes back over midnight, is never missed."""


def instants(condition: bound.Node, user: User, world: World, last_us: int) -> list[int]:
    """All of them, sorted, after as_of and up to `last_us` (UTC microseconds).

    The user's events are those that can ever count (`relative.rows_of`).
    """
    if isinstance(condition, _STANDING):
        return []
    if isinstance(condition, bound.EventTest) and can_be_swept(condition):
        every = set(turns(condition, user.events, world.as_of_us))
    else:
        found = relative(condition)
        when = anchors(found, user, world)
        reach = _Reach(found, world.as_of_us, last_us)
        every = {us for instant in when.instants for us in reach.from_instant(instant)}
        every |= {us for zone in found.zones for us in reach.by_days(when, zone)}
    return sorted(us for us in every if world.as_of_us < us <= last_us)


class _Reach:
    """From the user's instants and days to those of as_of."""

    def __init__(self, found: Relative, as_of_us: int, last_us: int) -> None:
        self.found = found
        self.as_of_us = as_of_us
        self.last_us = last_us

    def from_instant(self, instant: int) -> Iterator[int]:
        """When it is passed by as_of, and by every limit: windows are half open, so that it is a microsecond after."""
        for length in {0, *self.found.lengths}:
            yield instant + length + 1

    def by_days(self, when: Anchors, zone: str) -> Iterator[int]:
        """The starts of all local days that matter, and changes of the clocks near them."""
        low, high = times.local_day(self.as_of_us, zone) - 1, times.local_day(self.last_us, zone) + 1
        own = {*when.days, *(times.local_day(us, zone) for us in when.instants)}
        wanted = {day + days + near for day in own for days in self.found.days for near in _AROUND}
        if self.found.yearly:
            wanted |= {day for one in own for day in self._yearly(one, low, high)}
        if self.found.mondays:
            wanted |= set(self._mondays(when, zone, low, high))
        for day in sorted(wanted):
            if low <= day <= high:
                yield from _starts(day, zone)

    def _yearly(self, day: int, low: int, high: int) -> Iterator[int]:
        """The day of the year and what lies so many days around it, in every year; every new year."""
        for year in range(civil(low)[0], civil(high)[0] + 1):
            new_year = day_of(year, 1, 1)
            yield new_year
            yearly = new_year + _day_of_year(day)
            for days in self.found.yearly:
                for near in _AROUND:
                    yield from (yearly + days + near, yearly - days + near)
        yield day_of(civil(high)[0] + 1, 1, 1)

    def _mondays(self, when: Anchors, zone: str, low: int, high: int) -> Iterator[int]:
        """Every Monday until the last of what was sent is out of every look-back."""
        last = max((times.local_day(us, zone) for us in when.instants), default=low)
        weeks = max(self.found.mondays) + 3
        first = low + (4 - low) % 7  # 1970 began on a Thursday: Mondays are 4 of 7
        return iter(range(first, min(max(last, low) + 7 * weeks, high + 1), 7))


@functools.lru_cache(maxsize=4096)
def _starts(day: int, zone: str) -> tuple[int, ...]:
    """The start of a local day, and the changes of the clocks within a day of it."""
    start = times.day_start(day, zone)
    changes = times.transitions(zone, start - DAY_US, start + DAY_US)[1:]
    return (start, *(instant for instant, _ in changes))


def _day_of_year(day: int) -> int:
    """From 0, in the day's own year."""
    return day - day_of(civil(day)[0], 1, 1)
