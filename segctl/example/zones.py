"""Local times to instants and back, for whole arrays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from segctl.example.seasons import DAY_US, HOUR_US, SECOND_US, Ints

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def offsets(instants: Ints, zone: str) -> Ints:
    """The zone's offset from UTC at each instant, microseconds; zones here change on full hours."""
    hours, rows = np.unique(instants // HOUR_US, return_inverse=True)
    place = ZoneInfo(zone)
    by_hour = [(_EPOCH + timedelta(hours=int(hour))).astimezone(place).utcoffset() for hour in hours]
    seconds = [int(offset.total_seconds()) if offset else 0 for offset in by_hour]
    return np.array(seconds, np.int64)[rows] * SECOND_US


class Zones:
    """The offsets of some zones, one per local day: exact but for the few hours around a change of the clocks."""

    def __init__(self, names: tuple[str, ...], first: int, last: int) -> None:
        noons = np.arange(first, last + 1) * DAY_US + DAY_US // 2
        self.names = names
        self._first = first
        self._table = np.stack([offsets(noons, name) for name in names])

    def instants(self, zones: Ints, days: Ints, times: Ints) -> Ints:
        """The instants of local times of day (microseconds) on local days, in the zones numbered so."""
        return days * DAY_US + times - self._table[zones, days - self._first]
