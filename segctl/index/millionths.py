"""Numbers as whole millionths, rounded exactly (law 7)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.index.column import Bits, Ints, Values
from segctl.logic.types import Scalar

MILLION = 1_000_000
LARGEST = 1 << 63
"""Absolute sums from here on are an error that names the column."""

_HALVES_END = float(1 << 52)
_INT_END = LARGEST // MILLION


@dataclass(frozen=True, eq=False)
class Millionths:
    """Each value times a million, ties to even, 0 where missing; `large` values alone are beyond what sums can hold."""

    values: Ints
    counted: Bits | None
    large: Bits | None = None

    def bound(self, start: int, stop: int) -> int:
        """The sum of the absolute values of some rows, exactly; `LARGEST` at least if one alone is too large."""
        if self.large is not None and self.large[start:stop].any():
            return LARGEST
        return absolute_sum(self.values[start:stop])


def millionths(column: Values) -> Millionths:
    """The millionths of integers or doubles."""
    if column.type is Scalar.INT:
        return _of_integers(column)
    return _of_doubles(np.asarray(column.values, dtype=np.float64))


def absolute_sum(values: Ints) -> int:
    """The exact sum of the absolute values."""
    magnitudes = np.abs(values).view(np.uint64)
    high = int((magnitudes >> np.uint64(32)).sum(dtype=np.uint64))
    low = int((magnitudes & np.uint64(0xFFFFFFFF)).sum(dtype=np.uint64))
    return (high << 32) + low


def _of_integers(column: Values) -> Millionths:
    values = np.asarray(column.values, dtype=np.int64)
    if column.valid is not None:
        values = np.where(column.valid, values, 0)
    large = (values > _INT_END) | (values < -_INT_END)
    if large.any():
        return Millionths(np.where(large, 0, values) * MILLION, column.valid, large)
    return Millionths(values * MILLION, column.valid)


def _of_doubles(values: npt.NDArray[np.float64]) -> Millionths:
    there = ~np.isnan(values)
    if there.all():
        return _of_present(values)
    made = _of_present(values[there])  # often few: a table of many events has a property on one of them
    return Millionths(_spread(made.values, there), there, None if made.large is None else _spread(made.large, there))


def _spread(values: npt.NDArray[Any], there: Bits) -> npt.NDArray[Any]:
    """The values at their rows, 0 at the others."""
    rows = np.zeros(len(there), dtype=values.dtype)
    rows[there] = values
    return rows


def _of_present(values: npt.NDArray[np.float64]) -> Millionths:
    large = np.abs(values) > _INT_END
    present = np.where(large, 0.0, values)
    scaled = present * MILLION
    rounded = np.rint(scaled)
    # Below 2^52 the product is on the same side of every half as the exact one, unless it is a half
    # itself: all halves are doubles there, and rounding never crosses a double.
    doubtful = (np.abs(scaled - rounded) == 0.5) | (np.abs(scaled) >= _HALVES_END)  # noqa: PLR2004
    result = np.where(doubtful, 0.0, rounded).astype(np.int64)
    if doubtful.any():
        whole = doubtful & (np.rint(present) == present)
        result[whole] = present[whole].astype(np.int64) * MILLION
        broken = doubtful & ~whole
        result[broken] = [round(Fraction(value) * MILLION) for value in present[broken].tolist()]  # ties to even
    return Millionths(result, None, large if large.any() else None)
