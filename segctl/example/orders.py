"""Orders: what was paid, with which coupon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from segctl.example.baskets import Checkouts, Lines
from segctl.example.catalogue import Catalogue
from segctl.example.columns import Codes, rank_of
from segctl.example.people import People
from segctl.example.seasons import DAY_US, FIRST, LAST, Ints, black_friday, day_of

COUPONS = ("WELCOME10", "BLACK25", "XMAS15", "SALES20", "THANKS5")
_PERCENT = np.array([10, 25, 15, 20, 5])
_WELCOME, _BLACK, _XMAS, _SALES, _THANKS = range(5)
_OPEN_TO_ALL = 0.34
"""How much more readily a coupon that everybody gets is used than one that was sent."""


@dataclass(frozen=True)
class Orders:
    """One row per order line; lines of an order share its number and instant. Money in cents."""

    numbers: Ints
    count: int
    users: Codes
    visits: Ints
    products: Codes
    times: Ints
    quantities: Ints
    amounts: Ints
    coupons: Ints
    discounts: Ints
    later: Codes


def _promotion(day: date) -> int:
    """The coupon that is open to all on a day."""
    friday = black_friday(day.year)
    if friday - timedelta(days=4) <= day <= friday + timedelta(days=3):
        return _BLACK
    if (day.month, day.day) >= (12, 5) and (day.month, day.day) <= (12, 22):
        return _XMAS
    sales = (1, 8) <= (day.month, day.day) <= (2, 4) or (6, 24) <= (day.month, day.day) <= (7, 21)
    return _SALES if sales else _THANKS


def _first_orders(users: Codes, times: Ints) -> Ints:
    """The rows of each user's earliest order."""
    order = np.lexsort((times, users))
    _, first = np.unique(users[order], return_index=True)
    return order[first]


def _coupons(rng: np.random.Generator, people: People, users: Codes, times: Ints) -> Ints:
    """A coupon per order, -1 for none: by the season's promotion and the user's liking."""
    by_day = np.array([_promotion(day_of(day)) for day in range(FIRST, LAST + 2)])
    code = by_day[times // DAY_US - FIRST]
    first = np.zeros(len(users), bool)
    first[_first_orders(users, times)] = True
    new = first & (people.joined[users] > FIRST * DAY_US)
    liking = people.coupons[users]
    chance = np.where(code == _THANKS, 0.7 * liking, 0.8 * liking + 0.25 * _OPEN_TO_ALL)
    code = np.where(new, _WELCOME, code)
    chance = np.where(new, np.maximum(0.3, liking), chance)
    return np.where(rng.random(len(users)) < chance, code, -1)


def place(rng: np.random.Generator, people: People, catalogue: Catalogue, lines: Lines, checkouts: Checkouts) -> Orders:
    """The orders of the checkouts that were paid."""
    paid = np.flatnonzero(checkouts.paid)
    coupons = _coupons(rng, people, checkouts.users[paid], checkouts.paid[paid])
    order_of = np.full(int(lines.visits.max(initial=0)) + 1, -1, np.int64)
    order_of[checkouts.visits[paid]] = np.arange(len(paid))
    rows = np.flatnonzero((order_of[lines.visits] >= 0) & ~lines.removed)
    orders = order_of[lines.visits[rows]]
    amounts = catalogue.cents[lines.products[rows]] * lines.quantities[rows]
    coupon = coupons[orders]
    times = checkouts.paid[paid]
    return Orders(
        numbers=rank_of(np.argsort(times, kind="stable")).astype(np.int64)[orders], count=len(paid),
        users=lines.users[rows], visits=lines.visits[rows], products=lines.products[rows], times=times[orders],
        quantities=lines.quantities[rows], amounts=amounts, coupons=coupon,
        discounts=np.where(coupon < 0, 0, (amounts * _PERCENT[coupon] + 50) // 100),
        later=np.where(checkouts.later[paid], np.cumsum(checkouts.later[paid]) - 1, -1).astype(np.int32)[orders],
    )  # fmt: skip
