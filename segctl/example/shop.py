"""The whole shop, put together: people come, look, buy, and get messages that bring them back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segctl.example.aftermath import Aftermath, follow_up
from segctl.example.baskets import Checkouts, Lines, check_out, fill
from segctl.example.browsing import Views, browse, leaving
from segctl.example.catalogue import Catalogue, make_catalogue
from segctl.example.columns import Codes
from segctl.example.geography import ZONES
from segctl.example.messages import (
    NEVER,
    Consents,
    Mailroom,
    Sent,
    ask_consents,
    join,
    send_calendar,
    send_reminders,
    send_welcomes,
)
from segctl.example.orders import Orders, place
from segctl.example.people import Bools, People, make_people
from segctl.example.seasons import END_US, LAST, MINUTE_US, OPENED, Ints, day_number
from segctl.example.visits import Visits, add_visits, plan_visits
from segctl.example.zones import Zones
from segctl.progress import Progress

_ANONYMOUS = 0.04


@dataclass(frozen=True)
class Shop:
    """All that happened.

    By visit: `left` is when the last look ended, `ends` when the session did, `unknown` whether nobody was
    logged in. By user: `off` is when they unsubscribed, or NEVER.
    """

    people: People
    catalogue: Catalogue
    consents: Consents
    off: Ints
    visits: Visits
    left: Ints
    ends: Ints
    unknown: Bools
    views: Views
    lines: Lines
    checkouts: Checkouts
    orders: Orders
    aftermath: Aftermath
    sent: Sent


def _generator(seed: int, part: int) -> np.random.Generator:
    """Each part draws from a stream of its own, so that a change in one does not shift the others."""
    return np.random.Generator(np.random.PCG64([seed, part]))


def _remind(mailroom: Mailroom, lines: Lines, checkouts: Checkouts, ends: Ints) -> Sent:
    """Reminders of the baskets that were not paid on the visit itself."""
    visits, rows = np.unique(lines.visits[~lines.removed], return_index=True)
    users = lines.users[~lines.removed][rows]
    back = np.full(len(ends), NEVER)
    later = checkouts.later
    back[checkouts.visits[later]] = checkouts.times[later] - MINUTE_US
    paid = np.zeros(len(ends), bool)
    paid[checkouts.visits[(checkouts.paid > 0) & ~later]] = True
    left = ~paid[visits]
    return send_reminders(mailroom, users[left], ends[visits[left]], back[visits[left]])


def _unknown(rng: np.random.Generator, visits: Visits, lines: Lines) -> Bools:
    """Visits without a basket, now and then, are made by somebody who did not log in."""
    unknown: Bools = rng.random(len(visits.starts)) < _ANONYMOUS
    unknown[lines.visits] = False
    return unknown


def _last_seen(visits: Visits, ends: Ints, checkouts: Checkouts) -> Ints:
    """The end of each visit, after the checkout if there was one."""
    seen = ends.copy()
    soon = ~checkouts.later
    last = np.maximum(checkouts.times, checkouts.paid)[soon] + MINUTE_US // 3
    seen[checkouts.visits[soon]] = np.maximum(seen[checkouts.visits[soon]], last)
    return np.maximum(np.minimum(seen, END_US - 1), visits.starts)


def make_shop(users: int, seed: int, progress: Progress) -> Shop:
    """The shop with that many customers: the same for the same seed, to the last bit."""
    progress.start("making the example shop", 6)
    zones = Zones(ZONES, day_number(OPENED) - 1, LAST + 1)
    catalogue = make_catalogue(_generator(seed, 1))
    people = make_people(_generator(seed, 2), users, zones)
    consents = ask_consents(_generator(seed, 3), people)
    progress.advance()
    own = plan_visits(_generator(seed, 4), people, zones)
    mailroom = Mailroom(_generator(seed, 5), people, consents)
    sent = join([send_welcomes(mailroom, people), send_calendar(mailroom, people, own, zones)])
    progress.advance()
    clicked = sent.clicked < NEVER
    visits = add_visits(own, sent.users[clicked].astype(np.int64), sent.clicked[clicked] + 2_000_000)
    views = browse(_generator(seed, 6), people, visits, catalogue)
    progress.advance()
    left = leaving(visits, views)
    lines = fill(_generator(seed, 7), people, views, catalogue)
    checkouts = check_out(_generator(seed, 8), lines, left)
    progress.advance()
    orders = place(_generator(seed, 9), people, catalogue, lines, checkouts)
    aftermath = follow_up(_generator(seed, 10), people, catalogue, orders)
    progress.advance()
    sent = join([sent, _remind(mailroom, lines, checkouts, left)])
    progress.advance()
    progress.finish()
    return Shop(
        people, catalogue, consents, mailroom.off, visits, left, _last_seen(visits, left, checkouts),
        _unknown(_generator(seed, 11), visits, lines), views, lines, checkouts, orders, aftermath, sent,
    )  # fmt: skip


def known(users: Codes, unknown: Bools) -> Codes:
    """The users, but for the rows where nobody was logged in."""
    return np.where(unknown, np.int32(-1), users)
