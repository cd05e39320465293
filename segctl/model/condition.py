"""Conditions as they are written: exactly one head key decides the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Discriminator, Field, StrictBool, StrictInt, Tag, model_validator

from segctl.model.moments import Edge, Since, WindowPair, check_window
from segctl.model.operators import Comparison, TimeOperators, ValueOperators, exactly_one
from segctl.model.rules import at_most_one_of
from segctl.model.values import KEY, Model, Name, Path, SomeTime, Text, by_shape, problem
from segctl.model.wording import choices

PLANNED_FORMS = frozenset({"trait", "sequence", "campaign", "engagement", "prediction"})
"""Heads of the language that this version does not evaluate; using one is a clear error."""

PLANNED_MEASURES = frozenset({"median", "periods"})
"""Measures of events that this version does not evaluate; using one is a clear error."""


def tag(name: str) -> str:
    """The pydantic tag of a form; the brackets keep it apart from the keys in error locations."""
    return f"<{name}>"


def by_head(heads: Mapping[str, type[Model]], code: str) -> Discriminator:
    """Tell conditions apart by the one head key that is present; none or two is an error of this code."""

    def head_of(value: Any) -> str | None:
        if isinstance(value, list):
            return tag("items")
        if isinstance(value, Mapping):
            found = [head for head in heads if head in value]
            return tag(found[0]) if len(found) == 1 else None
        return next((tag(h) for h, form in heads.items() if type(value) is form), None)

    return Discriminator(head_of, custom_error_type=code, custom_error_message=", ".join(heads))


class AllOf(Model):
    """True where every condition is true."""

    all_: Annotated[list[Condition], Field(min_length=1)] = Field(
        alias="all", description="Conditions that must all hold."
    )


class AnyOf(Model):
    """True where at least one condition is true."""

    any_: Annotated[list[Condition], Field(min_length=1)] = Field(
        alias="any", description="Conditions of which one must hold."
    )


class NotOf(Model):
    """True where the condition is false."""

    not_: Condition = Field(alias="not", description="The condition that must not hold.")


class AttributeCondition(ValueOperators):
    """A test on an attribute of the user."""

    attribute: Path = Field(
        description="The attribute: a column of the users table, dotted into structs.",
        examples=["country", "address.city"],
    )


class PropertyCondition(ValueOperators):
    """A test on a property of the event, or on a field of the catalogue that the event points to."""

    property_: Path = Field(
        alias="property",
        description="The property of the event, or `catalog.field`.",
        examples=["amount", "product.category"],
    )


class PropertyAll(Model):
    """True where every property condition is true."""

    all_: Annotated[list[RowCondition], Field(min_length=1)] = Field(
        alias="all", description="Conditions that must all hold."
    )


class PropertyAny(Model):
    """True where at least one property condition is true."""

    any_: Annotated[list[RowCondition], Field(min_length=1)] = Field(
        alias="any", description="Conditions of which one must hold."
    )


class PropertyNot(Model):
    """True where the property condition is false."""

    not_: RowCondition = Field(alias="not", description="The condition that must not hold.")


class NamePrefix(Model):
    """All events whose name starts with a text."""

    starts_with: Text = Field(description="The start of the event names.", examples=["lead_"])


class Measured(Comparison):
    """An aggregate of one property with a comparison, such as `{of: amount, more_than: 100}`."""

    of: Path = Field(description="The property that is aggregated.", examples=["amount"])


class DaysBeforeToday(Model):
    """A window from a local midnight up to now."""

    days_before_today: Annotated[StrictInt, Field(ge=0, le=73_000)] = Field(
        description="From local midnight this many days before today.", examples=[3]
    )


EventNames = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[list[Text], Field(min_length=1), Tag("<items>")]
    | Annotated[NamePrefix, Tag("<mapping>")],
    by_shape("the name of an event, a list of names, or `{starts_with: ...}`"),
]
"""One event, any of several, or all whose name starts with a text."""


def _duration_or_days(value: Any) -> str:
    return "<days>" if isinstance(value, Mapping | DaysBeforeToday) else "<duration>"


LookBack = Annotated[
    Annotated[SomeTime, Tag("<duration>")] | Annotated[DaysBeforeToday, Tag("<days>")],
    Discriminator(_duration_or_days),
]
"""From how long ago."""

MEASURES = ("count", "sum_", "average", "min_", "max_", "distinct", "days", "first", "last")


class EventCondition(Model):
    """What the user did, or received: how often, how much, when."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                at_most_one_of(*([measure.removesuffix("_")] for measure in MEASURES)),
                at_most_one_of(["within"], ["between"], ["since", "until"]),
            ]
        }
    )

    event: EventNames = Field(
        description="The event's name; a list for any of several; `*` for whatever happened.", examples=["purchase"]
    )
    where: RowWhere | None = Field(None, description="Which of these events count, by their properties.")
    count: Comparison | None = Field(
        None, description="How many; at least 1 if no measure is given.", examples=[{"at_least": 2}]
    )
    sum_: Measured | None = Field(None, alias="sum", description="The sum of a property.")
    average: Measured | None = Field(None, description="The average of a property.")
    min_: Measured | None = Field(None, alias="min", description="The least value of a property.")
    max_: Measured | None = Field(None, alias="max", description="The greatest value of a property.")
    distinct: Measured | None = Field(None, description="How many different values of a property.")
    days: Comparison | None = Field(None, description="On how many different local calendar days.")
    first: TimeOperators | None = Field(None, description="When the first of them happened.")
    last: TimeOperators | None = Field(None, description="When the last of them happened.")
    within: LookBack | None = Field(None, description="Only the time from this long ago up to now.", examples=["30d"])
    between: WindowPair | None = Field(
        None,
        description="Only between two dates or instants, or from the first to the second duration ago.",
        examples=[["2026-01-01", "2026-01-31"], ["30d", "7d"]],
    )
    since: Since | None = Field(None, description="Only since a date, an instant, or a duration ago.")
    until: Edge | None = Field(None, description="Only until a date (its end), an instant, or a duration ago.")

    @model_validator(mode="after")
    def _one_measure_and_window(self) -> Self:
        written = self.model_fields_set
        if len(written.intersection(MEASURES)) > 1:
            exactly_one(self, MEASURES, "the measure")
        windows: list[str] = [w for w in ("within", "between") if w in written]
        windows += [w for w in ("since", "until") if w in written][:1]
        if len(windows) > 1:
            raise problem(
                "many-windows",
                f"{choices(windows, 'and')} in one condition",
                "keep one window; only `since` and `until` go together",
                at=(windows[1], KEY),
            )
        if self.since is not None and self.until is not None:
            check_window(self.since, self.until, at=("until",))
        return self


