"""A hundred segments of mixed conditions, as plain data in segctl's language."""

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


def attributes() -> Iterator[Condition]:
    """Attributes only."""
    yield {"all": [attribute("country", **{"in": ["FR", "BE", "NO"]}), attribute("email_subscribed", **{"is": True})]}
    yield {"all": [attribute("age", between=[25, 34]), attribute("plan", is_not="free")]}
    yield attribute("signup", within_last="30d")
    yield {"all": [attribute("signup", older_than="365d"), attribute("score", at_least=50)]}
    yield attribute("interests", includes_any=["sport", "travel"])
    yield attribute("interests", includes_all=["music", "art"])
    yield attribute("address.city", **{"in": ["city 001", "city 017", "city 042", "city 100", "city 222"]})
    yield {"any": [attribute("birthday", exists=False), attribute("birthday", before="1970-01-01")]}
    yield {"all": [attribute("country", not_in=["DE", "ES"]), {"not": attribute("age", less_than=30)}]}
    yield attribute("address.city", starts_with=["city 00", "city 1"])


def counts() -> Iterator[Condition]:
    """Numbers of events, in windows of all lengths."""
    thresholds = zip(WINDOWS, (1, 1, 2, 2, 3, 4, 6, 10), strict=True)
    for within, least in thresholds:
        yield event("purchase", within, count={"at_least": least})
    for within, least in (("7d", 2), ("30d", 5), ("90d", 12), ("365d", 40)):
        yield event("session_start", within, count={"at_least": least})
    yield event(["login", "session_start"], "30d", count={"at_least": 6})
    yield event("*", "14d", count={"at_least": 15})
    yield event("search", "60d", count={"between": [2, 6]})
    yield event("product_viewed", between=["60d", "30d"], count={"at_least": 3})
    yield event("email_sent", between=["2026-01-01", "2026-03-31"], count={"at_least": 4})


def amounts() -> Iterator[Condition]:
    """Sums, averages, least and greatest values."""
    for within, more in (("30d", 150.005), ("90d", 300.005), ("365d", 800.005), ("730d", 1500.005)):
        yield event("purchase", within, sum={"of": "amount", "more_than": more})
    for within, more in (("90d", 61.2345678), ("365d", 75.7654321)):
        yield event("purchase", within, average={"of": "amount", "more_than": more})
    yield event("purchase", "365d", max={"of": "amount", "at_least": 250})
    yield event("purchase", "180d", min={"of": "amount", "less_than": 5})
    yield event("purchase", "180d", sum={"of": "quantity", "at_least": 8})
    yield event("refund", "365d", sum={"of": "amount", "more_than": 100.005})
    yield event("added_to_cart", "60d", average={"of": "quantity", "at_least": 2})


def filtered() -> Iterator[Condition]:
    """Filters on properties, and on the catalogue."""
    for color, within, least in (("red", "730d", 2), ("red", "90d", 1), ("black", "365d", 2), ("blue", "180d", 1)):
        yield event("purchase", within, where={"property": "color", "is": color}, count={"at_least": least})
    yield event("purchase", "180d", where={"property": "color", "in": ["red", "pink", "orange", "purple", "yellow"]},
                count={"at_least": 2})  # fmt: skip
    yield event("purchase", "365d", where={"property": "product.category", "is": "shoes"}, count={"at_least": 2})
    yield event("product_viewed", "30d", where={"property": "product.category", "in": ["bags", "hats"]},
                count={"at_least": 2})  # fmt: skip
    yield event("product_viewed", "90d", where={"property": "product.price", "more_than": 80}, count={"at_least": 4})
    yield event("purchase", "365d", where=[{"property": "amount", "at_least": 100}, {"property": "color", "is": "red"}])
    yield event("purchase", "730d", where={"any": [{"property": "quantity", "at_least": 4},
                {"property": "amount", "more_than": 200}]}, count={"at_least": 2})  # fmt: skip
    yield event("session_start", "90d", where={"property": "device", "is_not": "web"}, count={"at_least": 6})
    yield event("email_clicked", "180d", where={"property": "campaign", "starts_with": "campaign 1"})
    yield event("added_to_cart", "30d", where={"not": {"property": "color", "in": ["black", "white"]}},
                count={"at_least": 2})  # fmt: skip


