"""What people put into a basket, what they take out again, and who goes on to pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segctl.example.assortment import SHELVES
from segctl.example.browsing import Views
from segctl.example.catalogue import Catalogue
from segctl.example.columns import Codes
from segctl.example.people import Bools, People
from segctl.example.seasons import DAY_US, END_US, FIRST, HOUR_US, LAST, SECOND_US, Floats, Ints, demand

_BASKET = 0.145
_REMOVED = 0.11
_TO_CHECKOUT = 0.52
_PAYS = 0.74
_PAYS_LATER = 0.1


@dataclass(frozen=True)
class Lines:
    """One row per product put into a basket, ordered by visit and time."""

    visits: Ints
    users: Codes
    products: Codes
    times: Ints
    quantities: Ints
    removed: Bools


@dataclass(frozen=True)
class Checkouts:
    """One row per basket that reached the checkout; `later` ones on a visit of their own; paid at `paid`, or 0."""

    visits: Ints
    users: Codes
    times: Ints
    paid: Ints
    later: Bools


def _readiness(people: People, views: Views, catalogue: Catalogue) -> Floats:
    """The chance that a view becomes a basket: by user, product and season."""
    shelf = np.array([shelf.basket for shelf in SHELVES])[catalogue.shelf][views.products]
    season = np.clip(demand(FIRST, LAST), 0.6, 3.0) ** 0.35
    day = np.clip(views.times // DAY_US - FIRST, 0, LAST - FIRST)
    chance: Floats = np.minimum(_BASKET * people.buying[views.users] * shelf * season[day], 0.7)
    return chance


def _once_per_visit(visits: Ints, products: Codes) -> Ints:
    """The rows whose product was not yet in the same basket."""
    _, first = np.unique(visits * 100_000 + products, return_index=True)
    return np.sort(first)


def fill(rng: np.random.Generator, people: People, views: Views, catalogue: Catalogue) -> Lines:
    """The basket lines; a line is added while its product is looked at."""
    rows = np.flatnonzero(rng.random(len(views.times)) < _readiness(people, views, catalogue))
    rows = rows[_once_per_visit(views.visits[rows], views.products[rows])]
    several = np.array([shelf.several for shelf in SHELVES])[catalogue.shelf][views.products[rows]]
    more = (rng.random(len(rows)) < several) * rng.geometric(0.6, len(rows))
    times = views.times[rows] + (views.looks[rows] * rng.uniform(0.3, 0.9, len(rows))).astype(np.int64)
    inside = times < END_US
    rows = rows[inside]
    return Lines(
        visits=views.visits[rows], users=views.users[rows], products=views.products[rows], times=times[inside],
        quantities=1 + np.minimum(more, 5)[inside], removed=rng.random(len(rows)) < _REMOVED,
    )  # fmt: skip


def check_out(rng: np.random.Generator, lines: Lines, ends: Ints) -> Checkouts:
    """Who goes to the checkout with what is left in the basket, at the end of the visit or a day later."""
    visits, rows = np.unique(lines.visits[~lines.removed], return_index=True)
    users = lines.users[~lines.removed][rows]
    size = len(visits)
    draw = rng.random(size)
    reaches, pays = draw < _TO_CHECKOUT, draw < _TO_CHECKOUT * _PAYS
    later = ~pays & (rng.random(size) < _PAYS_LATER)
    wait = np.where(later, rng.integers(5 * HOUR_US, 44 * HOUR_US, size), 0)
    times = ends[visits] + wait + rng.integers(15 * SECOND_US, 90 * SECOND_US, size)
    paid = np.where(pays | later, times + rng.integers(50 * SECOND_US, 400 * SECOND_US, size), 0)
    keep = (reaches | later) & (np.maximum(times, paid) < END_US)
    return Checkouts(visits[keep], users[keep], times[keep], paid[keep], later[keep])
