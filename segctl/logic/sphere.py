"""Distances on the globe in exact numbers: the same answer on every machine, whatever its sine is (law 1)."""

from __future__ import annotations

import functools
from decimal import Context, Decimal, localcontext

from segctl.logic.bound import Near

RADIUS = Decimal("6371008.8")
"""Of the earth, in metres."""

_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620900")
_DIGITS = 60
_SMALL = Decimal(10) ** -_DIGITS
_HALF_ROUND = 180


def is_near(test: Near, lat: float, lon: float) -> bool:
    """Whether a place, in degrees, is at most so far away by the haversine.

    Both sides are compared as squares of sines; 60 digits tell apart whatever doubles can say.
    """
    limit = border(test)
    with localcontext(Context(prec=_DIGITS)):
        return limit is None or _haversine(test, Decimal(lat), Decimal(lon)) <= limit


@functools.lru_cache(maxsize=1024)
def border(test: Near) -> Decimal | None:
    """The square of the sine of half the radius' angle; None where no place is further away."""
    with localcontext(Context(prec=_DIGITS)):
        half = Decimal(test.metres) / (2 * RADIUS)
        return None if half >= _PI / 2 else _sine(half) ** 2


def _haversine(test: Near, lat: Decimal, lon: Decimal) -> Decimal:
    """The square of the sine of half the angle between the place and the test's point."""
    up = _sine(_radians((lat - Decimal(test.lat)) / 2))
    across = _sine(_radians((lon - Decimal(test.lon)) / 2))
    return up**2 + _cosine(lat) * _cosine(Decimal(test.lat)) * across**2


def _radians(degrees: Decimal) -> Decimal:
    return degrees * _PI / _HALF_ROUND


def _cosine(degrees: Decimal) -> Decimal:
    return _sine(_radians(90 - abs(degrees)))


def _sine(angle: Decimal) -> Decimal:
    """By its series, for angles of at most half a turn."""
    term, total, number = angle, angle, 1
    while abs(term) > _SMALL * abs(total) and term:
        number += 2
        term = -term * angle * angle / (number * (number - 1))
        total += term
    return total
