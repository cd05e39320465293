"""The customers: when they joined, where they live, and the habits that shape all they do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.example.assortment import APPEAL, CATEGORIES
from segctl.example.columns import choose, serials
from segctl.example.geography import CITIES, ZONES
from segctl.example.seasons import (
    DAY_US,
    END_US,
    LAST,
    OPENED,
    Floats,
    Ints,
    day_number,
    demand,
    draw_hours,
)
from segctl.example.zones import Zones

Bools = npt.NDArray[np.bool_]

_GROWTH = 0.0009
"""The shop's growth per day: about 4.7 times as many sign-ups at the end as at the start."""

DEVICES = ("ios_app", "android_app", "mobile_web", "desktop")
_DEVICE_SHARES = (0.17, 0.19, 0.36, 0.28)
_APPS = 2


@dataclass(frozen=True)
class People:
    """One row per customer, in the order in which they joined.

    Instants are UTC microseconds; `visits` is sessions per day at ordinary demand, `browsing` views
    per session; `buying`, `coupons` and `returns` multiply a chance; `opens` and `clicks` are chances.
    """

    labels: pa.Array
    city: Ints
    zone: Ints
    joined: Ints
    left: Ints
    visits: Floats
    browsing: Floats
    buying: Floats
    favourite: Ints
    second: Ints
    opens: Floats
    clicks: Floats
    coupons: Floats
    returns: Floats
    device: Ints

    @property
    def has_app(self) -> Bools:
        """Who shops with the app."""
        return self.device < _APPS


def _join(rng: np.random.Generator, zone: Ints, zones: Zones) -> Ints:
    opened = day_number(OPENED)
    growth = np.exp(_GROWTH * np.arange(LAST - opened + 1))
    days = opened + choose(rng, growth * demand(opened, LAST), len(zone))
    return np.minimum(zones.instants(zone, days, draw_hours(rng, days)), END_US - DAY_US // 24)


def _leave(rng: np.random.Generator, joined: Ints, keenness: Floats) -> Ints:
    """When they lose interest: some after a few days, the keen ones after years."""
    size = len(joined)
    tourist = rng.random(size) < 0.24 / np.sqrt(0.5 + keenness)
    days = np.where(tourist, rng.exponential(6, size), 620 * rng.weibull(0.75, size) * np.sqrt(0.25 + keenness))
    return joined + ((0.02 + days) * DAY_US).astype(np.int64)


def _tastes(rng: np.random.Generator, size: int) -> tuple[Ints, Ints]:
    appeal = [APPEAL[category] for category in CATEGORIES]
    return choose(rng, appeal, size), choose(rng, appeal, size)


def _returns(rng: np.random.Generator, size: int) -> Floats:
    """Most send little back; one in fifty sends back most of what comes."""
    return np.where(rng.random(size) < 0.02, rng.uniform(4.5, 8.0, size), rng.gamma(1.2, 0.7, size))  # noqa: PLR2004


def make_people(rng: np.random.Generator, count: int, zones: Zones) -> People:
    """The customers with their habits: a few keen ones, many who hardly come."""
    zone_of = np.array([ZONES.index(city.zone) for city in CITIES])
    city = choose(rng, [place.weight for place in CITIES], count)
    joined = _join(rng, zone_of[city], zones)
    order = np.argsort(joined, kind="stable")
    city, joined = city[order], joined[order]
    keenness = np.minimum(rng.gamma(1.0, 1.0, count), 5.0)
    favourite, second = _tastes(rng, count)
    warmth = rng.beta(0.9, 1.9, count)
    return People(
        labels=serials("u", count, 6), city=city, zone=zone_of[city], joined=joined,
        left=_leave(rng, joined, keenness),
        visits=0.024 * (0.15 + keenness) * rng.lognormal(0, 0.4, count),
        browsing=rng.gamma(1.8, 1.75 / 1.8, count),
        buying=rng.lognormal(-0.3, 0.75, count) * (0.75 + 0.25 * np.minimum(keenness, 3)),
        favourite=favourite, second=second,
        opens=np.clip(0.75 * warmth + 0.05 * keenness, 0, 0.92), clicks=0.04 + 0.2 * rng.beta(1.2, 4, count),
        coupons=rng.beta(0.5, 1.6, count), returns=_returns(rng, count),
        device=choose(rng, _DEVICE_SHARES, count),
    )  # fmt: skip
