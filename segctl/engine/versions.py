"""Versions, parsed once for a column's dictionary."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segctl.index.column import Bits
from segctl.logic.bound import Versions
from segctl.model.versions import Order, version_order


def in_versions(texts: pa.Array, test: Versions) -> Bits:
    """Which texts are versions, and between the two."""
    low, high = (None if limit is None else version_order(limit) for limit in (test.low, test.high))
    passed = (_between(version_order(text), low, high, test) for text in texts.to_pylist())
    return np.fromiter(passed, dtype=np.bool_, count=len(texts))


def _between(version: Order | None, low: Order | None, high: Order | None, test: Versions) -> bool:
    if version is None:
        return False
    above = low is None or (version > low if test.low_open else version >= low)
    below = high is None or (version < high if test.high_open else version <= high)
    return above and below
