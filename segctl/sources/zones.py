"""Local times to instants, a whole column at once."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.logic.calendar import INFINITE_US
from segctl.logic.times import DAY_US, SECOND_US, transitions

Ints = npt.NDArray[np.int64]

_BLOCK = 4096 * DAY_US
_MARGIN = 2 * DAY_US


def to_utc(local: Ints, zone: str) -> Ints:
    """UTC microseconds of wall-clock times given as microseconds since 1970 on the wall clock.

    A time that a change of the clock skips is read with the offset before the change, one that
    happens twice is the earlier: both follow the offset before the change (Python's fold=0).
    """
    if zone == "UTC" or not len(local):
        return local
    first, last = int(local.min()) // _BLOCK, int(local.max()) // _BLOCK
    if first == last:
        return _minus(local, _offsets(local, zone, first))
    blocks = local // _BLOCK  # a stray year 9999 must not cost a table of 8,000 years
    utc = np.empty_like(local)
    for block in np.unique(blocks).tolist():
        rows = blocks == block
        utc[rows] = _minus(local[rows], _offsets(local[rows], zone, block))
    return utc


def infinite(us: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which instants are the infinity of databases."""
    return np.asarray((us >= INFINITE_US) | (us <= -INFINITE_US))


def _minus(local: Ints, offsets: Ints) -> Ints:
    """The difference; infinity stays what it is in every zone, and nothing wraps round at the ends of 64 bits."""
    utc = local - offsets
    if local.min() < DAY_US - INFINITE_US or local.max() > INFINITE_US - DAY_US:
        far = infinite(local) | ((utc < local) != (offsets > 0)) & (offsets != 0)
        utc[far] = np.where(local[far] > 0, INFINITE_US, -INFINITE_US)
    return utc


def _offsets(local: Ints, zone: str, block: int) -> Ints:
    walls, offsets = _table(zone, block)
    return offsets[np.searchsorted(walls, local, side="right")]


@functools.lru_cache(maxsize=256)
def _table(zone: str, block: int) -> tuple[Ints, Ints]:
    """The wall-clock times from which a new offset is used, and the offsets, one more."""
    changes = transitions(zone, block * _BLOCK - _MARGIN, (block + 1) * _BLOCK + _MARGIN)
    offsets = [seconds * SECOND_US for _, seconds in changes]
    walls = [instant + max(offsets[i], offsets[i + 1]) for i, (instant, _) in enumerate(changes[1:])]
    return np.array(walls, dtype=np.int64), np.array(offsets, dtype=np.int64)
