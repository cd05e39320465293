"""The shop's events, one stream per name, with the properties that its trackers send."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segctl.example.aftermath import TOPICS
from segctl.example.campaigns import CAMPAIGNS
from segctl.example.columns import Codes, Column, Numbers, Stream, serials, texts
from segctl.example.messages import LABELS, NEVER, Sent
from segctl.example.orders import COUPONS, Orders
from segctl.example.people import DEVICES, People
from segctl.example.seasons import DAY_US, END_US, FIRST, LAST, MINUTE_US, SECOND_US, Ints
from segctl.example.shop import Shop, known

_RELEASE_DAYS = 28
VERSIONS = tuple(f"{4 + number // 12}.{number % 12}.0" for number in range((LAST - FIRST) // _RELEASE_DAYS + 1))
"""The app's releases, one every four weeks."""

_CURRENCIES = ("EUR",)
_OTHER_DEVICE = 0.18
_WISHED = 0.02


class Sessions:
    """All sessions: the visits, then those on which somebody only came back to pay."""

    def __init__(self, rng: np.random.Generator, shop: Shop) -> None:
        checkouts, visits = shop.checkouts, shop.visits
        later = checkouts.later
        size, extra = len(visits.starts), int(later.sum())
        own = np.concatenate([visits.users, checkouts.users[later]])
        self.users = known(own, np.concatenate([shop.unknown, np.zeros(extra, bool)]))
        self.starts = np.concatenate([visits.starts, checkouts.times[later] - MINUTE_US])
        self.ends = np.concatenate([shop.ends, checkouts.paid[later] + 20 * SECOND_US])
        self.labels = serials("s", size + extra, 7)
        self.numbers = np.concatenate([visits.numbers, np.arange(size, size + extra)])
        self.later = size + np.cumsum(later) - 1
        other = rng.random(size + extra) < _OTHER_DEVICE
        self.devices = np.where(other, rng.integers(2, len(DEVICES), size + extra), shop.people.device[own])
        self.versions = self._versions(rng, shop.people, own)

    def _versions(self, rng: np.random.Generator, people: People, own: Codes) -> Ints:
        """The app's version of each session, -1 without the app; some users update late."""
        lag = rng.geometric(0.6, len(people.joined)) - 1
        release = np.clip((self.starts // DAY_US - FIRST) // _RELEASE_DAYS - lag[own], 0, len(VERSIONS) - 1)
        return np.where(self.devices < 2, release, -1)  # noqa: PLR2004  (the first two devices are the apps)

    def of(self, sessions: Ints) -> dict[str, Column]:
        """The columns that say on which session an event happened."""
        return {"session_id": texts(self.numbers[sessions], self.labels),
                "device": texts(self.devices[sessions], DEVICES)}  # fmt: skip


def _session_starts(sessions: Sessions) -> Stream:
    rows = np.arange(len(sessions.starts))
    seconds = (sessions.ends - sessions.starts) // SECOND_US
    columns = {**sessions.of(rows), "app_version": texts(sessions.versions, VERSIONS), "duration_s": Numbers(seconds)}
    return Stream("session_start", sessions.users, sessions.starts, columns)


def _viewed(rng: np.random.Generator, shop: Shop, sessions: Sessions) -> list[Stream]:
    views, labels = shop.views, shop.catalogue.labels
    users = sessions.users[views.visits]
    wished = np.flatnonzero((rng.random(len(users)) < _WISHED) & (users >= 0))
    seen = Stream("product_viewed", users, views.times, {
        **sessions.of(views.visits), "product_id": texts(views.products, labels),
    })  # fmt: skip
    kept = Stream("wishlist_added", users[wished], views.times[wished] + views.looks[wished] // 2, {
        **sessions.of(views.visits[wished]), "product_id": texts(views.products[wished], labels),
    })  # fmt: skip
    return [seen, kept]


def _baskets(shop: Shop, sessions: Sessions) -> list[Stream]:
    lines, catalogue = shop.lines, shop.catalogue
    columns: dict[str, Column] = {
        **sessions.of(lines.visits), "product_id": texts(lines.products, catalogue.labels),
        "quantity": Numbers(lines.quantities),
        "amount": Numbers(catalogue.cents[lines.products] * lines.quantities, cents=True),
    }  # fmt: skip
    added = Stream("added_to_cart", lines.users, lines.times, columns)
    out = np.flatnonzero(lines.removed)
    times = np.maximum(shop.left[lines.visits[out]] - 25 * SECOND_US, lines.times[out] + 2 * SECOND_US)
    return [added, rows_of(Stream("removed_from_cart", lines.users, lines.times, columns), out, times)]


def rows_of(stream: Stream, rows: Ints, times: Ints | None = None) -> Stream:
    """Some rows of a stream, at their own or at other times."""
    columns: dict[str, Column] = {
        name: column.take(rows) if not isinstance(column, Numbers) else Numbers(column.values[rows], column.cents)
        for name, column in stream.properties.items()
    }
    return Stream(stream.name, stream.users[rows], stream.times[rows] if times is None else times, columns)


def _order_lines(orders: Orders, catalogue_labels: pa.Array, order_labels: pa.Array) -> dict[str, Column]:
    return {
        "order_id": texts(orders.numbers, order_labels), "product_id": texts(orders.products, catalogue_labels),
        "quantity": Numbers(orders.quantities), "amount": Numbers(orders.amounts, cents=True),
        "currency": texts(np.zeros(len(orders.times)), _CURRENCIES),
    }  # fmt: skip


def _bought(shop: Shop, sessions: Sessions, order_labels: pa.Array) -> list[Stream]:
    orders, checkouts = shop.orders, shop.checkouts
    at = np.where(checkouts.later, sessions.later, checkouts.visits)
    reached = Stream("checkout_started", checkouts.users, checkouts.times, sessions.of(at))
    session = np.where(orders.later >= 0, len(shop.visits.starts) + orders.later, orders.visits)
    columns = {
        **sessions.of(session), **_order_lines(orders, shop.catalogue.labels, order_labels),
        "discount": Numbers(orders.discounts, cents=True), "coupon": texts(orders.coupons, COUPONS),
    }  # fmt: skip
    return [reached, Stream("purchase", orders.users, orders.times, columns)]


def _after(shop: Shop, order_labels: pa.Array) -> list[Stream]:
    orders, after = shop.orders, shop.aftermath
    lines = Stream("return", orders.users, orders.times, _order_lines(orders, shop.catalogue.labels, order_labels))
    back = rows_of(lines, after.returned, after.return_times)
    amounts = shop.catalogue.cents[orders.products[after.returned]] * after.return_quantities
    counts: dict[str, Column] = {
        "quantity": Numbers(after.return_quantities), "amount": Numbers(amounts, cents=True),
    }  # fmt: skip
    returned = Stream("return", back.users, back.times, {**back.properties, **counts})
    reviewed = Stream("review_written", orders.users[after.reviewed], after.review_times, {
        "product_id": texts(orders.products[after.reviewed], shop.catalogue.labels), "rating": Numbers(after.ratings),
    })  # fmt: skip
    return [returned, reviewed]


def shop_streams(rng: np.random.Generator, shop: Shop, sessions: Sessions) -> list[Stream]:
    """What happened in the shop itself; what the export no longer saw is left out."""
    order_labels = serials("o", shop.orders.count, 7)
    streams = [
        _session_starts(sessions), *_viewed(rng, shop, sessions), *_baskets(shop, sessions),
        *_bought(shop, sessions, order_labels), *_after(shop, order_labels),
    ]  # fmt: skip
    return [rows_of(stream, np.flatnonzero(stream.times < END_US)) for stream in streams]


def tickets(shop: Shop) -> Stream:
    """Questions to the helpdesk."""
    orders, after = shop.orders, shop.aftermath
    columns: dict[str, Column] = {
        "order_id": texts(orders.numbers[after.tickets], serials("o", orders.count, 7)),
        "topic": texts(after.topics, TOPICS),
    }  # fmt: skip
    return Stream("support_ticket", orders.users[after.tickets], after.ticket_times, columns)


def _message_stream(sent: Sent, labels: pa.Array, name: str, *, push: bool) -> Stream:
    channel, step = name.split("_")
    times: Ints = getattr(sent, step)
    rows = np.flatnonzero((sent.push == push) & (times < NEVER))
    columns: dict[str, Column] = {
        "message_id": texts(rows, labels), "campaign": texts(sent.campaigns[rows], CAMPAIGNS),
        "variant": texts(sent.variants[rows], LABELS),
    }  # fmt: skip
    return Stream(f"{channel}_{step}", sent.users[rows], times[rows], columns)


def message_streams(sent: Sent) -> list[Stream]:
    """What was sent, and what became of it."""
    labels = serials("m", len(sent.users), 8)
    steps = ("sent", "delivered", "opened", "clicked", "unsubscribed", "bounced")
    emails = [_message_stream(sent, labels, f"email_{step}", push=False) for step in steps]
    return emails + [_message_stream(sent, labels, f"push_{step}", push=True) for step in ("sent", "opened")]
