"""Conditions on events: what the user did or received, how often, how much, when."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictInt, Tag, model_validator

from segctl.model.operators import Comparison, TimeOperators
from segctl.model.row_condition import RowWhere
from segctl.model.rules import at_most_one_of, exactly_one
from segctl.model.values import Model, Path, SomeTime, Text, by_shape, duration_us, problem
from segctl.model.windows import ONE_WINDOW, Windowed


class NamePrefix(Model):
    """All events whose name starts with a prefix."""

    starts_with: Text = Field(description="The prefix of the event names.", examples=["lead_"])


class Measured(Comparison):
    """An aggregate of one property with a comparison, such as `{of: amount, more_than: 100}`."""

    of: Path = Field(description="The property that is aggregated.", examples=["amount"])


class Periods(Comparison):
    """The number of periods with enough rows, such as `{every: 7d, each: 2, at_least: 3}`."""

    every: SomeTime = Field(description="The length of a period; periods are counted back from now.", examples=["7d"])
    each: Annotated[StrictInt, Field(ge=1)] = Field(1, description="The minimum number of rows for a period to count.")


EventNames = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[list[Text], Field(min_length=1), Tag("<items>")]
    | Annotated[NamePrefix, Tag("<mapping>")],
    by_shape("the name of an event, a list of names, or `{starts_with: ...}`"),
]
"""One event, any of several, or all whose name starts with a text."""

MEASURES = ("count", "sum_", "average", "min_", "max_", "median", "distinct", "days", "periods", "first", "last")


class EventCondition(Windowed):
    """Events of the user: how often, how much, when."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [at_most_one_of(*([measure.removesuffix("_")] for measure in MEASURES)), ONE_WINDOW]
        }
    )

    event: EventNames = Field(
        description="The event's name; a list matches any of its names; `*` matches any event.", examples=["purchase"]
    )
    where: RowWhere | None = Field(None, description="Which of these events count, by their properties.")
    count: Comparison | None = Field(
        None, description="The number of events; at least 1 if no measure is given.", examples=[{"at_least": 2}]
    )
    sum_: Measured | None = Field(None, alias="sum", description="The sum of a property.")
    average: Measured | None = Field(None, description="The average of a property.")
    min_: Measured | None = Field(None, alias="min", description="The lowest value of a property.")
    max_: Measured | None = Field(None, alias="max", description="The highest value of a property.")
    median: Measured | None = Field(None, description="The median of a property.")
    distinct: Measured | None = Field(None, description="The number of distinct values of a property.")
    days: Comparison | None = Field(None, description="The number of distinct local calendar days with such events.")
    periods: Periods | None = Field(
        None, description="The number of periods with enough events, counting only periods inside `within`.",
        examples=[{"every": "7d", "at_least": 3}],
    )  # fmt: skip
    first: TimeOperators | None = Field(None, description="The time of the first event.")
    last: TimeOperators | None = Field(None, description="The time of the last event.")

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if len(self.model_fields_set.intersection(MEASURES)) > 1:
            exactly_one(self, MEASURES, "the measure")
        return self

    @model_validator(mode="after")
    def _whole_periods(self) -> Self:
        if self.periods is None:
            return self
        if not isinstance(self.within, str):
            hint = f"write how far back the periods go: `within: {self.periods.every}` or a multiple of it"
            raise problem("missing-key", "`periods` needs `within`, a duration", hint, at=("periods",))
        if duration_us(self.within) % duration_us(self.periods.every):
            hint = "the periods fill the window: make `within` a multiple of `every`"
            raise problem(
                "bad-periods", f"`{self.within}` is not a multiple of `{self.periods.every}`", hint, at=("within",)
            )
        return self
