"""The users table: what the shop's customer database says about each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.example.assortment import CATEGORIES, INTERESTS
from segctl.example.columns import choose
from segctl.example.geography import CITIES, LANGUAGES, ZONES
from segctl.example.people import Bools
from segctl.example.seasons import AS_OF, Ints, day_number
from segctl.example.shop import Shop
from segctl.example.streams import VERSIONS, Sessions
from segctl.example.zones import offsets

_SOURCES = ("organic", "google_ads", "instagram", "referral", "newsletter_partner", "affiliate", "tiktok")
_SOURCE_SHARES = (30, 22, 17, 12, 6, 7, 6)


def _missing(rng: np.random.Generator, size: int, share: float) -> Bools:
    gone: Bools = rng.random(size) < share
    return gone


def _texts(codes: npt.NDArray[np.generic], labels: Sequence[str], missing: Bools) -> pa.Array:
    indices = pa.array(codes.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(labels))).cast(pa.string())


def _flags(values: Bools, missing: Bools) -> pa.Array:
    return pa.array(values, mask=missing)


def _hashes(rng: np.random.Generator, missing: Bools) -> pa.Array:
    digits = rng.bytes(16 * len(missing)).hex()
    return pa.array([None if gone else digits[32 * i : 32 * i + 32] for i, gone in enumerate(missing)])


def _birthdays(rng: np.random.Generator, missing: Bools) -> pa.Array:
    ages = np.clip(18 + rng.gamma(3.2, 6.2, len(missing)), 18, 92)
    days = day_number(AS_OF.date()) - (ages * 365.25).astype(np.int32)
    return pa.array(days.astype(np.int32), mask=missing).cast(pa.date32())


def _languages(rng: np.random.Generator, city: Ints) -> list[str]:
    draws = rng.random(len(city))
    steps = {country: (list(shares), np.cumsum(list(shares.values()))) for country, shares in LANGUAGES.items()}
    found = []
    for place, draw in zip(city, draws, strict=True):
        languages, ends = steps[CITIES[place].country]
        found.append(languages[min(int(np.searchsorted(ends, draw, "right")), len(languages) - 1)])
    return found


def _postcode(template: str, digits: Sequence[int]) -> str:
    filled = iter(digits)
    return "".join(str(next(filled)) if letter == "#" else letter for letter in template)


def _addresses(rng: np.random.Generator, city: Ints, missing: Bools) -> pa.Array:
    """Addresses; some have no coordinates, because the geocoder did not know them."""
    size = len(city)
    digits = rng.integers(0, 10, (size, 4)).tolist()
    places = [CITIES[number] for number in city]
    unplaced = _missing(rng, size, 0.06)
    lat = np.round([place.lat for place in places] + rng.normal(0, 0.03, size), 5)
    lon = np.round([place.lon for place in places] + rng.normal(0, 0.04, size), 5)
    fields = {
        "city": pa.array([place.name for place in places]),
        "postcode": pa.array([_postcode(p.postcode, d) for p, d in zip(places, digits, strict=True)]),
        "lat": pa.array(lat, mask=unplaced), "lon": pa.array(lon, mask=unplaced),
    }  # fmt: skip
    return pa.StructArray.from_arrays(list(fields.values()), list(fields), mask=pa.array(missing))


def _interests(rng: np.random.Generator, shop: Shop) -> list[list[str] | None]:
    """What they ticked: mostly of their favourite categories; many ticked nothing, or never saw the form."""
    size = len(shop.people.joined)
    choices = [INTERESTS[category] for category in CATEGORIES]
    pairs = list(zip(shop.people.favourite.tolist(), shop.people.second.tolist(), strict=True))
    ticks = (rng.random((size, 6)) < np.array([0.6, 0.4, 0.3, 0.3, 0.15, 0.1])).tolist()
    unseen = _missing(rng, size, 0.22).tolist()
    found: list[list[str] | None] = []
    for (first, second), ticked, gone in zip(pairs, ticks, unseen, strict=True):
        offered = (*choices[first], *choices[second])
        chosen = dict.fromkeys(name for name, tick in zip(offered, ticked, strict=True) if tick)
        found.append(None if gone else list(chosen))
    return found


def _joined(shop: Shop) -> pa.Array:
    """The time of joining as the customer database keeps it: Paris wall clock, without a zone."""
    wall = shop.people.joined + offsets(shop.people.joined, "Europe/Paris")
    return pa.array(wall // 1_000_000 * 1_000_000, pa.timestamp("us"))


def _app_versions(shop: Shop, sessions: Sessions) -> pa.Array:
    """The version seen last; none without a session in the app."""
    last = np.full(len(shop.people.joined), -1, np.int64)
    rows = np.flatnonzero((sessions.versions >= 0) & (sessions.users >= 0))
    rows = rows[np.argsort(sessions.starts[rows], kind="stable")]
    last[sessions.users[rows]] = sessions.versions[rows]
    return _texts(np.maximum(last, 0), VERSIONS, last < 0)


def _points(rng: np.random.Generator, shop: Shop) -> pa.Array:
    """A point per euro that was kept, for those with a loyalty card."""
    orders, after = shop.orders, shop.aftermath
    size = len(shop.people.joined)
    spent = np.bincount(orders.users, orders.amounts, size)
    back = shop.catalogue.cents[orders.products[after.returned]] * after.return_quantities
    kept = spent - np.bincount(orders.users[after.returned], back, size)
    card = rng.random(size) < np.where(kept > 0, 0.55, 0.18)
    return pa.array(kept.astype(np.int64) // 100, mask=~card)


def users_table(rng: np.random.Generator, shop: Shop, sessions: Sessions) -> pa.Table:
    """One row per customer, with the gaps that such tables have."""
    people: Any = shop.people
    size = len(people.joined)
    countries = list(LANGUAGES)
    country = np.array([countries.index(place.country) for place in CITIES])[people.city]
    consents = shop.consents
    return pa.table({
        "user_id": people.labels,
        "email_hash": _hashes(rng, (consents.email < 1) & _missing(rng, size, 0.12)),
        "country": _texts(country, countries, _missing(rng, size, 0.01)),
        "language": pa.array(_languages(rng, people.city)),
        "time_zone": _texts(people.zone, ZONES, _missing(rng, size, 0.03)),
        "birthday": _birthdays(rng, _missing(rng, size, 0.28)),
        "gender": _texts(choose(rng, [53, 43, 4], size), ("f", "m", "x"), _missing(rng, size, 0.14)),
        "address": _addresses(rng, people.city, _missing(rng, size, 0.12)),
        "interests": pa.array(_interests(rng, shop), pa.list_(pa.string())),
        "email_subscribed": _flags((consents.email == 1) & (shop.off > 2**61), consents.email < 0),
        "push_enabled": _flags(consents.push == 1, consents.push < 0),
        "signup": _joined(shop),
        "marketing_source": _texts(choose(rng, _SOURCE_SHARES, size), _SOURCES, _missing(rng, size, 0.05)),
        "app_version": _app_versions(shop, sessions),
        "loyalty_points": _points(rng, shop),
    })  # fmt: skip
