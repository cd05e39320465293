"""What follows an order: returns, reviews, questions to the helpdesk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segctl.example.assortment import SHELVES
from segctl.example.catalogue import Catalogue
from segctl.example.columns import Codes, choose
from segctl.example.orders import Orders
from segctl.example.people import Bools, People
from segctl.example.seasons import DAY_US, END_US, HOUR_US, Floats, Ints

TOPICS = ("delivery", "refund", "product", "payment", "account")
_RETURNED = 0.1
_REVIEWED = 0.085
_ASKED = 0.045
_ASKED_AFTER_RETURN = 0.14


@dataclass(frozen=True)
class Aftermath:
    """Rows of the orders that had an aftermath, with its instant: returns, reviews (1 to 5), tickets (by topic)."""

    returned: Ints
    return_times: Ints
    return_quantities: Ints
    reviewed: Ints
    review_times: Ints
    ratings: Ints
    tickets: Codes
    ticket_times: Ints
    topics: Ints


def _days(rng: np.random.Generator, size: int, shape: float, mean: float, least: float) -> Ints:
    days: Floats = least + rng.gamma(shape, mean / shape, size)
    return (days * DAY_US).astype(np.int64)


def _returns(rng: np.random.Generator, people: People, catalogue: Catalogue, orders: Orders) -> tuple[Bools, Ints]:
    back = np.array([shelf.back for shelf in SHELVES])[catalogue.shelf][orders.products]
    chance = np.minimum(_RETURNED * back * people.returns[orders.users], 0.8)
    times = orders.times + _days(rng, len(chance), 2.2, 10, 3)
    return (rng.random(len(chance)) < chance) & (times < END_US), times


def _ratings(rng: np.random.Generator, returned: Bools) -> Ints:
    happy = 1 + choose(rng, [3, 4, 11, 32, 50], len(returned))
    unhappy = 1 + choose(rng, [34, 28, 20, 12, 6], len(returned))
    return np.where(returned, unhappy, happy)


def follow_up(rng: np.random.Generator, people: People, catalogue: Catalogue, orders: Orders) -> Aftermath:
    """The aftermath of all orders."""
    size = len(orders.times)
    sent_back, return_times = _returns(rng, people, catalogue, orders)
    review_times = orders.times + _days(rng, size, 2.0, 9, 5)
    reviewed = np.flatnonzero((rng.random(size) < _REVIEWED) & (review_times < END_US))
    chance = np.where(sent_back, _ASKED_AFTER_RETURN, _ASKED)
    ticket_times = np.where(sent_back, return_times, orders.times) + _days(rng, size, 1.0, 2, 2 / 24)
    tickets = np.flatnonzero((rng.random(size) < chance) & (ticket_times < END_US - HOUR_US))
    topics = np.where(sent_back[tickets], 1, choose(rng, [46, 8, 28, 10, 8], len(tickets)))
    returned = np.flatnonzero(sent_back)
    quantities = orders.quantities[returned]
    part = (quantities > 1) & (rng.random(len(returned)) < 0.5)  # noqa: PLR2004  (half keep some of several pieces)
    return Aftermath(
        returned=returned, return_times=return_times[returned],
        return_quantities=np.where(part, 1, quantities),
        reviewed=reviewed, review_times=review_times[reviewed],
        ratings=_ratings(rng, sent_back)[reviewed],
        tickets=tickets.astype(np.int32), ticket_times=ticket_times[tickets], topics=topics,
    )  # fmt: skip
