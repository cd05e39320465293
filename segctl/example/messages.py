"""Messages and what people do with them: deliver, open, click, unsubscribe, bounce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import xxhash

from segctl.example.campaigns import CAMPAIGNS, EMAIL, RECENT, VARIANTS, Send, calendar
from segctl.example.columns import Codes, choose
from segctl.example.people import Bools, People
from segctl.example.seasons import (
    DAY_US,
    END_US,
    FIRST,
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    Floats,
    Ints,
    day_number,
)
from segctl.example.visits import Visits
from segctl.example.zones import Zones

LABELS = ("a", "b")
NEVER = np.int64(2**62)
_RECENT_US = 140 * DAY_US
_MOST_BOUNCES = 3
_DEAD = 0.015
_BOUNCES = 0.003


@dataclass(frozen=True)
class Sent:
    """One row per message; an instant is NEVER where it did not happen. `variants` is -1 without variants."""

    push: Bools
    users: Codes
    campaigns: Codes
    variants: Codes
    sent: Ints
    delivered: Ints
    opened: Ints
    clicked: Ints
    unsubscribed: Ints
    bounced: Ints


@dataclass(frozen=True)
class Consents:
    """What each user said when asked: 1 yes, 0 no, -1 never asked; mail to `dead` mailboxes bounces."""

    email: Codes
    push: Codes
    dead: Bools


def ask_consents(rng: np.random.Generator, people: People) -> Consents:
    """What people say when they are first asked."""
    size = len(people.joined)
    push = np.where(people.has_app, choose(rng, [36, 54, 10], size), 0) - np.where(people.has_app, 0, 1)
    push = np.where(people.has_app & (push == 2), -1, push)  # noqa: PLR2004  (the third answer: not asked yet)
    return Consents(
        email=(choose(rng, [8, 29, 63], size) - 1).astype(np.int32), push=push.astype(np.int32),
        dead=rng.random(size) < _DEAD,
    )  # fmt: skip


def _variants(people: People, campaign: str) -> Codes:
    """Each user's variant, as segctl assigns them: -1 none, 2 and above the control group."""
    size = len(people.joined)
    if campaign not in VARIANTS:
        return np.full(size, -1, np.int32)
    ids = people.labels.to_pylist()
    buckets = np.array([xxhash.xxh3_64_intdigest(f"{campaign}:{user}".encode()) % 10_000 for user in ids], np.int64)
    ends = np.cumsum([share for _, share in VARIANTS[campaign]])
    return np.searchsorted(ends, buckets, "right").astype(np.int32)


@dataclass(frozen=True)
class Response:
    """What is drawn for each message, before it is known whether it arrived."""

    opens: Floats
    clicks: Floats
    unsubscribes: Floats


def _response(people: People, users: Ints, sent: Ints, lift: float) -> Response:
    gone = np.where(sent > people.left[users], 0.4, 1.0)
    opens = np.minimum(people.opens[users] * lift * gone, 0.95)
    return Response(opens, people.clicks[users], 0.0012 + 0.011 * (1 - people.opens[users]) ** 6)


def _react(rng: np.random.Generator, response: Response, arrived: Ints) -> tuple[Ints, Ints, Ints]:
    """When each message was opened, clicked and unsubscribed from."""
    size = len(arrived)
    delay = np.exp(rng.normal(np.log(2.5), 1.3, size)) * HOUR_US
    opened = arrived + np.minimum(delay, 20 * DAY_US).astype(np.int64)
    opens = (arrived < NEVER) & (rng.random(size) < response.opens) & (opened < END_US)
    clicked = opened + rng.integers(4 * SECOND_US, 240 * SECOND_US, size)
    clicks = opens & (rng.random(size) < response.clicks) & (clicked < END_US)
    leaving = arrived + rng.integers(MINUTE_US, DAY_US, size)
    leaves = (arrived < NEVER) & (rng.random(size) < response.unsubscribes) & (leaving < END_US)
    return np.where(opens, opened, NEVER), np.where(clicks, clicked, NEVER), np.where(leaves, leaving, NEVER)


