"""Many places against a circle on the sphere, or a polygon on the plane of longitude and latitude."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from segctl.engine.thresholds import Doubles
from segctl.index.column import Bits, Values
from segctl.logic.bound import Inside, Near, Somewhere
from segctl.logic.sphere import border, is_near
from segctl.logic.types import Scalar

_POLE, _HALF_ROUND = 90, 180

_RELATIVE, _ROOT = 1e-12, 1e-13
"""How far doubles may be off: a share of the border, and (where longitudes cancel) of its root."""

_ORIENTATION = 4e-16
"""How far the sign of a cross product may be trusted, as a share of its parts; Shewchuk proves 3.4e-16."""

_TINY = 1e-280

Point = tuple[float, float]
"""Longitude and latitude."""

Ring = tuple[Point, ...]
Signs = npt.NDArray[np.int8]


def in_place(lat: Values, lon: Values, test: Near | Inside | Somewhere) -> Bits:
    """Which rows have a place that passes."""
    lats, lons = _degrees(lat), _degrees(lon)
    with np.errstate(invalid="ignore"):
        there = (np.abs(lats) <= _POLE) & (np.abs(lons) <= _HALF_ROUND)
    if isinstance(test, Somewhere):
        return np.asarray(there)
    rows = np.flatnonzero(there)
    chosen = _near(lats[rows], lons[rows], test) if isinstance(test, Near) else _inside(lats[rows], lons[rows], test)
    passed = np.zeros(len(lats), dtype=np.bool_)
    passed[rows[chosen]] = True
    return passed


def _degrees(column: Values) -> Doubles:
    """Doubles, NaN where missing; integers beyond 2^53 are no degrees anyway."""
    values = column.values.astype(np.float64, copy=False)
    if column.type is Scalar.FLOAT or column.valid is None:
        return values
    return np.where(column.valid, values, np.nan)


# --- circles --------------------------------------------------------------------------------------


def _near(lats: Doubles, lons: Doubles, test: Near) -> Bits:
    """By squares of sines; where these are too close to the border for doubles, in exact numbers."""
    exact = border(test)
    if exact is None:
        return np.ones(len(lats), dtype=np.bool_)
    limit = float(exact)
    found = _haversine(lats, lons, test)
    passed: Bits = found <= limit
    unsure = np.flatnonzero(np.abs(found - limit) <= _RELATIVE * limit + _ROOT * math.sqrt(limit) + _ROOT**2)
    if len(unsure):
        decided = _decided(lats[unsure], lons[unsure], lambda lat, lon: int(is_near(test, lat, lon)))
        passed[unsure] = decided != 0
    return passed


def _decided(lats: Doubles, lons: Doubles, decide: Callable[[float, float], int]) -> Signs:
    """What is decided of each place; of equal ones once."""
    places, which = np.unique(np.stack([lats, lons], axis=1), axis=0, return_inverse=True)
    found = np.array([decide(lat, lon) for lat, lon in places.tolist()], dtype=np.int8)
    each: Signs = found[which.reshape(-1)]
    return each


def _haversine(lats: Doubles, lons: Doubles, test: Near) -> Doubles:
    up = np.sin(np.radians(lats - test.lat) / 2)
    across = np.sin(np.radians(lons - test.lon) / 2)
    found: Doubles = up * up + np.cos(np.radians(lats)) * math.cos(math.radians(test.lat)) * (across * across)
    return found


# --- polygons -------------------------------------------------------------------------------------


def _inside(lats: Doubles, lons: Doubles, test: Inside) -> Bits:
    """In the polygon or on its border, and in no hole but for its border."""
    order = _candidates(lats, lons, test.polygon)
    lats, lons, rows = lats[order], lons[order], len(lats)
    inside, border = _sides(lats, lons, test.polygon)
    passed = inside | border
    for hole in test.holes:
        inside, border = _sides(lats, lons, hole)
        passed &= ~inside | border
    found = np.zeros(rows, dtype=np.bool_)
    found[order[passed]] = True
    return found


def _candidates(lats: Doubles, lons: Doubles, ring: Ring) -> npt.NDArray[np.intp]:
    """The rows in the polygon's box, from south to north."""
    west, east = min(lon for lon, _ in ring), max(lon for lon, _ in ring)
    south, north = min(lat for _, lat in ring), max(lat for _, lat in ring)
    rows = np.flatnonzero((lats >= south) & (lats <= north) & (lons >= west) & (lons <= east))
    return rows[np.argsort(lats[rows], kind="stable")]


def _sides(lats: Doubles, lons: Doubles, ring: Ring) -> tuple[Bits, Bits]:
    """Which places are inside by even and odd, and which on the border; latitudes are ascending."""
    inside, border = np.zeros(len(lats), dtype=np.bool_), np.zeros(len(lats), dtype=np.bool_)
    for start, end in zip(ring, (*ring[1:], ring[0]), strict=True):
        south, north = sorted((start[1], end[1]))
        beside = slice(int(np.searchsorted(lats, south, "left")), int(np.searchsorted(lats, north, "right")))
        west, east = sorted((start[0], end[0]))
        signs = _turns(lats[beside], lons[beside], start, end)
        border[beside] |= (signs == 0) & (lons[beside] >= west) & (lons[beside] <= east)
        crossed = signs > 0 if start[1] < end[1] else signs < 0
        inside[beside] ^= crossed & (lats[beside] < north)
    return inside, border


def _turns(lats: Doubles, lons: Doubles, start: Point, end: Point) -> Signs:
    """1 for places left of the way from start to end, -1 right of it, 0 on the line: exactly."""
    across, up = end[0] - start[0], end[1] - start[1]
    east, north = lons - start[0], lats - start[1]
    left, right = np.sign(across) * np.sign(north), np.sign(up) * np.sign(east)
    signs: Signs = np.sign(left - right).astype(np.int8)
    alike = np.flatnonzero((left == right) & (left != 0))  # else the signs of the two products tell
    if len(alike):
        one, other = across * north[alike], up * east[alike]
        signs[alike] = np.sign(one - other)
        unsure = alike[np.abs(one - other) <= _ORIENTATION * (np.abs(one) + np.abs(other)) + _TINY]
        if len(unsure):
            signs[unsure] = _decided(lats[unsure], lons[unsure], lambda lat, lon: _turn((lon, lat), start, end))
    return signs


def _turn(point: Point, start: Point, end: Point) -> int:
    """The same of one place, in exact numbers."""
    (x, y), (x1, y1), (x2, y2) = (tuple(map(Fraction, one)) for one in (point, start, end))
    cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
    return (cross > 0) - (cross < 0)
