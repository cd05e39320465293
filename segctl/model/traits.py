"""Traits: computed values per user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from segctl.model.events import EventNames
from segctl.model.formula import Formula
from segctl.model.named import Resource
from segctl.model.row_condition import RowWhere
from segctl.model.rules import exactly_one, exactly_one_of
from segctl.model.values import Model, Path, wrong_type
from segctl.model.windows import ONE_WINDOW, Windowed

OF_ROWS = ("count", "days", "first", "last")
OF_PROPERTY = (
    "sum_", "average", "min_", "max_", "median", "distinct",
    "first_value", "last_value", "most_frequent", "unique_list",
)  # fmt: skip
TRAIT_MEASURES = (*OF_ROWS, *OF_PROPERTY)


class Plain(Model):
    """Nothing more to say."""


def _check_plain(value: Any) -> Any:
    if value is True or isinstance(value, Plain):
        return Plain()
    if isinstance(value, Mapping):
        return value
    raise wrong_type("`true`", value, "the measure is of the events themselves: write `true`")


class Of(Model):
    """The property that is aggregated."""

    of: Path = Field(description="The property.", examples=["amount"])


Measures = Annotated[Plain, BeforeValidator(_check_plain), WithJsonSchema({"enum": [True, {}]})]
"""A measure of the events themselves, which has nothing more to say: `true`."""


class TraitValue(Windowed):
    """Which events, in which window, and what is computed from them."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [ONE_WINDOW, exactly_one_of([measure.removesuffix("_") for measure in TRAIT_MEASURES])]
        }
    )

    event: EventNames = Field(
        description="The event's name; a list matches any of its names; `*` matches any event.", examples=["purchase"]
    )
    where: RowWhere | None = Field(None, description="Which of these events count, by their properties.")
    count: Measures | None = Field(None, description="The number of events.")
    days: Measures | None = Field(None, description="The number of distinct local calendar days with such events.")
    first: Measures | None = Field(None, description="The time of the first event.")
    last: Measures | None = Field(None, description="The time of the last event.")
    sum_: Of | None = Field(None, alias="sum", description="The sum of a property.", examples=[{"of": "amount"}])
    average: Of | None = Field(None, description="The average of a property.")
    min_: Of | None = Field(None, alias="min", description="The lowest value of a property.")
    max_: Of | None = Field(None, alias="max", description="The highest value of a property.")
    median: Of | None = Field(None, description="The median of a property.")
    distinct: Of | None = Field(None, description="The number of distinct values of a property.")
    first_value: Of | None = Field(None, description="The value of the first event that has one.")
    last_value: Of | None = Field(None, description="The value of the last event that has one.")
    most_frequent: Of | None = Field(None, description="The most frequent value; of several, the lowest.")
    unique_list: Of | None = Field(None, description="The distinct values, sorted.")

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        exactly_one(self, TRAIT_MEASURES, "the measure")
        return self


class Trait(Resource):
    """A computed value per user, used like an attribute."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(["value", "formula"]))

    kind: Literal["trait"] = Field(description="What this definition is.")
    value: TraitValue | None = Field(None, description="A measure of the user's events.")
    formula: Formula | None = Field(
        None, description="Arithmetic over other traits, by their names.", examples=["lifetime_value / orders"]
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        exactly_one(self, ("value", "formula"), "how it is computed")
        return self