class Mailroom:
    """Sends messages, and keeps who has unsubscribed (`off`, the instant, or NEVER) or bounced too often."""

    def __init__(self, rng: np.random.Generator, people: People, consents: Consents) -> None:
        size = len(people.joined)
        self._rng = rng
        self._people = people
        self._consents = consents
        self._bounces = np.zeros(size, np.int64)
        self._variants: Mapping[str, Codes] = {name: _variants(people, name) for name in CAMPAIGNS}
        self.off = np.full(size, NEVER)

    def may_email(self, campaign: str, users: Ints, times: Ints) -> Bools:
        """Which of these e-mails may go out: by consent, bounces, and the campaign's control group."""
        allowed: Bools = (self._consents.email[users] == 1) & (times < self.off[users])
        allowed &= self._bounces[users] < _MOST_BOUNCES
        return allowed & self._messaged(campaign, users, times)

    def may_push(self, campaign: str, users: Ints, times: Ints) -> Bools:
        """Which of these push messages may go out."""
        allowed: Bools = self._consents.push[users] == 1
        return allowed & self._messaged(campaign, users, times)

    def email(self, campaign: str, users: Ints, times: Ints, lift: float, *, service: bool = False) -> Sent:
        """E-mails to the users at their times; from a `service` message nobody can unsubscribe."""
        bounces = self._consents.dead[users] | (self._rng.random(len(users)) < _BOUNCES)
        self._bounces[users[self._consents.dead[users]]] += 1
        arrived = times + self._rng.integers(SECOND_US, 90 * SECOND_US, len(users))
        delivered = np.where(bounces, NEVER, arrived)
        response = _response(self._people, users, times, lift)
        opened, clicked, off = _react(self._rng, response, delivered)
        off = np.full_like(off, NEVER) if service else off
        np.minimum.at(self.off, users, off)
        bounced = np.where(bounces, arrived, NEVER)
        return self._sent(campaign, users, (times, delivered, opened, clicked, off, bounced), push=False)

    def push(self, campaign: str, users: Ints, times: Ints, lift: float) -> Sent:
        """Push messages to the users at their times; they are opened or not, and that is all."""
        opened, _, _ = _react(self._rng, _response(self._people, users, times, 0.4 * lift), times)
        never = np.full(len(users), NEVER)
        return self._sent(campaign, users, (times, never, opened, never, never, never), push=True)

    def _messaged(self, campaign: str, users: Ints, times: Ints) -> Bools:
        messaged: Bools = (self._variants[campaign][users] < len(LABELS)) & (times < END_US - HOUR_US)
        return messaged

    def _sent(self, campaign: str, users: Ints, instants: tuple[Ints, ...], *, push: bool) -> Sent:
        number = np.full(len(users), CAMPAIGNS.index(campaign), np.int32)
        variants = self._variants[campaign][users]
        return Sent(np.full(len(users), push), users.astype(np.int32), number, variants, *instants)


def join(parts: Sequence[Sent]) -> Sent:
    """All messages as one table."""
    return Sent(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Sent)))


def _audience(send: Send, people: People, visits: Visits, instant: int) -> Bools:
    last = np.maximum(visits.last_before(instant, len(people.joined)), people.joined)
    recent = instant - last < _RECENT_US
    return (people.joined < instant) & (recent if send.audience == RECENT else ~recent)


def send_calendar(mailroom: Mailroom, people: People, visits: Visits, zones: Zones) -> Sent:
    """Everything that the calendar of campaigns says, in order; each send knows the answers to those before."""
    parts = []
    for send in calendar():
        day = day_number(send.day)
        users = np.flatnonzero(_audience(send, people, visits, day * DAY_US))
        hours = np.full(len(users), int(send.hour * HOUR_US))
        times = zones.instants(people.zone[users], np.full(len(users), day), hours) + (users % 1200) * SECOND_US
        email = send.channel == EMAIL
        may = (mailroom.may_email if email else mailroom.may_push)(send.campaign, users, times)
        parts.append((mailroom.email if email else mailroom.push)(send.campaign, users[may], times[may], send.lift))
    return join(parts)


def send_welcomes(mailroom: Mailroom, people: People) -> Sent:
    """A welcome within the hour after joining."""
    users = np.flatnonzero(people.joined >= FIRST * DAY_US)
    times = people.joined[users] + (20 + users % 40) * MINUTE_US
    may = mailroom.may_email("welcome", users, times)
    return mailroom.email("welcome", users[may], times[may], 1.5)


def send_reminders(mailroom: Mailroom, users: Codes, left: Ints, back: Ints) -> Sent:
    """A reminder 4 hours after a basket was left; who came back for it (`back`, else NEVER) had clicked it."""
    who, times = users.astype(np.int64), left + 4 * HOUR_US
    may = mailroom.may_email("abandoned_basket", who, times)
    sent = mailroom.email("abandoned_basket", who[may], times[may], 1.3, service=True)
    came = (back[may] < NEVER) & (sent.delivered < NEVER)
    opened = np.where(came, back[may] - 40 * SECOND_US, sent.opened)
    return replace(sent, opened=opened, clicked=np.where(came, back[may] - 3 * SECOND_US, NEVER))
