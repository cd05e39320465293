"""Tests on places fitted to the two columns of their coordinates."""

from __future__ import annotations

from segctl.logic import bound
from segctl.logic.algebra import NOBODY
from segctl.logic.bound import Column
from segctl.logic.nodes import Inside, Near, Place, Ring, Somewhere
from segctl.logic.nodes import PlaceTest as Written
from segctl.logic.problem import Problem, column_words, type_words
from segctl.logic.types import NOTHING, Scalar

_NUMBERS = (Scalar.INT, Scalar.FLOAT)


def fit_place(test: Written, lat: Column, lon: Column) -> tuple[bound.Node, tuple[Problem, ...]]:
    """The condition that the place passes the test, and what is wrong with it."""
    problems = tuple(
        _no_number(column, what)
        for column, what in ((lat, "latitude"), (lon, "longitude"))
        if column.type not in (*_NUMBERS, NOTHING)
    )
    if problems or NOTHING in (lat.type, lon.type):
        return NOBODY, problems
    return bound.PlaceTest(lat, lon, _fitted(test)), ()


def no_place(place: Place, above: Column | Problem) -> Problem | None:
    """What is wrong with the column that should hold both coordinates, if one is named; it has not both of them."""
    if isinstance(above, Problem) or (place.lat[-1], place.lon[-1]) != ("lat", "lon"):
        return above if isinstance(above, Problem) else None
    return Problem(
        "operator-type", f"{column_words(above)}, which is {type_words(above.type)}, has not both `lat` and `lon`",
        hint="a place is a struct with `lat` and `lon`, or two columns: `attribute: {lat: home_lat, lon: home_lon}`",
    )  # fmt: skip


def _no_number(column: Column, what: str) -> Problem:
    return Problem(
        "operator-type", f"a {what} is a number, and {column_words(column)} is {type_words(column.type)}",
        hint="name the columns of the coordinates: `attribute: {lat: home_lat, lon: home_lon}`",
    )  # fmt: skip


def _fitted(test: Written) -> bound.Near | bound.Inside | bound.Somewhere:
    """The same with the nearest doubles, which is what columns hold."""
    match test:
        case Near(lat, lon, metres):
            return bound.Near(float(lat), float(lon), float(metres))
        case Inside(polygon, holes):
            return bound.Inside(_ring(polygon), tuple(sorted(map(_ring, holes))))
        case Somewhere():
            return bound.Somewhere()


def _ring(ring: Ring) -> tuple[tuple[float, float], ...]:
    return tuple((float(lon), float(lat)) for lon, lat in ring)
