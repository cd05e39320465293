"""Names of columns and events as people say them: `email_opened` is to have opened an e-mail."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Sequence

from segctl.logic.nodes import Names, Path

_SNAKE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
_PLAIN = re.compile(r"[\w -]+")

_EVENTS = {
    "purchase": ("made a purchase", "purchases"),
    "order": ("placed an order", "orders"),
    "refund": ("got a refund", "refunds"),
    "return": ("returned something", "returns"),
    "login": ("logged in", "logins"),
    "signup": ("signed up", "sign-ups"),
    "visit": ("made a visit", "visits"),
    "session_start": ("started a session", "sessions"),
    "session": ("had a session", "sessions"),
    "page_view": ("viewed a page", "page views"),
    "wishlist_added": ("added something to the wish list", "additions to the wish list"),
    "added_to_cart": ("put something into the basket", "additions to the basket"),
    "support_ticket": ("opened a support ticket", "support tickets"),
    "review_written": ("written a review", "reviews"),
    "email_sent": ("been sent an e-mail", "e-mails sent"),
    "email_delivered": ("had an e-mail delivered", "e-mails delivered"),
    "email_opened": ("opened an e-mail", "e-mails opened"),
    "email_clicked": ("clicked in an e-mail", "e-mails clicked"),
    "email_bounced": ("had an e-mail bounce", "e-mails bounced"),
    "email_unsubscribed": ("unsubscribed from e-mail", "unsubscriptions from e-mail"),
    "push_sent": ("been sent a push message", "push messages sent"),
    "push_opened": ("opened a push message", "push messages opened"),
    "sms_sent": ("been sent a text message", "text messages sent"),
}
"""Events that shops have: what who did it has done, and several of them."""

_DONE_TO = frozenset({
    "viewed", "opened", "clicked", "placed", "started", "completed", "written", "added", "removed", "used",
    "redeemed", "bought", "purchased", "returned", "downloaded", "installed", "created", "updated", "cancelled",
    "canceled", "watched", "played", "shared", "liked", "saved", "submitted", "booked", "read", "joined", "rated",
    "followed", "visited", "searched", "ordered",
})  # fmt: skip
"""What one does to something: `product_viewed` is to have viewed a product."""


def listed(words: Sequence[str], last: str) -> str:
    """`a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def on_one_line(text: str) -> str:
    """The text as it is, with what would break the line written as JSON does."""
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def quoted(text: str) -> str:
    """The text in quotes, unaltered."""
    return f'"{on_one_line(text)}"'


def spoken(name: str) -> str:
    """`email_subscribed` as `email subscribed`; a name in another form stays as it is."""
    return name.replace("_", " ") if _SNAKE.fullmatch(name) else name


def path_words(path: Path) -> str:
    """A path: its parts, said one after the other; quoted where they would be misread."""
    words = " ".join(map(spoken, path))
    return words if _PLAIN.fullmatch(words) else quoted(words)


def done_words(names: Names) -> str:
    """What who did one of the events has done: `made a purchase or got a refund`, `done anything`."""
    if names.prefix is not None:
        return f"done anything that starts with {quoted(names.prefix)}" if names.prefix else "done anything"
    return _shared([_done(name) for name in names.exact])


def _shared(words: Sequence[Sequence[str]]) -> str:
    """What several begin with is said once: `opened an e-mail or a push message`."""
    same = 0
    while len(words) > 1 and all(len(one) > same + 1 and one[same] == words[0][same] for one in words):
        same += 1
    return " ".join([*words[0][:same], listed([" ".join(one[same:]) for one in words], "or")])


def _done(name: str) -> list[str]:
    """The words, a quoted name being one of them."""
    if name in _EVENTS:
        return _EVENTS[name][0].split(" ")
    first, *rest = name.split("_")
    if _SNAKE.fullmatch(name) and rest[-1] in _DONE_TO:
        thing = " ".join([first, *rest[:-1]])
        return [rest[-1], "an" if thing[0] in "aeiou" else "a", *thing.split(" ")]
    if _SNAKE.fullmatch(name) and first in _DONE_TO:
        return [first, *rest]
    return ["done", quoted(spoken(name))]


def several_words(names: Names) -> str:
    """Several of the events: `purchases and refunds`, `everything done`."""
    if names.prefix is not None:
        return f"everything that starts with {quoted(names.prefix)}" if names.prefix else "everything done"
    return listed([_several(name) for name in names.exact], "and")


def _several(name: str) -> str:
    return _EVENTS[name][1] if name in _EVENTS else f"{quoted(spoken(name))} events"


def one_words(names: Names) -> str:
    """One of the events: `purchase or refund`."""
    if names.prefix is not None:
        return f"event that starts with {quoted(names.prefix)}" if names.prefix else "event"
    return listed([_one(name) for name in names.exact], "or")


def _one(name: str) -> str:
    """`purchase`, `addition to the basket`: the first plural as a singular."""
    if name not in _EVENTS:
        return f"{quoted(spoken(name))} event"
    return re.sub(r"(\w)s\b", r"\1", _EVENTS[name][1], count=1)


def is_country(path: Path) -> bool:
    """Whether values of a path are surely countries."""
    return bool(path) and path[-1] in {"country", "country_code"}


def country(code: str) -> str:
    """The English name of a country by its code of two capitals; anything else as it is."""
    return _countries().get(code, code)


@functools.cache
def _countries() -> dict[str, str]:
    """The table that time zones come with."""
    table = importlib.resources.files("tzdata") / "zoneinfo" / "iso3166.tab"
    lines = table.read_text("utf-8").splitlines()
    return {code: name for code, _, name in (line.partition("\t") for line in lines if not line.startswith("#"))}
