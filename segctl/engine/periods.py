"""In how many periods, counted back from as_of, each user has enough rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from segctl.engine.distinct import pairs
from segctl.engine.parts import Chosen, Numbers, Part
from segctl.engine.source import Bits, Ints


@dataclass(eq=False)
class Periods:
    """Periods of a length with so many rows each."""

    every_us: int
    each: int
    size: int
    users: list[Numbers] = field(default_factory=list)
    periods: list[Ints] = field(default_factory=list)

    def add(self, part: Part, chosen: Chosen) -> None:
        """Keep the periods of the rows."""
        self.users.append(part.users[chosen])
        self.periods.append((part.plan.as_of_us - 1 - part.times[chosen]) // self.every_us)

    @cached_property
    def counts(self) -> Ints:
        """How many periods, per user."""
        if not self.users:
            return np.zeros(self.size, dtype=np.int64)
        users, periods = np.concatenate(self.users), np.concatenate(self.periods)
        if self.each == 1:
            return pairs(users, periods, self.size)
        order = np.lexsort((periods, users))
        full = _filled(users[order], periods[order], self.each)
        counts: Ints = np.bincount(users[order][full], minlength=self.size)
        return counts


def _filled(users: Numbers, periods: Ints, each: int) -> Bits:
    """Of sorted pairs, where one stands for the so manieth time: once for every period that is full."""
    same = np.zeros(len(users), dtype=np.bool_)
    changes = np.ones(len(users), dtype=np.bool_)
    changes[1:] = (users[1:] != users[:-1]) | (periods[1:] != periods[:-1])
    starts = np.flatnonzero(changes)
    lengths = np.diff(np.append(starts, len(users)))
    same[starts[lengths >= each]] = True
    return same
