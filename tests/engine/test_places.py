"""Places: circles on the sphere and polygons, by hand, and the engine as the interpreter."""

from __future__ import annotations

import math
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest

from segctl.engine.places import in_place
from segctl.index.column import Values
from segctl.logic.bound import Inside, Near
from segctl.logic.interpret_places import place_passes
from segctl.logic.sphere import RADIUS
from segctl.logic.types import Scalar, Struct
from tests.engine.small import users_with, who

NAN = math.nan
HOME = {"home": Struct({"lat": Scalar.FLOAT, "lon": Scalar.FLOAT})}
DEGREE = math.pi / 180 * float(RADIUS)
"""Metres of a degree on a great circle."""


def homes(*places: Any) -> list[dict[str, Any]]:
    return [{"home": place and {"lat": place[0], "lon": place[1]}} for place in places]


def near(lat: float, lon: float, radius: str) -> dict[str, Any]:
    return {"attribute": "home", "near": {"lat": Decimal(str(lat)), "lon": Decimal(str(lon)), "radius": radius}}


def test_what_is_no_place_is_missing() -> None:
    wrong = [None, (None, 1.0), (1.0, None), (NAN, 1.0), (1.0, NAN), (90.5, 0.0), (0.0, -180.5), (math.inf, 0.0)]
    case = users_with(HOME, homes((90.0, 180.0), (-90.0, -180.0), *wrong))
    everywhere = near(0, 0, "20037508m")
    assert who(case, everywhere, {**everywhere, "or_missing": True}, {"not": everywhere}) == [
        [0, 1], list(range(10)), list(range(2, 10)),
    ]  # fmt: skip


def test_a_degree_on_the_equator_on_a_meridian_and_over_the_antimeridian() -> None:
    case = users_with(HOME, homes((0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (60.0, 2.0), (0.0, 179.5), (0.0, -179.5)))
    below, above = f"{math.floor(DEGREE)}m", f"{math.ceil(DEGREE)}m"
    assert who(case, near(0, 0, below), near(0, 0, above), near(60, 0, above), near(0, 180, "60km")) == [
        [], [0, 1, 2], [3], [4, 5],
    ]  # fmt: skip


def test_the_middle_is_near_whatever_the_radius() -> None:
    case = users_with(HOME, homes((48.8566, 2.3522), (48.8566, 2.3523), (90.0, 0.0), (90.0, 77.0), (-90.0, 0.0)))
    assert who(case, near(48.8566, 2.3522, "0.000001m"), near(90, 33, "0.000001m")) == [[0], [2, 3]]
    assert who(case, near(90, 0, "20015114m"), near(90, 0, "20015115m")) == [[0, 1, 2, 3], [0, 1, 2, 3, 4]]


def test_coordinates_may_be_two_columns_of_integers() -> None:
    rows: list[dict[str, Any]] = [{"y": 1, "x": 0.5}, {"y": None, "x": 0.5}, {"y": 2**60, "x": 0.5}, {"y": 3, "x": 0.5}]
    case = users_with({"y": Scalar.INT, "x": Scalar.FLOAT}, rows)
    place = {"lat": "y", "lon": "x"}
    inside = {"attribute": place, "inside": {"polygon": [[0, 0], [1, 0], [1, 2], [0, 2]]}}
    assert who(case, inside, {**inside, "or_missing": True}) == [[0], [0, 1, 2]]


SQUARE: list[list[Any]] = [[0, 0], [4, 0], [4, 4], [0, 4]]
HOLE: list[list[Any]] = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ({"polygon": SQUARE}, [0, 1, 2, 3, 4, 6]),
        ({"polygon": SQUARE, "holes": [HOLE]}, [0, 1, 2, 4, 6]),
        ({"polygon": list(reversed(SQUARE)), "holes": [HOLE, [[3, 3], [4, 3], [4, 4]]]}, [0, 1, 2, 4, 6]),
    ],
)
def test_borders_belong_to_a_polygon_and_those_of_its_holes_too(area: Any, expected: list[int]) -> None:
    points = [(0.0, 0.0), (4.0, 2.0), (1.0, 2.0), (2.0, 2.0), (3.0, 3.0), (5.0, 2.0), (2.0, 0.5)]  # lat, lon
    case = users_with(HOME, homes(*points))
    assert who(case, {"attribute": "home", "inside": area}) == [expected]


def test_a_polygon_whose_sides_cross_has_two_parts() -> None:
    case = users_with(HOME, homes((0.0, 0.0), (1.0, 3.5), (2.0, 2.0), (4.0, 2.0), (2.0, 0.5), (0.5, 2.0)))
    bow = {"polygon": [[0, 0], [4, 4], [4, 0], [0, 4]]}
    assert who(case, {"attribute": "home", "inside": bow}) == [[0, 1, 2, 4]]


def test_a_point_on_a_slanted_side_is_told_from_its_neighbours() -> None:
    beside = [(0.5, math.nextafter(0.25, 1)), (0.5, math.nextafter(0.25, 0))]
    case = users_with(HOME, homes((0.5, 0.25), *beside))
    left, right = {"polygon": [[0, 0], [1, 2], [0, 2]]}, {"polygon": [[0, 0], [1, 2], [1, 0]]}
    assert who(case, *({"attribute": "home", "inside": area} for area in (left, right))) == [[0, 2], [0, 1]]


def values(numbers: list[float]) -> Values:
    return Values(Scalar.FLOAT, np.array(numbers))


def test_engine_and_interpreter_agree_near_borders() -> None:
    rng = Random(3)  # noqa: S311 - not for secrets
    for _ in range(60):
        test = Near(rng.uniform(-90, 90), rng.uniform(-180, 180), 10 ** rng.uniform(-6, 7.3))
        places = [_around(test, rng) for _ in range(12)]
        _agree(test, places)


def _around(test: Near, rng: Random) -> tuple[float, float]:
    """A place at about the radius, north, south, or anywhere."""
    angle = math.degrees(test.metres / float(RADIUS)) * rng.choice([1, 1, 1 + 1e-15, 1 - 1e-15, 1 + 1e-9, 0.5, 0])
    return rng.choice([(test.lat + angle, test.lon), (test.lat - angle, test.lon), (rng.uniform(-90, 90), 180.0)])


def test_engine_and_interpreter_agree_on_grids_and_polygons() -> None:
    rng = Random(5)  # noqa: S311 - not for secrets
    for _ in range(60):
        step = rng.choice([1.0, 0.1, 1 / 3])
        corners = [(rng.randint(0, 5) * step, rng.randint(0, 5) * step) for _ in range(rng.randint(3, 7))]
        holes = ((corners[0], corners[1], (rng.random(), rng.random())),) if rng.random() < 0.3 else ()
        grid = [(y * step, x * step) for y in range(-1, 7) for x in range(-1, 7)]
        between = [((a[1] + b[1]) / 2, (a[0] + b[0]) / 2) for a in corners for b in corners]
        _agree(Inside(tuple(corners), holes), grid + between)


def _agree(test: Near | Inside, places: list[tuple[float, float]]) -> None:
    found = in_place(values([lat for lat, _ in places]), values([lon for _, lon in places]), test)
    assert found.tolist() == [place_passes(test, lat, lon) for lat, lon in places]
