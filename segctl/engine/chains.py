"""Chains of rows for all users at once: each step's rows, reached from those of the step before.

From a row, the next step's row can lie in one stretch of places, from `lo` up to before `hi`. Both ascend with
the row's instant, so that the best row to come from is the last one whose stretch has begun: one binary search
for each row. Where steps share rows, or a `no` could find rows that are matched and thus set aside, that alone is
not exact: then one pass (`Rules.LOOSE`) misses nobody, another (`Rules.STRICT`) takes nobody wrongly, and the
few users between them are looked at one by one.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segctl.engine.parts import Numbers
from segctl.engine.source import Bits, Ints
from segctl.engine.timeline import LONGEST, Timeline

NOWHERE = -(2**63)
"""The start of no chain: before all instants."""


class Rules(enum.Enum):
    """How rows that could be matched twice, or set aside, are dealt with.

    PAIRS looks at each row and the one before it. STRICT does too, and lets rows only follow each other in the
    order of their places, so that all are different. LOOSE counts no row as forbidden that may be set aside.
    """

    PAIRS = enum.auto()
    STRICT = enum.auto()
    LOOSE = enum.auto()


@dataclass(frozen=True, eq=False)
class Timed:
    """A `no` with a limit: its rows, and its length."""

    rows: Numbers
    matched: Bits
    certain: Numbers
    """Those that no step before the `no` matches: they are never set aside."""
    limit_us: int


@dataclass(frozen=True, eq=False)
class Gap:
    """What lies between a step and the next one: `between` are the rows of `no` without limits, by their places.

    `rows` are those of the next step, None at the end.
    """

    rows: Numbers | None
    more_than_us: int | None
    within_us: int | None
    between: Numbers
    in_between: Bits
    timed: Sequence[Timed]


@dataclass(frozen=True, eq=False)
class Form:
    """A sequence over a timeline: the first step's rows, and all that follows."""

    first: Numbers
    gaps: Sequence[Gap]
    complete_within_us: int | None
    as_of_us: int


@dataclass(frozen=True, eq=False)
class Reached:
    """Rows at which chains end, sorted by user, instant and `starts`: the latest instant at which one can begin."""

    rows: Numbers
    starts: Ints

    def only(self, which: Bits) -> Reached:
        """Some of them."""
        return Reached(self.rows[which], self.starts[which])


def chained(line: Timeline, form: Form, rules: Rules) -> Bits:
    """Who has a chain, one boolean per user."""
    walk = _Walk(line, form, rules)
    reached = walk.first()
    for gap in form.gaps[:-1]:
        reached = walk.next(reached, gap)
    users = np.zeros(line.size, dtype=np.bool_)
    users[line.users[walk.last(reached, form.gaps[-1]).rows]] = True
    return users


