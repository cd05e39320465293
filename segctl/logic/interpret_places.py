"""Places, one at a time, plainly: what tests on them mean."""

from __future__ import annotations

import math
from fractions import Fraction

from segctl.logic.bound import Inside, Near, Somewhere
from segctl.logic.sphere import is_near

_POLE, _HALF_ROUND = 90, 180

Ring = tuple[tuple[float, float], ...]
Point = tuple[Fraction, Fraction]
"""Longitude and latitude."""


def place_passes(test: Near | Inside | Somewhere, lat: object, lon: object) -> bool:
    """Whether there is a place, and it passes."""
    if not _is_on(lat, _POLE) or not _is_on(lon, _HALF_ROUND):
        return False
    assert isinstance(lat, int | float)  # noqa: S101 coordinates are numbers
    assert isinstance(lon, int | float)  # noqa: S101 coordinates are numbers
    match test:
        case Near():
            return is_near(test, lat, lon)
        case Inside(polygon, holes):
            point = (Fraction(lon), Fraction(lat))
            inside = _side(point, polygon) is not False
            return inside and not any(_side(point, hole) is True for hole in holes)
        case Somewhere():
            return True


def _is_on(degrees: object, limit: int) -> bool:
    if not isinstance(degrees, int | float) or isinstance(degrees, bool):
        return False
    return not math.isnan(degrees) and -limit <= degrees <= limit


def _side(point: Point, ring: Ring) -> bool | None:
    """Whether a point is inside, by even and odd; None on the border."""
    inside = False
    corners = [(Fraction(lon), Fraction(lat)) for lon, lat in ring]
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        if _is_between(point, start, end):
            return None
        if (start[1] <= point[1]) is not (end[1] <= point[1]):
            crossing = start[0] + (end[0] - start[0]) * (point[1] - start[1]) / (end[1] - start[1])
            inside ^= crossing > point[0]
    return inside


def _is_between(point: Point, start: Point, end: Point) -> bool:
    """Whether the point lies on the straight side from start to end."""
    along = (end[0] - start[0]) * (point[1] - start[1]) == (end[1] - start[1]) * (point[0] - start[0])
    return along and all(min(a, b) <= p <= max(a, b) for p, a, b in zip(point, start, end, strict=True))
