"""The operators on one value, shared by attributes and event properties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, Field, StrictBool, StrictStr, Tag, model_validator

from segctl.model.moments import Day, NumberPair, Ordered, OrderedPair, Written, WrittenList, WrittenPair
from segctl.model.patterns import Patterns
from segctl.model.places import Inside, Near
from segctl.model.recurring import Anniversary
from segctl.model.rules import exactly_one, exactly_one_of
from segctl.model.values import Duration, Literal, Model, Number, SomeTime, by_shape
from segctl.model.versions import VersionOperators

Literals = Annotated[list[Literal], Field(min_length=1)]
Texts = Annotated[
    Annotated[StrictStr, Tag("<text>")] | Annotated[list[StrictStr], Field(min_length=1), Tag("<items>")],
    by_shape("a text or a list of texts"),
]

VALUE_OPERATORS = (
    "is_", "is_not", "in_", "not_in",
    "more_than", "at_least", "less_than", "at_most", "between",
    "contains", "not_contains", "starts_with", "ends_with", "matches", "not_matches",
    "exists", "blank", "length",
    "includes_any", "includes_all", "includes_none",
    "before", "after", "on", "within_last", "older_than", "within_next", "later_than",
    "anniversary", "near", "inside", "version",
)  # fmt: skip
"""The operators on any one value: an attribute, a property, an element of a list."""

COMPARISONS = ("at_least", "at_most", "exactly", "more_than", "less_than", "between")
TIME_OPERATORS = (
    "is_", "is_not", "in_", "not_in",
    "more_than", "at_least", "less_than", "at_most", "between",
    "exists", "blank",
    "before", "after", "on", "within_last", "older_than", "within_next", "later_than",
    "anniversary",
)  # fmt: skip
"""The operators on a time that is computed: the first or the last of some events."""


def one_operator(operators: Sequence[str]) -> dict[str, Any]:
    """The rule that exactly one of these operators is written."""
    return exactly_one_of([name.removesuffix("_") for name in operators])


class Comparison(Model):
    """A comparison of a computed number, such as `{at_least: 2}`."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(COMPARISONS))

    at_least: Number | None = Field(None, description="Greater than or equal to.")
    at_most: Number | None = Field(None, description="Less than or equal to.")
    exactly: Number | None = Field(None, description="Equal to.")
    more_than: Number | None = Field(None, description="Greater than.")
    less_than: Number | None = Field(None, description="Less than.")
    between: NumberPair | None = Field(None, description="From the first to the second, both included.")
    or_missing: StrictBool = Field(False, description="Also true where there is nothing to compare.")

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        exactly_one(self, COMPARISONS, "the comparison")
        return self