class SegmentCondition(Model):
    """Membership in another segment."""

    segment: Name = Field(description="The name of a segment.")


class ExtensionCondition(Model):
    """Membership in an extension, as of its last refresh."""

    extension: Name = Field(description="The name of an extension.")


class ListCondition(Model):
    """Membership in a list."""

    list_: Name = Field(alias="list", description="The name of a list.")


class BucketRange(Model):
    """A range of the 10,000 stable random buckets, both ends included."""

    from_: Annotated[StrictInt, Field(ge=0, le=9999)] = Field(
        alias="from", description="The first bucket.", examples=[0]
    )
    to: Annotated[StrictInt, Field(ge=0, le=9999)] = Field(description="The last bucket.", examples=[4999])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ > self.to:
            raise problem(
                "empty-range",
                f"no bucket lies from `{self.from_}` to `{self.to}`",
                "write the smaller number at `from`",
                at=("to",),
            )
        return self


class BucketCondition(Model):
    """A stable random share of the users."""

    bucket: BucketRange = Field(description="The range of buckets, of 0 to 9999.")


class EveryoneCondition(Model):
    """True for every user of the population."""

    everyone: StrictBool = Field(description="Always `true`.", json_schema_extra={"const": True})

    @model_validator(mode="after")
    def _true(self) -> Self:
        if not self.everyone:
            raise problem(
                "bad-everyone",
                "`everyone: false` says nothing",
                "write `everyone: true`, or `not: {everyone: true}` for nobody",
                at=("everyone",),
            )
        return self


HEADS: dict[str, type[Model]] = {
    "all": AllOf, "any": AnyOf, "not": NotOf,
    "attribute": AttributeCondition, "event": EventCondition,
    "segment": SegmentCondition, "extension": ExtensionCondition, "list": ListCondition,
    "bucket": BucketCondition, "everyone": EveryoneCondition,
}  # fmt: skip

ROW_HEADS: dict[str, type[Model]] = {
    "all": PropertyAll, "any": PropertyAny, "not": PropertyNot, "property": PropertyCondition,
}  # fmt: skip

_Forms = (
    Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")]
    | Annotated[AttributeCondition, Tag("<attribute>")]
    | Annotated[EventCondition, Tag("<event>")]
    | Annotated[SegmentCondition, Tag("<segment>")]
    | Annotated[ExtensionCondition, Tag("<extension>")]
    | Annotated[ListCondition, Tag("<list>")]
    | Annotated[BucketCondition, Tag("<bucket>")]
    | Annotated[EveryoneCondition, Tag("<everyone>")]
)
_RowForms = (
    Annotated[PropertyAll, Tag("<all>")]
    | Annotated[PropertyAny, Tag("<any>")]
    | Annotated[PropertyNot, Tag("<not>")]
    | Annotated[PropertyCondition, Tag("<property>")]
)

Condition = Annotated[_Forms, by_head(HEADS, "bad-condition")]
RowCondition = Annotated[_RowForms, by_head(ROW_HEADS, "bad-property-condition")]

_Conditions = Annotated[list[Condition], Tag("<items>"), Field(min_length=1)]
_RowConditions = Annotated[list[RowCondition], Tag("<items>"), Field(min_length=1)]

Where = Annotated[_Forms | _Conditions, by_head(HEADS, "bad-condition")]
"""One condition, or a list of conditions that must all hold."""

RowWhere = Annotated[_RowForms | _RowConditions, by_head(ROW_HEADS, "bad-property-condition")]
"""One property condition, or a list of them that must all hold."""

for _model in (AllOf, AnyOf, NotOf, PropertyAll, PropertyAny, PropertyNot, EventCondition):
    _model.model_rebuild()
