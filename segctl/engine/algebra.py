"""All and any of several answers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from segctl.engine.source import Bits


def joined(parts: Iterable[Bits], size: int, *, every: bool) -> Bits:
    """Where every part is true, or any; of no parts, everywhere or nowhere."""
    result = np.full(size, every, dtype=np.bool_)
    for part in parts:
        if every:
            result &= part
        else:
            result |= part
    return result