def distinct() -> Iterator[Condition]:
    """Numbers of different values."""
    for within, least in (("30d", 3), ("90d", 6), ("365d", 15)):
        yield event("product_viewed", within, distinct={"of": "product_id", "at_least": least})
    yield event("purchase", "365d", distinct={"of": "color", "at_least": 3})
    yield event("email_opened", "180d", distinct={"of": "campaign", "at_least": 4})
    yield event("purchase", "730d", distinct={"of": "product_id", "at_least": 5})


def days() -> Iterator[Condition]:
    """Numbers of days."""
    for within, least in (("30d", 4), ("90d", 10), ("365d", 25)):
        yield event("session_start", within, days={"at_least": least})
    yield event("login", "90d", days={"at_least": 3})
    yield event("*", "30d", days={"at_least": 10})


def moments() -> Iterator[Condition]:
    """First and last times."""
    yield event("purchase", first={"within_last": "60d"})
    yield event("purchase", first={"older_than": "500d"})
    yield event("purchase", last={"older_than": "180d"})
    yield event("session_start", last={"within_last": "3d"})
    yield event("login", last={"older_than": "90d"})
    yield event("email_opened", first={"within_last": "30d"})
    yield event("purchase", where={"property": "color", "is": "green"}, last={"within_last": "120d"})


def nested() -> Iterator[Condition]:
    """References to other segments."""
    yield {"all": [{"segment": "segment_000"}, {"segment": "segment_014"}]}
    yield {"any": [{"segment": "segment_011"}, {"segment": "segment_030"}]}
    yield {"all": [{"segment": "segment_001"}, {"not": {"segment": "segment_017"}}]}
    yield {"all": [{"segment": "segment_069"}, {"segment": "segment_038"}, {"not": {"segment": "segment_002"}}]}
    yield {"any": [{"segment": "segment_070"}, {"all": [{"segment": "segment_004"}, {"segment": "segment_021"}]}]}
    yield {"not": {"any": [{"segment": "segment_012"}, {"segment": "segment_072"}]}}


def lapsed() -> Iterator[Condition]:
    """Did once and not lately."""
    for name, once, lately in (
        ("purchase", "365d", "90d"), ("purchase", "730d", "180d"), ("session_start", "180d", "30d"),
        ("login", "365d", "60d"), ("email_opened", "180d", "60d"), ("added_to_cart", "90d", "14d"),
    ):  # fmt: skip
        yield {"all": [event(name, once, count={"at_least": 2}), event(name, lately, count={"exactly": 0})]}
    for lately in ("7d", "30d", "90d"):
        put = event("added_to_cart", lately)
        yield {"all": [put, {"not": event("purchase", lately)}, attribute("email_subscribed", **{"is": True})]}


def mixed() -> Iterator[Condition]:
    """Attributes and several kinds of events together."""
    for country, within in (("FR", "30d"), ("DE", "90d"), ("ES", "180d"), ("IT", "365d"), ("GB", "730d")):
        yield {"all": [
            attribute("country", **{"is": country}),
            {"any": [event("purchase", within, count={"at_least": 3}),
                     event("purchase", within, sum={"of": "amount", "more_than": 200.005})]},
            {"not": event("refund", within)},
        ]}  # fmt: skip
    for plan, least in (("basic", 4), ("plus", 6), ("pro", 8)):
        yield {"all": [
            attribute("plan", **{"is": plan}),
            event("session_start", "90d", count={"at_least": least}),
            event("email_opened", "90d", count={"at_least": 1}),
            {"any": [attribute("age", at_least=40), attribute("score", more_than=60), event("search", "30d")]},
        ]}  # fmt: skip
    for within in ("60d", "180d"):
        yield {"all": [
            event("email_sent", within, count={"at_least": 2}),
            event("email_opened", within, count={"exactly": 0}),
            event("purchase", "730d"),
        ]}  # fmt: skip
    for within, least in (("30d", 3), ("120d", 6), ("365d", 12)):
        yield {"all": [
            event("product_viewed", within, count={"at_least": least}),
            event("added_to_cart", within, count={"at_least": 1}),
            event("purchase", within, count={"at_most": 1}),
        ]}  # fmt: skip
    yield {"all": [attribute("signup", within_last="90d"), event("purchase", "90d", days={"at_least": 2})]}
    yield {"any": [event("refund", "365d", count={"at_least": 2}), event("purchase", "365d", min={"of": "amount",
                   "at_least": 60})]}  # fmt: skip
    yield {"all": [event("login", "365d", where={"property": "device", "is": "ios"}),
                   event("login", "365d", where={"property": "device", "is": "android"})]}  # fmt: skip
