"""Sequences, one user at a time, plainly (law 8)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from segctl.logic import bound


@dataclass(frozen=True)
class _Gap:
    """The `no` steps between two steps, or after the last one."""

    before: int | None
    """The step that follows; None at the end."""
    absent: tuple[int, ...]


@dataclass(frozen=True)
class _Chain:
    """What matters of the rows matched so far, by their numbers, for those to come."""

    last: int
    beside: frozenset[int]
    """All that are matched at the instant of the last one: no later step matches them, and no `no` counts them."""
    first_us: int | None
    """The instant of the first one, where it matters."""


@dataclass(frozen=True)
class Rows:
    """A user's events by number, in the order of their instants, and for each step which of them count."""

    times: Sequence[int]
    of_step: Sequence[Sequence[int]]
    as_of_us: int

    @cached_property
    def _instants(self) -> list[list[int]]:
        return [[self.times[row] for row in rows] for rows in self.of_step]

    def during(self, step: int, low_us: int, high_us: int) -> Sequence[int]:
        """The rows of a step from one instant to another, both included."""
        instants = self._instants[step]
        return self.of_step[step][bisect_left(instants, low_us) : bisect_right(instants, high_us)]


def chained(sequence: bound.Sequence, rows: Rows) -> bool:
    """Whether some chain of rows matches all steps."""
    gaps = list(_gaps(sequence.steps))
    waiting = [(0, _started(first, sequence, rows)) for first in rows.of_step[0]]
    seen = set(waiting)
    while waiting:
        number, chain = waiting.pop()
        gap = gaps[number]
        if gap.before is None:
            if _ended(gap, chain, sequence, rows):
                return True
            continue
        for longer in _longer(gap, chain, sequence, rows):
            if (number + 1, longer) not in seen:
                seen.add((number + 1, longer))
                waiting.append((number + 1, longer))
    return False


def _gaps(steps: Sequence[bound.Step]) -> Iterator[_Gap]:
    absent: list[int] = []
    for number, step in enumerate(steps[1:], 1):
        if step.absent:
            absent.append(number)
        else:
            yield _Gap(number, tuple(absent))
            absent = []
    yield _Gap(None, tuple(absent))


def _started(first: int, sequence: bound.Sequence, rows: Rows) -> _Chain:
    first_us = None if sequence.complete_within_us is None else rows.times[first]
    return _Chain(first, frozenset({first}), first_us)


def _longer(gap: _Gap, chain: _Chain, sequence: bound.Sequence, rows: Rows) -> Iterator[_Chain]:
    """The chains with one more row."""
    step = gap.before or 0
    last_us = rows.times[chain.last]
    if not _limited_hold(gap, chain, sequence, rows):
        return
    for row in rows.during(step, *_in_time(sequence.steps[step], chain, sequence, rows)):
        now_us = rows.times[row]
        against = _against_unlimited(now_us, gap, chain, sequence, rows) - {row}
        if any(rows.times[one] < now_us for one in against):
            return  # they lie before all further rows as well
        if row not in chain.beside and not against:
            beside = chain.beside if now_us == last_us else frozenset[int]()
            yield _Chain(row, beside | {row}, chain.first_us)


def _ended(gap: _Gap, chain: _Chain, sequence: bound.Sequence, rows: Rows) -> bool:
    """Whether nothing happened after the last row that must not have."""
    return _limited_hold(gap, chain, sequence, rows) and not _against_unlimited(
        rows.as_of_us, gap, chain, sequence, rows
    )


def _in_time(step: bound.Step, chain: _Chain, sequence: bound.Sequence, rows: Rows) -> tuple[int, int]:
    """The first and the last instant at which the next row can be."""
    last_us = rows.times[chain.last]
    low_us = last_us if step.more_than_us is None else last_us + step.more_than_us + 1
    high_us = rows.as_of_us if step.within_us is None else last_us + step.within_us
    if sequence.complete_within_us is not None and chain.first_us is not None:
        high_us = min(high_us, chain.first_us + sequence.complete_within_us)
    return low_us, high_us


def _limited_hold(gap: _Gap, chain: _Chain, sequence: bound.Sequence, rows: Rows) -> bool:
    """Whether each `no` with a limit holds: its time has run out, and no row lies in it but those matched so far."""
    start_us = rows.times[chain.last]
    for number in gap.absent:
        limit_us = sequence.steps[number].within_us
        if limit_us is None:
            continue
        end_us = start_us + limit_us
        if end_us >= rows.as_of_us or not chain.beside.issuperset(rows.during(number, start_us, end_us)):
            return False
    return True


def _against_unlimited(end_us: int, gap: _Gap, chain: _Chain, sequence: bound.Sequence, rows: Rows) -> frozenset[int]:
    """The rows up to an instant that the `no` steps without a limit forbid, those matched so far aside."""
    start_us = rows.times[chain.last]
    endless = (number for number in gap.absent if sequence.steps[number].within_us is None)
    return frozenset(row for number in endless for row in rows.during(number, start_us, end_us)) - chain.beside
