"""Places on the globe: circles and polygons that a value may lie in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr

from segctl.model.values import Model, Number, problem, wrong_type
from segctl.model.wording import quoted

_METRES = {"m": Decimal(1), "km": Decimal(1000), "mi": Decimal("1609.344")}
RADIUS = r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(m|km|mi)"
_HALF_ROUND_METRES = 20_037_508
_HALF_ROUND = 180
_POLE = 90
_CORNERS = 3


def _check_radius(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong_type("a length such as `5km`", value)
    match = re.fullmatch(RADIUS, value)
    if match is None:
        raise problem("bad-radius", f"{quoted(value)} is not a length", "write a number and `m`, `km` or `mi`: `5km`")
    if not 0 < metres_of(value) <= _HALF_ROUND_METRES:
        raise problem("bad-radius", f"{quoted(value)} is not a radius", "write a length above zero, on this earth")
    return value


def metres_of(radius: str) -> Decimal:
    """A `Radius` in metres."""
    match = re.fullmatch(RADIUS, radius)
    if match is None:
        raise ValueError(radius)
    return Decimal(match[1]) * _METRES[match[2]]


def _within(limit: int, what: str) -> AfterValidator:
    def check(value: int | Decimal) -> int | Decimal:
        if not -limit <= value <= limit:
            hint = "latitude goes from -90 to 90, longitude from -180 to 180; a polygon's points are [lon, lat]"
            raise problem("bad-place", f"`{value}` is not a {what}", hint)
        return value

    return AfterValidator(check)


Latitude = Annotated[Number, _within(90, "latitude"), Field(json_schema_extra={"minimum": -90, "maximum": 90})]
Longitude = Annotated[Number, _within(180, "longitude"), Field(json_schema_extra={"minimum": -180, "maximum": 180})]
Radius = Annotated[
    StrictStr,
    BeforeValidator(_check_radius),
    Field(json_schema_extra={"pattern": f"^{RADIUS}$", "examples": ["5km"]}),
]
"""A length on the ground, as text."""


class Near(Model):
    """A circle on the sphere."""

    lat: Latitude = Field(description="The latitude of the centre, in degrees.", examples=[48.8566])
    lon: Longitude = Field(description="The longitude of the centre, in degrees.", examples=[2.3522])
    radius: Radius = Field(description="The radius, border included.", examples=["5km"])


def _check_point(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise wrong_type("a point `[lon, lat]`", value)
    if isinstance(value[0], list):
        hint = "write the outer ring alone at `polygon`, and holes at `holes`"
        raise problem("bad-polygon", "a ring where a point should be", hint)
    if len(value) != 2:  # noqa: PLR2004 longitude, latitude
        raise problem("bad-polygon", f"a point of {len(value)} numbers", "write `[lon, lat]`")
    return value


Corner = tuple[int | Decimal, int | Decimal]


def corners(ring: Sequence[Sequence[int | Decimal]]) -> list[Corner]:
    """The points of a ring, each once: without the last where it repeats the first."""
    points = [(point[0], point[1]) for point in ring]
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _check_ring(ring: list[list[int | Decimal]]) -> list[list[int | Decimal]]:
    points = corners(ring)
    if len(set(points)) < _CORNERS:
        raise problem("bad-polygon", "a polygon with fewer than three corners", "write at least three points")
    for number, point in enumerate(points):
        _check_corner(number, point)
    for number, point in enumerate(points):
        _check_side(number, point, points[(number + 1) % len(points)])
    return ring


def _check_corner(number: int, point: Corner) -> None:
    lon, lat = point
    if not -_POLE <= lat <= _POLE or not -_HALF_ROUND <= lon <= _HALF_ROUND:
        hint = "points are [lon, lat]: longitude from -180 to 180, latitude from -90 to 90"
        raise problem("bad-place", f"`[{lon}, {lat}]` is not a point on the earth", hint, at=(number,))


def _check_side(number: int, start: Corner, end: Corner) -> None:
    if abs(Decimal(start[0]) - Decimal(end[0])) > _HALF_ROUND:
        raise problem(
            "antimeridian",
            f"the side from `[{start[0]}, {start[1]}]` to `[{end[0]}, {end[1]}]` spans over 180 degrees",
            "cut the polygon at the 180th meridian: two conditions under `any`, one on each side",
            at=(number,),
        )


Point = Annotated[list[Number], BeforeValidator(_check_point)]
Ring = Annotated[list[Point], AfterValidator(_check_ring)]
"""The corners of an area, as [lon, lat]; the last may repeat the first."""


class Inside(Model):
    """A polygon on the plane of longitude and latitude, border included."""

    polygon: Ring = Field(
        description="The corners as [lon, lat].", examples=[[[2.2, 48.8], [2.5, 48.8], [2.5, 48.9], [2.2, 48.9]]]
    )
    holes: list[Ring] = Field(default_factory=list, description="Holes: areas inside the polygon that are excluded.")
