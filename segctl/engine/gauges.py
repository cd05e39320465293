"""From tallies to values: one column over the users of a shard (law 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.engine.distinct import Distinct, LocalDays
from segctl.engine.medians import Median
from segctl.engine.occurrences import Occurrences
from segctl.engine.periods import Periods
from segctl.engine.plan import Constant, Gauge, Operation, Tally
from segctl.engine.source import Bits, ColumnData, Ints, Values
from segctl.engine.tallies import Extreme, Moment, RowCount, Sum, Tallied, ValueCount
from segctl.engine.thresholds import Doubles
from segctl.index.physical import missing
from segctl.index.view import widened
from segctl.logic.exact import MILLION
from segctl.logic.types import Opaque, Scalar, Type

MILLIONTHS = Opaque("millionths")
"""The type of a sum that is to be in whole millionths: integers."""

_EXACT = 2**53
"""Up to here every integer is a double, and a quotient of doubles is the nearest to the exact one."""

_SIGNS: Mapping[str, np.ufunc] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


def gauged(gauge: Gauge, tallied: Mapping[Tally, Tallied], size: int) -> ColumnData:
    """The values of `size` users."""
    match [tallied[tally] for tally in gauge.tallies]:
        case [Sum(sums=sums), ValueCount(counts=counts)]:
            return _ratios(sums, counts)
        case [Median(ratios=ratios)]:
            return _ratios(ratios.numerators, ratios.denominators)
        case [Moment() as moment]:
            return _valid(Scalar.TIME, moment.times, moment.seen)
        case [Extreme() as extreme]:
            return _extremes(extreme, gauge.type, size)
        case [Occurrences() as occurrences]:
            return widened(occurrences.chosen(gauge.kind), gauge.type)
        case [single]:
            return _number(single, gauge.type)
    raise TypeError(f"nothing is measured by {gauge.tallies}")


def constant(value: Constant, size: int) -> ColumnData:
    """The same for `size` users."""
    if value.number is None:
        return missing(value.type, size)
    numbers = np.full(size, value.number)
    if value.type is Scalar.FLOAT:
        return Values(Scalar.FLOAT, numbers)
    return Values(Scalar.INT, numbers.astype(np.int64))


def operated(step: Operation, left: ColumnData, right: ColumnData) -> Values:
    """Arithmetic of doubles; what is no finite number is missing."""
    if not isinstance(left, Values) or not isinstance(right, Values):
        raise TypeError("arithmetic is of numbers")
    with np.errstate(all="ignore"):
        found: Doubles = _SIGNS[step.sign](left.values, right.values)
    return Values(Scalar.FLOAT, np.where(np.isfinite(found), found, np.nan) + 0.0)


def _number(tally: Tallied, kind: Type) -> Values:
    match tally:
        case Sum(sums=sums):
            return _sums(sums, kind)
        case RowCount(counts=counts) | ValueCount(counts=counts):
            return _integers(counts, kind)
        case Distinct() | LocalDays() | Periods():
            return _integers(tally.counts, kind)
    raise TypeError(f"{type(tally).__name__} gives no number")


def _integers(numbers: Ints, kind: Type) -> Values:
    if kind is Scalar.FLOAT:
        return Values(Scalar.FLOAT, numbers.astype(np.float64))
    return Values(Scalar.INT, numbers.astype(np.int64, copy=False))


def _sums(sums: Ints, kind: Type) -> Values:
    if kind is Scalar.FLOAT:
        return Values(Scalar.FLOAT, quotients(sums, np.full(len(sums), MILLION)))
    return Values(Scalar.INT, sums if kind == MILLIONTHS else sums // MILLION)


def _ratios(numerators: Ints, denominators: Ints) -> Values:
    """Numbers in millionths; there is none over 0."""
    found = np.full(len(numerators), np.nan)
    there = denominators > 0
    found[there] = quotients(numerators[there], denominators[there] * MILLION)
    return Values(Scalar.FLOAT, found)


def quotients(numerators: Ints, denominators: Ints) -> Doubles:
    """The doubles nearest to the exact quotients; denominators are above zero."""
    found: Doubles = np.true_divide(numerators, denominators)
    inexact = (numerators > _EXACT) | (numerators < -_EXACT) | (denominators > _EXACT)
    for place in np.flatnonzero(inexact).tolist():
        found[place] = int(numerators[place]) / int(denominators[place])
    return found


def _extremes(extreme: Extreme, kind: Type, size: int) -> ColumnData:
    """The one of integers and floats that is the greater, or the lesser."""
    found = [_best(best, extreme.seen[of], kind) for of, best in extreme.best.items()]
    if not found or not isinstance(kind, Scalar):
        return missing(kind, size)
    if kind is not Scalar.FLOAT:
        return found[0]
    better = np.fmax if extreme.greatest else np.fmin
    values = found[0].values if len(found) == 1 else better(found[0].values, found[1].values)
    return Values(kind, values + 0.0)


def _best(best: npt.NDArray[Any], seen: Bits, kind: Type) -> Values:
    if kind is Scalar.FLOAT:
        return Values(Scalar.FLOAT, np.where(seen, best.astype(np.float64), np.nan))
    return _valid(Scalar.INT, best.astype(np.int64), seen)


def _valid(kind: Scalar, values: Ints, seen: Bits) -> Values:
    """Values where they were seen, and 0 elsewhere."""
    return Values(kind, values, None) if seen.all() else Values(kind, np.where(seen, values, 0), seen)
