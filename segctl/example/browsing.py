"""What people look at on a visit, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segctl.example.catalogue import Catalogue
from segctl.example.columns import Codes
from segctl.example.people import People
from segctl.example.seasons import SECOND_US, Ints
from segctl.example.visits import Visits

_LONGEST_LOOK_US = 900 * SECOND_US


@dataclass(frozen=True)
class Views:
    """One row per product viewed, ordered by visit and time; the next view is `look` microseconds later."""

    visits: Ints
    users: Codes
    products: Codes
    times: Ints
    looks: Ints


def _running(values: Ints, first_rows: Ints, counts: Ints) -> Ints:
    """The sum of the values before each row within its visit."""
    before = np.cumsum(values) - values
    return before - np.repeat(before[first_rows], counts)


def _categories(rng: np.random.Generator, people: People, visits: Visits, rows: Ints) -> Ints:
    """Each visit has an aim, mostly the user's favourite category; one view in eight strays from it."""
    size = len(visits.users)
    favourite, second = people.favourite[visits.users], people.second[visits.users]
    other = people.favourite[rng.permutation(len(people.favourite))[visits.users]]
    aim = np.choose(np.searchsorted([0.62, 0.86], rng.random(size)), [favourite, second, other])
    strayed = people.second[visits.users][rows]
    return np.where(rng.random(len(rows)) < 0.125, strayed, aim[rows])  # noqa: PLR2004


def browse(rng: np.random.Generator, people: People, visits: Visits, catalogue: Catalogue) -> Views:
    """The views of all visits; every visit has at least one."""
    counts = 1 + rng.poisson(people.browsing[visits.users] * rng.gamma(1.3, 1 / 1.3, len(visits.users)))
    rows = np.repeat(np.arange(len(counts)), counts)
    looks = np.exp(rng.normal(np.log(38), 0.95, len(rows))) * SECOND_US
    looks = np.clip(looks.astype(np.int64), 2 * SECOND_US, _LONGEST_LOOK_US)
    first_rows = np.cumsum(counts) - counts
    arrival = rng.integers(SECOND_US, 12 * SECOND_US, len(counts))
    times = (visits.starts + arrival)[rows] + _running(looks, first_rows, counts)
    products = catalogue.draw(rng, _categories(rng, people, visits, rows), times)
    return Views(rows, visits.users[rows], products, times, looks)


def leaving(visits: Visits, views: Views) -> Ints:
    """The instant at which each visit's last look ends."""
    ends = visits.starts.copy()
    ends[views.visits] = views.times + views.looks
    return ends
