"""Local times to instants, a whole column at once."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

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
        return local - _offsets(local, zone, first)
    blocks = local // _BLOCK  # a stray year 9999 must not cost a table of 8,000 years
    utc = np.empty_like(local)
    for block in np.unique(blocks).tolist():
        rows = blocks == block
        utc[rows] = local[rows] - _offsets(local[rows], zone, block)
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
