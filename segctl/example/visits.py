"""When people come: visits by season, weekday, hour and habit, between joining and losing interest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segctl.example.columns import Codes, rank_of
from segctl.example.people import People
from segctl.example.seasons import (
    DAY_US,
    END_US,
    FIRST,
    LAST,
    MINUTE_US,
    SECOND_US,
    Floats,
    Ints,
    demand,
    draw_hours,
)
from segctl.example.zones import Zones

_PAUSE_US = 45 * MINUTE_US
"""Who comes back sooner than this after a visit began is still on the same visit."""


@dataclass(frozen=True)
class Visits:
    """One row per visit, ordered by user and start; `numbers` counts them through in order of start."""

    users: Codes
    starts: Ints
    numbers: Codes

    def last_before(self, instant: int, users: int) -> Ints:
        """The start of each user's last visit before the instant; far in the past if there was none."""
        seen = self.starts < instant
        last = np.full(users, -(10**17), np.int64)
        last[self.users[seen]] = self.starts[seen]
        return last


def _ordered(users: Ints, starts: Ints) -> Visits:
    order = np.lexsort((starts, users))
    users, starts = users[order], starts[order]
    again = (np.diff(users, prepend=-1) == 0) & (np.diff(starts, prepend=0) < _PAUSE_US)
    starts = starts[~again]
    return Visits(users[~again].astype(np.int32), starts, rank_of(np.argsort(starts, kind="stable")))


def _position(instants: Ints, summed: Floats) -> Floats:
    days = np.clip(instants / DAY_US - FIRST, 0, LAST + 1 - FIRST)
    return np.interp(days, np.arange(len(summed)), summed)


def plan_visits(rng: np.random.Generator, people: People, zones: Zones) -> Visits:
    """The visits of their own accord: a Poisson process by demand, and one at joining."""
    summed = np.concatenate([[0.0], np.cumsum(demand(FIRST, LAST))])
    start, end = _position(people.joined, summed), _position(people.left, summed)
    users = np.repeat(np.arange(len(start)), rng.poisson(people.visits * (end - start)))
    where = start[users] + rng.random(len(users)) * (end - start)[users]
    days = FIRST + np.interp(where, summed, np.arange(len(summed))).astype(np.int64)
    days = np.minimum(days, LAST)
    starts = zones.instants(people.zone[users], days, draw_hours(rng, days))
    inside = (starts >= people.joined[users]) & (starts < END_US) & (starts >= FIRST * DAY_US)
    joining = np.flatnonzero(people.joined >= FIRST * DAY_US)
    return _ordered(np.concatenate([users[inside], joining]), np.concatenate([starts[inside], people.joined[joining]]))


def add_visits(visits: Visits, users: Ints, instants: Ints) -> Visits:
    """The visits, and those that a click in a message led to."""
    inside = instants < END_US - SECOND_US
    return _ordered(np.concatenate([visits.users, users[inside]]), np.concatenate([visits.starts, instants[inside]]))