class ValueOperators(Model):
    """Exactly one operator on a value, plus flags."""

    model_config = ConfigDict(json_schema_extra=one_operator(VALUE_OPERATORS))
    operators: ClassVar[tuple[str, ...]] = VALUE_OPERATORS

    is_: Literal | None = Field(None, alias="is", description="Equal to this value.", examples=["FR", True])
    is_not: Literal | None = Field(None, description="Not equal to this value; true where the value is missing.")
    in_: Literals | None = Field(None, alias="in", description="Equal to any of these values.", examples=[["FR", "BE"]])
    not_in: Literals | None = Field(None, description="Equal to none of these values; true where the value is missing.")
    more_than: Ordered | None = Field(None, description="Greater than this number, date or time.")
    at_least: Ordered | None = Field(None, description="Greater than or equal to this number, date or time.")
    less_than: Ordered | None = Field(None, description="Less than this number, date or time.")
    at_most: Ordered | None = Field(None, description="Less than or equal to this number, date or time.")
    between: OrderedPair | None = Field(None, description="From the first to the second, both included.")
    contains: Texts | None = Field(None, description="The text contains this, or any of these.")
    not_contains: Texts | None = Field(None, description="The text contains none of these; true where it is missing.")
    starts_with: Texts | None = Field(None, description="The text starts with this, or any of these.")
    ends_with: Texts | None = Field(None, description="The text ends with this, or any of these.")
    matches: Patterns | None = Field(None, description="An RE2 pattern, or any of several, is found in the text.")
    not_matches: Patterns | None = Field(None, description="No such pattern is found; true where it is missing.")
    exists: StrictBool | None = Field(None, description="Whether there is a value (null and absent count as no value).")
    blank: StrictBool | None = Field(None, description="Whether the value is null, an empty text or an empty list.")
    length: Comparison | None = Field(None, description="How many elements the list has.", examples=[{"at_least": 2}])
    includes_any: Literals | None = Field(None, description="The list includes at least one of these.")
    includes_all: Literals | None = Field(None, description="The list includes all of these.")
    includes_none: Literals | None = Field(None, description="The list includes none of these; true where missing.")
    before: Written | None = Field(None, description="Before the start of this date, or before this instant.")
    after: Written | None = Field(None, description="After the end of this date, or after this instant.")
    on: Day | None = Field(None, description="On this local date.", examples=["2026-01-31"])
    within_last: SomeTime | None = Field(None, description="In the time from this long ago up to now.")
    older_than: Duration | None = Field(None, description="Longer ago than this.")
    within_next: SomeTime | None = Field(None, description="From now to this far ahead.")
    later_than: Duration | None = Field(None, description="This far ahead, or later.")
    anniversary: Anniversary | None = Field(
        None, description="The day of the year; the year is ignored.", examples=[{"within_next": "7d"}]
    )
    near: Near | None = Field(None, description="The location is at most this far from a point.")
    inside: Inside | None = Field(None, description="The location is inside a polygon.")
    version: VersionOperators | None = Field(
        None, description="Compare the text as a version.", examples=[{"at_least": "2.14"}]
    )
    ignore_case: StrictBool = Field(False, description="Compare texts without regard to case.")
    or_missing: StrictBool = Field(False, description="Also true where the value is missing.")

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        exactly_one(self, self.operators, "the operator")
        return self


class TimeOperators(Model):
    """A condition on the first or last time, such as `{within_last: 7d}`."""

    model_config = ConfigDict(json_schema_extra=one_operator(TIME_OPERATORS))

    is_: Written | None = Field(None, alias="is", description="On this date, or at exactly this instant.")
    is_not: Written | None = Field(
        None, description="Not on this date, or not at this instant; also true where no event matches."
    )
    in_: WrittenList | None = Field(None, alias="in", description="On one of these dates, or at one of these instants.")
    not_in: WrittenList | None = Field(
        None, description="On none of these dates, at none of these instants; also true where no event matches."
    )
    more_than: Written | None = Field(None, description="After the end of this date, or after this instant.")
    at_least: Written | None = Field(None, description="At or after the start of this date, or this instant.")
    less_than: Written | None = Field(None, description="Before the start of this date, or before this instant.")
    at_most: Written | None = Field(None, description="Until the end of this date, or this instant; it is included.")
    between: WrittenPair | None = Field(
        None, description="From the first to the second date or instant, both included."
    )
    exists: StrictBool | None = Field(None, description="Whether it happened at all.")
    blank: StrictBool | None = Field(None, description="Whether it never happened.")
    before: Written | None = Field(None, description="Before the start of this date, or before this instant.")
    after: Written | None = Field(None, description="After the end of this date, or after this instant.")
    on: Day | None = Field(None, description="On this local date.")
    within_last: SomeTime | None = Field(None, description="In the time from this long ago up to now.")
    older_than: Duration | None = Field(None, description="Longer ago than this.")
    within_next: SomeTime | None = Field(
        None, description="From now to this far ahead; true of no event, because later events are not read."
    )
    later_than: Duration | None = Field(
        None, description="This far ahead, or later; true of no event, because later events are not read."
    )
    anniversary: Anniversary | None = Field(
        None, description="The day of the year; the year is ignored.", examples=[{"within_next": "7d"}]
    )
    or_missing: StrictBool = Field(False, description="Also true where no event matches.")

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        exactly_one(self, TIME_OPERATORS, "the time operator")
        return self