class _Walk:
    """One pass over the steps."""

    def __init__(self, line: Timeline, form: Form, rules: Rules) -> None:
        self.line = line
        self.form = form
        self.rules = rules

    # --- rows that are reached ------------------------------------------------------------------

    def first(self) -> Reached:
        return self._reached(self.form.first, self.line.times[self.form.first])

    def _reached(self, rows: Numbers, starts: Ints) -> Reached:
        if self.form.complete_within_us is None:
            return Reached(rows, np.zeros(len(rows), dtype=np.int64))
        if self.rules is Rules.STRICT:
            return Reached(rows, starts)
        ticks = self.line.tick_starts[rows]
        if (ticks[1:] != ticks[:-1]).all():
            return Reached(rows, starts)
        order = np.lexsort((starts, ticks))
        return Reached(rows[order], starts[order])

    def next(self, reached: Reached, gap: Gap) -> Reached:
        """The rows of the next step that continue a chain."""
        if gap.rows is None:
            raise TypeError("nothing follows the end")
        best = _Best(gap.rows)
        self._continue(reached.only(self._after_timed(reached, gap)), gap, best)
        there = best.starts > NOWHERE
        return self._reached(gap.rows[there], best.starts[there])

    def last(self, reached: Reached, gap: Gap) -> Reached:
        """The rows after which nothing is that must not be, not too long after the first one."""
        free = self._after_timed(reached, gap)
        if self.rules is Rules.LOOSE:
            after = self._following(gap.between, self.line.tick_ends[reached.rows])
        else:
            after = self._other(gap.between, reached.rows)
        free &= after >= self.line.user_ends[reached.rows]
        if self.form.complete_within_us is not None:
            free &= self.line.times[reached.rows] - reached.starts <= self.form.complete_within_us
        return reached.only(free)

    # --- from row to row --------------------------------------------------------------------------

    def _continue(self, reached: Reached, gap: Gap, best: _Best) -> None:
        """Chains that any row in time may continue, unless a `no` without limit has a row between the two."""
        lo, hi = self._stretch(reached, gap)
        if not len(gap.between):
            best.take(reached, lo, hi, best.every)
        elif self.rules is Rules.LOOSE:
            after = self._following(gap.between, self.line.tick_ends[reached.rows])
            best.take(reached, lo, np.minimum(hi, self._past(after, reached.rows)), best.every)
        else:
            self._unblocked(reached, (lo, hi), gap, best)

    def _unblocked(self, reached: Reached, stretch: tuple[Numbers, Numbers], gap: Gap, best: _Best) -> None:
        """The same where such rows may be the two themselves: apart for next rows that are, and that are not."""
        (lo, hi), line = stretch, self.line
        after = self._other(gap.between, reached.rows)
        ends = line.user_ends[reached.rows]
        until = np.where(after < ends, line.tick_starts[np.minimum(after, len(line) - 1)], ends)
        live = until > line.tick_starts[reached.rows]
        inside = gap.in_between[best.rows]
        best.take(reached.only(live), lo[live], np.minimum(hi, until)[live], np.flatnonzero(~inside))
        alone = np.flatnonzero(inside & (self._at_tick(gap.between, best.rows) == 1))
        later = np.maximum(lo, line.tick_ends[reached.rows])
        best.take(reached.only(live), later[live], np.minimum(hi, self._past(after, reached.rows))[live], alone)
        if gap.more_than_us is None:
            best.take(reached, lo, line.tick_ends[reached.rows], alone)

    def _stretch(self, reached: Reached, gap: Gap) -> tuple[Numbers, Numbers]:
        """From which place, and before which, the limits let the next row be."""
        rows, line = reached.rows, self.line
        users, times = line.users[rows], line.times[rows]
        lo = rows + 1 if self.rules is Rules.STRICT else line.tick_starts[rows]
        if gap.more_than_us is not None:
            lo = line.first_at(users, times + (min(gap.more_than_us, LONGEST) + 1))
        if gap.within_us is None:
            return lo, line.user_ends[rows]
        return lo, line.first_at(users, times + (min(gap.within_us, LONGEST) + 1))

    # --- rows that must not be ----------------------------------------------------------------------

    def _after_timed(self, reached: Reached, gap: Gap) -> Bits:
        """After which rows the time of every `no` with a limit runs out without a row that counts."""
        free = np.ones(len(reached.rows), dtype=np.bool_)
        none = self._possibly_none if self.rules is Rules.LOOSE else self._none
        for timed in gap.timed:
            free &= self.line.times[reached.rows] < self.form.as_of_us - min(timed.limit_us, LONGEST)
            free &= none(reached.rows, timed)
        return free

    def _none(self, rows: Numbers, timed: Timed) -> Bits:
        """Whether a `no` has no row in its time but the row before it."""
        starts, ends = self._time_of(rows, timed)
        found: Bits = timed.rows.searchsorted(ends) - timed.rows.searchsorted(starts) == timed.matched[rows]
        return found

    def _possibly_none(self, rows: Numbers, timed: Timed) -> Bits:
        """Whether all its rows there may be set aside: at the first instant, and of a step before."""
        starts, ends = self._time_of(rows, timed)
        certain = timed.certain.searchsorted(ends) - timed.certain.searchsorted(starts)
        after = timed.rows.searchsorted(ends) - timed.rows.searchsorted(self.line.tick_ends[rows])
        found: Bits = (certain == 0) & (after == 0)
        return found

    def _time_of(self, rows: Numbers, timed: Timed) -> tuple[Numbers, Numbers]:
        limits = self.line.times[rows] + (min(timed.limit_us, LONGEST) + 1)
        return self.line.tick_starts[rows], self.line.first_at(self.line.users[rows], limits)

    def _other(self, listed: Numbers, rows: Numbers) -> Numbers:
        """The first of the listed places at a row's instant or later, but not the row; past all if there is none."""
        places = np.append(listed, [len(self.line), len(self.line)])
        index = listed.searchsorted(self.line.tick_starts[rows])
        found = places[index]
        return np.where(found == rows, places[np.minimum(index + 1, len(places) - 1)], found)

    def _following(self, listed: Numbers, starts: Numbers) -> Numbers:
        """The first of the listed places from a place on; past all if there is none."""
        return np.append(listed, len(self.line))[listed.searchsorted(starts)]

    def _past(self, after: Numbers, rows: Numbers) -> Numbers:
        """Past the instant of a place, where it is of the same user as the row; else past the user's last."""
        ends = self.line.user_ends[rows]
        return np.where(after < ends, self.line.tick_ends[np.minimum(after, len(self.line) - 1)], ends)

    def _at_tick(self, listed: Numbers, rows: Numbers) -> Numbers:
        """How many of the listed places are at the same instant as a row."""
        line = self.line
        return listed.searchsorted(line.tick_ends[rows]) - listed.searchsorted(line.tick_starts[rows])


class _Best:
    """The best start of a chain for each row of a step."""

    def __init__(self, rows: Numbers) -> None:
        self.rows = rows
        self.starts = np.full(len(rows), NOWHERE, dtype=np.int64)

    @property
    def every(self) -> Numbers:
        """The numbers of all rows."""
        return np.arange(len(self.rows))

    def take(self, reached: Reached, lo: Numbers, hi: Numbers, numbers: Numbers) -> None:
        """For some rows, by number: the last chain whose stretch has begun, if it has not ended; not the row itself."""
        if not len(reached.rows) or not len(numbers):
            return
        rows = self.rows[numbers]
        index = lo.searchsorted(rows, side="right") - 1
        index -= (index >= 0) & (reached.rows[index] == rows)
        fits = (index >= 0) & (hi[index] > rows)
        found = numbers[fits]
        self.starts[found] = np.maximum(self.starts[found], reached.starts[index[fits]])
