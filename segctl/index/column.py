"""The physical form of a column: flat numpy arrays over memory-mapped Arrow files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.logic.types import ListOf, Scalar

Bits = npt.NDArray[np.bool_]
"""One boolean per user of a shard, or per row of a slice."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Values:
    """The values of a scalar column, one per row.

    By type: BOOL bool; INT int64; FLOAT float64 (missing is NaN); STRING int32 codes into
    `dictionary` (missing is -1; the dictionary's texts are distinct); DATE int32 days since 1970;
    TIME int64 UTC microseconds. `valid` is None where all values are present; it is always None
    for FLOAT and STRING, whose missing values speak for themselves.
    """

    type: Scalar
    values: npt.NDArray[Any]
    valid: Bits | None = None
    dictionary: pa.Array | None = None

    def slice(self, start: int, stop: int) -> Values:
        """The rows from start to stop, without copying."""
        valid = None if self.valid is None else self.valid[start:stop]
        return Values(self.type, self.values[start:stop], valid, self.dictionary)


@dataclass(frozen=True)
class Lists:
    """A column of lists: row i holds elements offsets[i] up to offsets[i + 1]; `valid` None means no null list.

    Of elements that are structs only the presence is here; what they have is in columns of the same offsets.
    """

    type: ListOf
    offsets: Ints
    elements: ColumnData
    valid: Bits | None = None

    def slice(self, start: int, stop: int) -> Lists:
        """The rows from start to stop, without copying; their offsets need not begin at 0."""
        valid = None if self.valid is None else self.valid[start:stop]
        return Lists(self.type, self.offsets[start : stop + 1], self.elements, valid)


@dataclass(frozen=True)
class Presence:
    """A column of which only it is known which rows have a value (structs and the like)."""

    valid: Bits

    def slice(self, start: int, stop: int) -> Presence:
        """The rows from start to stop, without copying."""
        return Presence(self.valid[start:stop])


ColumnData = Values | Lists | Presence
