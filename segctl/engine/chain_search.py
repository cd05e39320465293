"""Whether one user has a chain of rows, looked for row by row: where many at once cannot tell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from segctl.engine.plan import Chained
from segctl.engine.timeline import Timeline

_End = tuple[int, int, frozenset[int], int]
"""Where a chain ends: the number of its last link, its row, the rows of the chain at that instant, and the instant
of the first row (0 where that does not matter)."""


def has_chain(line: Timeline, sequence: Chained, user: int, as_of_us: int) -> bool:
    """Whether any chain of the user's rows matches all links."""
    start, stop = (int(place) for place in line.users.searchsorted([user, user + 1]))
    return _Search(line, sequence, (start, stop), as_of_us).found()


@dataclass(frozen=True)
class _Lead:
    """What leads from a link to the next one that is not absent (None at the end)."""

    to: int | None
    absent: tuple[int, ...]


class _Search:
    """Depth first over chains; two that end alike are one."""

    def __init__(self, line: Timeline, sequence: Chained, places: tuple[int, int], as_of_us: int) -> None:
        start, stop = places
        self._times: list[int] = line.times[start:stop].tolist()
        self._rows: list[list[int]] = [bits[start:stop].nonzero()[0].tolist() for bits in line.of_link]
        self._instants = [[self._times[row] for row in rows] for rows in self._rows]
        self._sequence = sequence
        self._as_of_us = as_of_us
        self._leads = dict(_leads(sequence))

    def found(self) -> bool:
        matters = self._sequence.complete_within_us is not None
        waiting: list[_End] = [(0, row, frozenset({row}), self._times[row] if matters else 0) for row in self._rows[0]]
        seen = set(waiting)
        while waiting:
            end = waiting.pop()
            lead = self._leads[end[0]]
            if lead.to is None:
                if self._closed(end, lead):
                    return True
                continue
            for longer in self._longer(end, lead, lead.to):
                if longer not in seen:
                    seen.add(longer)
                    waiting.append(longer)
        return False

    def _longer(self, end: _End, lead: _Lead, to: int) -> Iterator[_End]:
        """The chain with each row that can be next."""
        _, last, beside, first_us = end
        if not self._waited(last, beside, lead):
            return
        blocking = self._first_endless(last, beside, lead)
        for row in self._in_time(last, first_us, to):
            until = self._times[row]
            if any(self._times[one] < until for one in blocking):
                return  # it lies before all further rows, too
            if row in beside or any(self._times[one] == until for one in blocking if one != row):
                continue
            same = until == self._times[last]
            yield to, row, (beside | {row}) if same else frozenset({row}), first_us

    def _in_time(self, last: int, first_us: int, to: int) -> list[int]:
        """The next link's rows that its limits allow."""
        link, now = self._sequence.links[to], self._times[last]
        low, high = now, self._as_of_us
        if link.more_than_us is not None:
            low = now + link.more_than_us + 1
        if link.within_us is not None:
            high = min(high, now + link.within_us)
        if self._sequence.complete_within_us is not None:
            high = min(high, first_us + self._sequence.complete_within_us)
        instants = self._instants[to]
        return self._rows[to][bisect_left(instants, low) : bisect_right(instants, high)]

    def _closed(self, end: _End, lead: _Lead) -> bool:
        """Whether nothing that must not be comes after the last row."""
        _, last, beside, _ = end
        return self._waited(last, beside, lead) and not self._first_endless(last, beside, lead)

    def _waited(self, last: int, beside: frozenset[int], lead: _Lead) -> bool:
        """Whether each `no` with a limit has run out, and found nothing but rows of the chain."""
        now = self._times[last]
        limits = [(number, self._sequence.links[number].within_us) for number in lead.absent]
        return all(
            now + limit < self._as_of_us and beside.issuperset(self._from_to(number, now, now + limit))
            for number, limit in limits
            if limit is not None
        )

    def _first_endless(self, last: int, beside: frozenset[int], lead: _Lead) -> list[int]:
        """The first two rows of a `no` without a limit from the last row's instant on, but the chain's own.

        Whatever comes next, it is one of the two at most: the other one, or a later one, does not matter then.
        """
        found: set[int] = set()
        for number in lead.absent:
            if self._sequence.links[number].within_us is None:
                rows = self._from_to(number, self._times[last], self._as_of_us)
                found.update(islice((row for row in rows if row not in beside), 2))
        return sorted(found)[:2]

    def _from_to(self, number: int, low: int, high: int) -> list[int]:
        instants = self._instants[number]
        return self._rows[number][bisect_left(instants, low) : bisect_right(instants, high)]


def _leads(sequence: Chained) -> Iterator[tuple[int, _Lead]]:
    before = 0
    numbers: tuple[int, ...] = ()
    for number, link in enumerate(sequence.links[1:], 1):
        if link.absent:
            numbers = (*numbers, number)
        else:
            yield before, _Lead(number, numbers)
            before, numbers = number, ()
    yield before, _Lead(None, numbers)
