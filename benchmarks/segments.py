"""A hundred segments of mixed conditions, as plain data in segctl's language.

They are made as marketers make them: some ask one thing of the users, most ask for something done, add
who is reachable or still active, and leave some users out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

Condition = dict[str, Any]

WINDOWS = ("7d", "14d", "30d", "60d", "90d", "180d", "365d", "730d")


def segments() -> dict[str, Condition]:
    """Name to condition; some refer to others."""
    found: dict[str, Condition] = {}
    makers = (attributes(), counts(), amounts(), filtered(), distinct(), days(), moments(), nested(), lapsed(), mixed())
    for number, condition in enumerate(itertools.chain.from_iterable(makers)):
        found[f"segment_{number:03}"] = condition
    return found


def event(name: str | list[str], within: str | None = None, **rest: Any) -> Condition:
    """A condition on events."""
    window = {} if within is None else {"within": within}
    return {"event": name, **window, **rest}


def attribute(path: str, **test: Any) -> Condition:
    """A condition on an attribute."""
    return {"attribute": path, **test}


def both(*conditions: Condition) -> Condition:
    """All of the conditions."""
    return {"all": list(conditions)}


def never(condition: Condition) -> Condition:
    """Not the condition."""
    return {"not": condition}


REACHABLE = attribute("email_subscribed", **{"is": True})
ENGAGED = event("email_opened", "90d")
NO_REFUNDS = never(event("refund", "365d", count={"at_least": 2}))
AROUND = event("session_start", "30d")


def attributes() -> Iterator[Condition]:
    """Attributes only."""
    yield both(attribute("country", **{"in": ["FR", "BE", "NO"]}), REACHABLE)
    yield both(attribute("age", between=[25, 34]), attribute("plan", is_not="free"))
    yield attribute("signup", within_last="30d")
    yield both(attribute("signup", older_than="365d"), attribute("score", at_least=50))
    yield attribute("interests", includes_any=["sport", "travel"])
    yield attribute("interests", includes_all=["music", "art"])
    yield attribute("address.city", **{"in": ["city 001", "city 017", "city 042", "city 100", "city 222"]})
    yield {"any": [attribute("birthday", exists=False), attribute("birthday", before="1970-01-01")]}
    yield both(attribute("country", not_in=["DE", "ES"]), never(attribute("age", less_than=30)))
    yield attribute("address.city", starts_with=["city 00", "city 1"])


def counts() -> Iterator[Condition]:
    """Numbers of events, in windows of all lengths."""
    for within, least in zip(WINDOWS, (1, 1, 2, 2, 3, 4, 6, 10), strict=True):
        yield both(event("purchase", within, count={"at_least": least}), NO_REFUNDS, REACHABLE)
    for within, least in (("7d", 2), ("30d", 3), ("90d", 6), ("365d", 12)):
        yield both(event("session_start", within, count={"at_least": least}), {"any": [ENGAGED, event("login", "30d")]})
    yield both(event(["login", "session_start"], "30d", count={"at_least": 4}), event("purchase", "365d"))
    yield event("*", "14d", count={"at_least": 4})
    yield both(event("search", "60d", count={"between": [2, 6]}), never(event("purchase", "60d")))
    yield both(event("product_viewed", between=["60d", "30d"], count={"at_least": 2}), never(AROUND))
    yield event("email_sent", between=["2026-01-01", "2026-03-31"], count={"at_least": 2})


def amounts() -> Iterator[Condition]:
    """Sums, averages, least and greatest values."""
    for within, more in (("30d", 100.005), ("90d", 150.005), ("365d", 300.005), ("730d", 500.005)):
        yield both(event("purchase", within, sum={"of": "amount", "more_than": more}), ENGAGED, NO_REFUNDS)
    for within, more in (("90d", 61.2345678), ("365d", 75.7654321)):
        yield both(event("purchase", within, average={"of": "amount", "more_than": more}), AROUND)
    yield both(event("purchase", "365d", max={"of": "amount", "at_least": 150}), never(event("purchase", "30d")))
    yield event("purchase", "180d", min={"of": "amount", "less_than": 5})
    yield both(event("purchase", "180d", sum={"of": "quantity", "at_least": 5}), REACHABLE, ENGAGED)
    yield event("refund", "365d", sum={"of": "amount", "more_than": 100.005})
    yield both(
        event("added_to_cart", "60d", average={"of": "quantity", "at_least": 2}), never(event("purchase", "60d"))
    )


def filtered() -> Iterator[Condition]:
    """Filters on properties, and on the catalogue."""
    for color, within, least in (("red", "730d", 2), ("red", "90d", 1), ("black", "365d", 2), ("blue", "180d", 1)):
        bought = event("purchase", within, where={"property": "color", "is": color}, count={"at_least": least})
        yield both(bought, REACHABLE, ENGAGED, never(event("refund", within)))
    warm = {"property": "color", "in": ["red", "pink", "orange", "purple", "yellow"]}
    yield both(event("purchase", "180d", where=warm, count={"at_least": 2}), AROUND)
    shoes = {"property": "product.category", "is": "shoes"}
    yield both(event("purchase", "365d", where=shoes), event("product_viewed", "60d", where=shoes))
    small = {"property": "product.category", "in": ["bags", "hats"]}
    yield both(event("product_viewed", "30d", where=small), never(event("purchase", "90d", where=small)))
    yield event("product_viewed", "90d", where={"property": "product.price", "more_than": 80}, count={"at_least": 2})
    dear_and_red = [{"property": "amount", "at_least": 100}, {"property": "color", "is": "red"}]
    yield both(event("purchase", "365d", where=dear_and_red), NO_REFUNDS)
    large = {"any": [{"property": "quantity", "at_least": 4}, {"property": "amount", "more_than": 200}]}
    yield both(event("purchase", "730d", where=large, count={"at_least": 2}), event("login", "180d"))
    mobile = {"property": "device", "is_not": "web"}
    yield both(event("session_start", "90d", where=mobile, count={"at_least": 3}), event("login", "90d", where=mobile))
    first_ten = {"property": "campaign", "starts_with": "campaign 1"}
    yield both(event("email_clicked", "180d", where=first_ten), event("purchase", "180d"))
    colored = {"not": {"property": "color", "in": ["black", "white"]}}
    yield both(event("added_to_cart", "30d", where=colored), never(event("purchase", "30d", where=colored)))


def distinct() -> Iterator[Condition]:
    """Numbers of different values."""
    for within, least in (("30d", 2), ("90d", 3), ("365d", 7)):
        viewed = event("product_viewed", within, distinct={"of": "product_id", "at_least": least})
        yield both(viewed, never(event("purchase", within)), REACHABLE)
    yield both(event("purchase", "365d", distinct={"of": "color", "at_least": 2}), ENGAGED)
    yield event("email_opened", "180d", distinct={"of": "campaign", "at_least": 2})
    yield both(event("purchase", "730d", distinct={"of": "product_id", "at_least": 4}), AROUND, NO_REFUNDS)


def days() -> Iterator[Condition]:
    """Numbers of days."""
    for within, least in (("30d", 3), ("90d", 5), ("365d", 10)):
        yield both(event("session_start", within, days={"at_least": least}), event("purchase", within), ENGAGED)
    yield event("login", "90d", days={"at_least": 2})
    yield both(event("*", "30d", days={"at_least": 4}), attribute("plan", **{"is": "free"}))


def moments() -> Iterator[Condition]:
    """First and last times."""
    yield both(event("purchase", first={"within_last": "60d"}), REACHABLE)
    yield both(event("purchase", first={"older_than": "500d"}), event("session_start", "60d"))
    yield both(event("purchase", last={"older_than": "180d"}), AROUND, ENGAGED)
    yield event("session_start", last={"within_last": "3d"})
    yield both(event("login", last={"older_than": "90d"}), event("email_clicked", "90d"))
    yield event("email_opened", first={"within_last": "30d"})
    green = {"property": "color", "is": "green"}
    yield both(event("purchase", where=green, last={"within_last": "120d"}), NO_REFUNDS)


def nested() -> Iterator[Condition]:
    """References to other segments."""
    yield both({"segment": "segment_000"}, {"segment": "segment_014"})
    yield {"any": [{"segment": "segment_011"}, {"segment": "segment_030"}]}
    yield both({"segment": "segment_001"}, never({"segment": "segment_017"}))
    yield both({"segment": "segment_069"}, {"segment": "segment_038"}, never({"segment": "segment_002"}))
    yield {"any": [{"segment": "segment_070"}, both({"segment": "segment_004"}, {"segment": "segment_021"})]}
    yield never({"any": [{"segment": "segment_012"}, {"segment": "segment_072"}]})


def lapsed() -> Iterator[Condition]:
    """Did once and not lately."""
    for name, once, lately in (
        ("purchase", "365d", "90d"), ("purchase", "730d", "180d"), ("session_start", "180d", "30d"),
        ("login", "365d", "60d"), ("email_opened", "180d", "60d"), ("added_to_cart", "90d", "14d"),
    ):  # fmt: skip
        often = event(name, once, count={"at_least": 2})
        yield both(often, event(name, lately, count={"exactly": 0}), event("email_sent", "60d"))
    for lately in ("7d", "30d", "90d"):
        yield both(event("added_to_cart", lately), never(event("purchase", lately)), REACHABLE)


def mixed() -> Iterator[Condition]:
    """Attributes and several kinds of events together."""
    for country, within in (("FR", "30d"), ("DE", "90d"), ("ES", "180d"), ("IT", "365d"), ("GB", "730d")):
        many = event("purchase", within, count={"at_least": 3})
        much = event("purchase", within, sum={"of": "amount", "more_than": 200.005})
        yield both(attribute("country", **{"is": country}), {"any": [many, much]}, never(event("refund", within)))
    for plan, least in (("basic", 2), ("plus", 3), ("pro", 4)):
        known = [attribute("age", at_least=40), attribute("score", more_than=60), event("search", "30d")]
        sessions = event("session_start", "90d", count={"at_least": least})
        yield both(attribute("plan", **{"is": plan}), sessions, ENGAGED, {"any": known})
    for within in ("60d", "180d"):
        silent = event("email_opened", within, count={"exactly": 0})
        yield both(event("email_sent", within, count={"at_least": 2}), silent, event("purchase", "730d"))
    for within, least in (("30d", 1), ("120d", 3), ("365d", 6)):
        seen = event("product_viewed", within, count={"at_least": least})
        yield both(seen, event("added_to_cart", within), event("purchase", within, count={"at_most": 1}))
    yield both(attribute("signup", within_last="90d"), event("purchase", "90d", days={"at_least": 2}))
    dear = event("purchase", "365d", min={"of": "amount", "at_least": 60})
    yield {"any": [event("refund", "365d", count={"at_least": 2}), both(dear, AROUND)]}
    on_ios = event("login", "365d", where={"property": "device", "is": "ios"})
    yield both(on_ios, event("login", "365d", where={"property": "device", "is": "android"}))
