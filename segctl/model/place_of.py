"""Which value a condition is about: a path, or for a place the two paths of its coordinates."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, Tag

from segctl.model.operators import ValueOperators
from segctl.model.values import KEY, Model, Path, Text, by_shape, check_path, one_of, problem
from segctl.model.wording import choices

PLACE_OPERATORS = ("near", "inside")


class Coordinates(Model):
    """A location given by two values."""

    lat: Path = Field(description="The latitude, in degrees.", examples=["home_lat"])
    lon: Path = Field(description="The longitude, in degrees.", examples=["home_lon"])


Place = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[list[Text], Field(min_length=1), Tag("<items>")]
    | Annotated[Coordinates, Tag("<mapping>")],
    by_shape("a path such as `address.city`, the list of its parts, or `{lat: ..., lon: ...}`"),
    AfterValidator(check_path),
]
"""A dotted path, the list of its parts, or the paths of a place's coordinates."""


def only_places(model: ValueOperators, place: object) -> None:
    """Refuse other operators than those of places where coordinates were written."""
    written = one_of(model, model.operators)
    if isinstance(place, Coordinates) and written[0] not in PLACE_OPERATORS:
        hint = f"two coordinates are a place, which takes {choices(PLACE_OPERATORS)}"
        raise problem("bad-operator", f"`{written[0]}` of a latitude and a longitude", hint, at=(written[0], KEY))


def never_a_place(model: ValueOperators) -> None:
    """Refuse the operators of places: no trait has two coordinates."""
    written = one_of(model, model.operators)
    if written[0] in PLACE_OPERATORS:
        hint = "places are attributes and properties: `attribute: home`"
        raise problem("bad-operator", f"`{written[0]}` of a trait, which is a single value", hint, at=(written[0], KEY))
