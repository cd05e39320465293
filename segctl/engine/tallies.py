"""Numbers per user over event rows, kept while rows are gone through in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from segctl.engine.columns import present_values
from segctl.engine.distinct import Distinct, LocalDays
from segctl.engine.medians import Median
from segctl.engine.occurrences import Occurrences
from segctl.engine.parts import Chosen, Part
from segctl.engine.periods import Periods
from segctl.engine.plan import Tally, TallyKind
from segctl.engine.source import Bits, Ints, Values
from segctl.logic.bound import Column
from segctl.logic.types import Scalar

EVER, NEVER = -(2**63), 2**63 - 1
"""Before all instants, and after."""


class Tallied(Protocol):
    """Goes over rows, part by part."""

    def add(self, part: Part, chosen: Chosen) -> None:
        """Take the chosen rows of a part into account."""


@dataclass(eq=False)
class RowCount:
    """How many rows each user has."""

    counts: Ints

    def add(self, part: Part, chosen: Chosen) -> None:
        """Count the rows."""
        np.add.at(self.counts, part.users[chosen], 1)


@dataclass(eq=False)
class ValueCount:
    """How many rows with a value each user has."""

    column: Column
    counts: Ints

    def add(self, part: Part, chosen: Chosen) -> None:
        """Count the rows that have a value."""
        found = part.values(self.column, chosen)
        if found is not None:
            rows, _ = present_values(found)
            users = part.users[chosen] if rows is None else part.users[chosen][rows]
            np.add.at(self.counts, users, 1)


@dataclass(eq=False)
class Sum:
    """The sum of a number in whole millionths: integers, so that no order of rows changes it (law 7)."""

    column: Column
    sums: Ints

    def add(self, part: Part, chosen: Chosen) -> None:
        """Add the values; a missing one is 0."""
        found = part.millionths(self.column, chosen)
        if found is not None:
            np.add.at(self.sums, part.users[chosen], found)


@dataclass(eq=False)
class Extreme:
    """The least or the greatest value, apart for integers and floats, whose exact order needs no common type."""

    column: Column
    greatest: bool
    size: int
    best: dict[Scalar, npt.NDArray[Any]] = field(default_factory=dict)
    seen: dict[Scalar, Bits] = field(default_factory=dict)

    def add(self, part: Part, chosen: Chosen) -> None:
        """Compare with the best so far."""
        found = part.values(self.column, chosen)
        if found is None:
            return
        rows, values = present_values(found)
        users = part.users[chosen] if rows is None else part.users[chosen][rows]
        best, seen = self._of(found)
        (np.maximum if self.greatest else np.minimum).at(best, users, values.values)
        seen[users] = True

    def _of(self, found: Values) -> tuple[npt.NDArray[Any], Bits]:
        if found.type not in self.best:
            self.best[found.type] = np.full(self.size, self._worst(found.values.dtype), dtype=found.values.dtype)
            self.seen[found.type] = np.zeros(self.size, dtype=np.bool_)
        return self.best[found.type], self.seen[found.type]

    def _worst(self, dtype: np.dtype[Any]) -> float:
        if dtype.kind == "f":
            return -np.inf if self.greatest else np.inf
        return np.iinfo(dtype).min if self.greatest else np.iinfo(dtype).max


@dataclass(eq=False)
class Moment:
    """The first or last instant of each user's rows; before or after all instants where there is none."""

    last: bool
    times: Ints

    def add(self, part: Part, chosen: Chosen) -> None:
        """Compare with the first or last so far."""
        (np.maximum if self.last else np.minimum).at(self.times, part.users[chosen], part.times[chosen])

    @property
    def seen(self) -> Bits:
        """Who has a row."""
        return np.asarray(self.times != (EVER if self.last else NEVER))


def _zeros(size: int) -> Ints:
    return np.zeros(size, dtype=np.int64)


_MAKE: Mapping[TallyKind, Callable[[Tally, int], Tallied]] = {
    TallyKind.ROWS: lambda _, size: RowCount(_zeros(size)),
    TallyKind.VALUES: lambda tally, size: ValueCount(_column(tally), _zeros(size)),
    TallyKind.SUM: lambda tally, size: Sum(_column(tally), _zeros(size)),
    TallyKind.LEAST: lambda tally, size: Extreme(_column(tally), greatest=False, size=size),
    TallyKind.GREATEST: lambda tally, size: Extreme(_column(tally), greatest=True, size=size),
    TallyKind.DISTINCT: lambda tally, size: Distinct(_column(tally), size),
    TallyKind.DAYS: lambda tally, size: LocalDays(str(tally.zone), size),
    TallyKind.MEDIAN: lambda tally, size: Median(_column(tally), size),
    TallyKind.PERIODS: lambda tally, size: Periods(tally.every_us or 1, tally.each or 1, size),
    TallyKind.OCCURRENCES: lambda tally, size: Occurrences(_column(tally), size),
    TallyKind.FIRST: lambda _, size: Moment(last=False, times=np.full(size, NEVER, dtype=np.int64)),
    TallyKind.LAST: lambda _, size: Moment(last=True, times=np.full(size, EVER, dtype=np.int64)),
}


def started(tally: Tally, size: int) -> Tallied:
    """A tally over no rows yet, for so many users."""
    return _MAKE[tally.kind](tally, size)


def _column(tally: Tally) -> Column:
    if tally.column is None:
        raise TypeError(f"{tally.kind.value} needs a column")
    return tally.column
