"""Local calendar days of many instants at once."""

from __future__ import annotations

import numpy as np

from segctl.engine.source import Ints
from segctl.logic.times import DAY_US, SECOND_US, transitions

_PERIOD = 2**45
"""About 400 days: tables of a zone's changes are asked for by such periods, so that few are made."""


def local_days(times: Ints, zone: str) -> Ints:
    """Days since 1970 on the calendar of a zone."""
    if not len(times):
        return np.zeros(0, dtype=np.int64)
    low = int(times.min()) // _PERIOD * _PERIOD
    high = (int(times.max()) // _PERIOD + 1) * _PERIOD
    table = transitions(zone, low, high)
    offsets = np.array([seconds * SECOND_US for _, seconds in table], dtype=np.int64)
    if len(table) == 1:
        return np.asarray((times + offsets[0]) // DAY_US)
    changes = np.array([instant for instant, _ in table[1:]], dtype=np.int64)
    days: Ints = (times + offsets[np.searchsorted(changes, times, side="right")]) // DAY_US
    return days
