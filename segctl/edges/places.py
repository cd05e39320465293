"""Places at the edge of a circle or a polygon."""

from __future__ import annotations

import math
from collections.abc import Iterator

from segctl.logic.bound import Inside, Near, Somewhere
from segctl.logic.interpret_places import place_passes

_EARTH_M = 6_371_008.8
_POLE, _HALF_ROUND = 90.0, 180.0
_A_STEP = 0.001
"""Degrees, about a hundred metres."""
_DIGITS = 9

Point = tuple[float, float]
"""Latitude and longitude."""


def places(test: Near | Inside | Somewhere) -> Iterator[tuple[str, Point]]:
    """The points at the edges, each with what it is."""
    match test:
        case Near():
            yield from _near(test)
        case Inside(polygon, holes):
            yield from _inside(test)
            for lon, lat in polygon:
                yield "at a corner", (lat, lon)
            for hole in holes:
                yield "in a hole", _middle(hole)
            lon, lat = max(polygon)
            yield "just outside", (lat, lon + _A_STEP if lon + _A_STEP <= _HALF_ROUND else min(polygon)[0] - _A_STEP)
        case Somewhere():
            yield "somewhere", (0.0, 0.0)
    yield "at a latitude that is none", (91.0, 0.0)


def _near(test: Near) -> Iterator[tuple[str, Point]]:
    small = min(1.0, test.metres / 10)
    yield "in the middle", (test.lat, test.lon)
    for words, metres in ((f"{small:g} m inside", test.metres - small), (f"{small:g} m outside", test.metres + small)):
        degrees = math.degrees(metres / _EARTH_M)
        lat = test.lat + degrees if test.lat + degrees <= _POLE else test.lat - degrees
        if -_POLE <= lat <= _POLE:
            yield words, (round(lat, _DIGITS), test.lon)


def _inside(test: Inside) -> Iterator[tuple[str, Point]]:
    """A point inside: the middle, or that of three corners in a row."""
    ring = test.polygon
    threes = [(ring[n - 2], ring[n - 1], ring[n]) for n in range(len(ring))]
    for corners in (ring, *threes):
        lat, lon = _middle(corners)
        if place_passes(test, lat, lon):
            yield "inside", (lat, lon)
            return


def _middle(ring: tuple[tuple[float, float], ...]) -> Point:
    lon, lat = (sum(corner[n] for corner in ring) / len(ring) for n in (0, 1))
    return round(lat, _DIGITS), round(lon, _DIGITS)
