"""The operators on one value, shared by attributes and event properties."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictBool, StrictStr, Tag, model_validator

from segctl.model.moments import Day, NumberPair, Ordered, OrderedPair, Written, WrittenPair
from segctl.model.rules import exactly_one_of
from segctl.model.values import KEY, Duration, Literal, Model, Number, SomeTime, by_shape, one_of, problem
from segctl.model.wording import choices

Literals = Annotated[list[Literal], Field(min_length=1)]
Texts = Annotated[
    Annotated[StrictStr, Tag("<text>")] | Annotated[list[StrictStr], Field(min_length=1), Tag("<items>")],
    by_shape("a text or a list of texts"),
]

VALUE_OPERATORS = (
    "is_", "is_not", "in_", "not_in",
    "more_than", "at_least", "less_than", "at_most", "between",
    "contains", "not_contains", "starts_with", "ends_with",
    "exists", "blank",
    "includes_any", "includes_all", "includes_none",
    "before", "after", "on", "within_last", "older_than", "within_next", "later_than",
)  # fmt: skip

COMPARISONS = ("at_least", "at_most", "exactly", "more_than", "less_than", "between")
TIME_OPERATORS = ("before", "after", "on", "between", "within_last", "older_than")

PLANNED_OPERATORS = frozenset({
    "matches", "not_matches", "any_element", "length", "anniversary",
    "near", "inside", "version", "top", "bottom",
})  # fmt: skip
"""Operators of the language that this version does not evaluate; using one is a clear error."""


def exactly_one(model: Model, fields: tuple[str, ...], what: str) -> None:
    """Require exactly one of the fields to have been written."""
    written = one_of(model, fields)
    if len(written) == 1:
        return
    if not written:
        keys = [type(model).model_fields[f].alias or f for f in fields]
        raise problem("missing-operator", f"{what} is missing", f"add exactly one of {choices(keys)}")
    two_conditions = len(fields) > 2  # noqa: PLR2004 a choice of two is no list of operators
    hint = "keep one of them, or write two conditions as two items of a list" if two_conditions else "keep one of them"
    if sorted(written) == ["at_least", "at_most"]:
        hint = "write `between: [from, to]`"
    raise problem("many-operators", f"{choices(written, 'and')} in one condition", hint, at=(written[1], KEY))


class ValueOperators(Model):
    """Exactly one operator on a value, plus flags."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of([name.removesuffix("_") for name in VALUE_OPERATORS]))

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
    exists: StrictBool | None = Field(None, description="Whether there is a value (null and absent are none).")
    blank: StrictBool | None = Field(None, description="Whether the value is null, an empty text or an empty list.")
    includes_any: Literals | None = Field(None, description="The list includes at least one of these.")
    includes_all: Literals | None = Field(None, description="The list includes all of these.")
    includes_none: Literals | None = Field(None, description="The list includes none of these; true where missing.")
    before: Written | None = Field(None, description="Before this date (its start) or instant.")
    after: Written | None = Field(None, description="After this date (its end) or instant.")
    on: Day | None = Field(None, description="On this local date.", examples=["2026-01-31"])
    within_last: SomeTime | None = Field(None, description="In the time from this long ago up to now.")
    older_than: Duration | None = Field(None, description="Longer ago than this.")
    within_next: SomeTime | None = Field(None, description="From now to this far ahead.")
    later_than: Duration | None = Field(None, description="This far ahead, or later.")
    ignore_case: StrictBool = Field(False, description="Compare texts without regard to case.")
    or_missing: StrictBool = Field(False, description="True also where the value is missing.")

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        exactly_one(self, VALUE_OPERATORS, "the operator")
        return self


class Comparison(Model):
    """A comparison of a computed number, such as `{at_least: 2}`."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(COMPARISONS))

    at_least: Number | None = Field(None, description="Greater than or equal to.")
    at_most: Number | None = Field(None, description="Less than or equal to.")
    exactly: Number | None = Field(None, description="Equal to.")
    more_than: Number | None = Field(None, description="Greater than.")
    less_than: Number | None = Field(None, description="Less than.")
    between: NumberPair | None = Field(None, description="From the first to the second, both included.")
    or_missing: StrictBool = Field(False, description="True also where there is nothing to compare.")

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        exactly_one(self, COMPARISONS, "the comparison")
        return self


class TimeOperators(Model):
    """What the first or last time must meet, such as `{within_last: 7d}`."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(TIME_OPERATORS))

    before: Written | None = Field(None, description="Before this date (its start) or instant.")
    after: Written | None = Field(None, description="After this date (its end) or instant.")
    on: Day | None = Field(None, description="On this local date.")
    between: WrittenPair | None = Field(None, description="From the first to the second date or instant.")
    within_last: SomeTime | None = Field(None, description="In the time from this long ago up to now.")
    older_than: Duration | None = Field(None, description="Longer ago than this.")
    or_missing: StrictBool = Field(False, description="True also where nothing happened.")

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        exactly_one(self, TIME_OPERATORS, "the time operator")
        return self
