"""The rows that a sequence looks at, of all users of a shard in one order: by user, and by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from segctl.engine.algebra import joined
from segctl.engine.parts import Numbers, Part
from segctl.engine.plan import Link
from segctl.engine.rows import ShardRows
from segctl.engine.source import Bits, Ints

LONGEST = 2**61
"""Longer than any two events lie apart; longer durations are cut to it, so that no sum leaves 64 bits."""

_WIDEST = 2**63 - 1


class Timeline:
    """Rows by user and time, known by their places in that order; `of_link` says which of them each link matches."""

    def __init__(self, users: Numbers, times: Ints, of_link: npt.NDArray[np.bool_], size: int) -> None:
        self.size = size
        self._clock = _Clock(times, size)
        keys = self._clock.keys(users, times)
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self.users = users[order]
        self.times = times[order]
        self.of_link = [bits[order] for bits in of_link]
        self._places: dict[int, Numbers] = {}

    def __len__(self) -> int:
        return len(self.users)

    def places(self, link: int) -> Numbers:
        """The places of a link's rows, ascending."""
        if link not in self._places:
            self._places[link] = np.flatnonzero(self.of_link[link])
        return self._places[link]

    def first_at(self, users: Numbers, times: Ints) -> Numbers:
        """The first place of each user's at an instant or after it; past the user's last one if there is none."""
        return self._keys.searchsorted(self._clock.keys(users, times))

    @cached_property
    def _ticks(self) -> tuple[Numbers, Numbers]:
        """A tick is a user's instant: where that of each place starts, and where it ends."""
        changes = np.ones(len(self) + 1, dtype=np.bool_)
        np.not_equal(self._keys[1:], self._keys[:-1], out=changes[1:-1])
        bounds = np.flatnonzero(changes)
        lengths = np.diff(bounds)
        return np.repeat(bounds[:-1], lengths), np.repeat(bounds[1:], lengths)

    @property
    def tick_starts(self) -> Numbers:
        """The first place at the same instant of the same user, by place."""
        return self._ticks[0]

    @property
    def tick_ends(self) -> Numbers:
        """Past the last place at the same instant of the same user, by place."""
        return self._ticks[1]

    @cached_property
    def user_ends(self) -> Numbers:
        """Past the last place of the same user, by place."""
        ends: Numbers = self.users.searchsorted(np.arange(self.size), side="right")[self.users]
        return ends


class _Clock:
    """Users and instants as one number that keeps their order.

    Instants count in the longest unit that all are whole in; where even that would not fit, they become ranks.
    """

    def __init__(self, times: Ints, size: int) -> None:
        self._first, self._last = (int(times.min()), int(times.max())) if len(times) else (0, 0)
        self._unit = max(int(np.gcd.reduce(times - self._first)), 1) if len(times) else 1
        self._width = (self._last - self._first) // self._unit + 2
        self._instants: Ints | None = None
        if self._width * size > _WIDEST:
            ordered = np.sort(times)
            self._instants = ordered[np.append(True, ordered[1:] != ordered[:-1])]
            self._width = len(self._instants) + 1

    def keys(self, users: Numbers, times: Ints) -> Ints:
        """Ascending by user, then by instant; one between two of the rows' instants is the later one."""
        if self._instants is not None:
            return users * self._width + self._instants.searchsorted(times)
        since = np.clip(times, self._first, self._last + self._unit) - self._first
        return users * self._width + (since + (self._unit - 1)) // self._unit


# --- out of a shard -------------------------------------------------------------------------------


def timeline(links: Sequence[Link], rows: ShardRows) -> Timeline | None:
    """The rows of all links, of the users that have some for every one that is not absent; None if nobody has."""
    chosen = _Chosen(links, rows)
    users = chosen.users()
    if not users.any():
        return None
    pieces = [piece for part in chosen.parts for piece in chosen.pieces(part, users)]
    return Timeline(
        np.concatenate([piece.users for piece in pieces]),
        np.concatenate([piece.times for piece in pieces]),
        np.concatenate([piece.of_link for piece in pieces], axis=1),
        rows.shard.size,
    )


@dataclass(frozen=True, eq=False)
class _Piece:
    users: Numbers
    times: Ints
    of_link: npt.NDArray[np.bool_]


class _Chosen:
    """Which rows of which part each link matches."""

    def __init__(self, links: Sequence[Link], rows: ShardRows) -> None:
        self._links = links
        self._size = rows.shard.size
        self.parts: dict[Part, list[tuple[int, slice | Numbers]]] = {}
        for number, link in enumerate(links):
            for selection in rows.select(link.rows):
                chosen = selection.within(link.rows.span)
                self.parts.setdefault(selection.part, []).append((number, chosen))

    def users(self) -> Bits:
        """Who has a row for every link that is not absent."""
        return joined((self._seen(n) for n, link in enumerate(self._links) if not link.absent), self._size, every=True)

    def _seen(self, link: int) -> Bits:
        seen = np.zeros(self._size, dtype=np.bool_)
        for part, listed in self.parts.items():
            for number, chosen in listed:
                if number == link:
                    seen[part.users[chosen]] = True
        return seen

    def pieces(self, part: Part, users: Bits) -> Iterator[_Piece]:
        """The rows of a part that any link matches, of these users."""
        of_link = np.zeros((len(self._links), len(part.users)), dtype=np.bool_)
        for number, chosen in self.parts[part]:
            of_link[number, chosen] = True
        places = np.flatnonzero(of_link.any(axis=0) & users[part.users])
        if len(places):
            yield _Piece(part.users[places], part.times[places], of_link[:, places])
