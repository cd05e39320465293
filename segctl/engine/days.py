"""Local calendar days of many instants at once."""

from __future__ import annotations

import numpy as np

from segctl.engine.source import Ints
from segctl.logic.calendar import INFINITE_US
from segctl.logic.times import DAY_US, SECOND_US, transitions

_PERIOD = 2**45
"""About 400 days: tables of a zone's changes are asked for by such periods, so that few are made."""

_FEW = 256


def local_days(times: Ints, zone: str) -> Ints:
    """Days since 1970 on the calendar of a zone."""
    if not len(times):
        return np.zeros(0, dtype=np.int64)
    table = [change for one in _periods(times) for change in transitions(zone, one * _PERIOD, (one + 1) * _PERIOD)]
    offsets = np.array([seconds * SECOND_US for _, seconds in table], dtype=np.int64)
    if len(table) == 1:
        return _days(times, offsets[0])
    changes = np.array([instant for instant, _ in table[1:]], dtype=np.int64)
    return _days(times, offsets[np.searchsorted(changes, times, side="right")])


def _days(times: Ints, offsets: Ints | np.int64) -> Ints:
    """The days of the wall clock; at the ends of 64 bits the sum of both would wrap round."""
    if times.max() < INFINITE_US - DAY_US and times.min() > DAY_US - INFINITE_US:
        return np.asarray((times + offsets) // DAY_US)
    return np.asarray(times // DAY_US + (times % DAY_US + offsets) // DAY_US)


def _periods(times: Ints) -> list[int]:
    """The periods that hold some of the instants; a few far ones (9999-12-31 for never) cost no centuries between."""
    first, last = int(times.min()) // _PERIOD, int(times.max()) // _PERIOD
    if last - first < _FEW:
        return list(range(first, last + 1))
    return [int(one) for one in np.unique(times // _PERIOD)]
