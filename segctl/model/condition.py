"""Conditions as they are written: exactly one head key decides the form."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictInt, Tag, model_validator

from segctl.model.elements import RankOperators
from segctl.model.events import EventCondition
from segctl.model.heads import by_head
from segctl.model.messaging import CampaignCondition, EngagementCondition
from segctl.model.place_of import Place, never_a_place, only_places
from segctl.model.sequences import SequenceCondition
from segctl.model.values import Model, Name, problem

PLANNED_FORMS = frozenset({"prediction"})
"""Heads of the language that this version does not evaluate; using one is a clear error."""


class AllOf(Model):
    """True where every condition is true."""

    all_: Annotated[list[Condition], Field(min_length=1)] = Field(
        alias="all", description="Conditions that must all hold."
    )


class AnyOf(Model):
    """True where at least one condition is true."""

    any_: Annotated[list[Condition], Field(min_length=1)] = Field(
        alias="any", description="At least one of these conditions must hold."
    )


class NotOf(Model):
    """True where the condition is false."""

    not_: Condition = Field(alias="not", description="The condition that must not hold.")


class AttributeCondition(RankOperators):
    """A test on an attribute of the user."""

    attribute: Place = Field(
        description="The attribute: a column of the users table; use dots for fields of structs.",
        examples=["country", "address.city"],
    )

    @model_validator(mode="after")
    def _place_operator(self) -> Self:
        only_places(self, self.attribute)
        return self


class TraitCondition(RankOperators):
    """A test on a computed value of the user."""

    trait: Name = Field(description="The name of a trait.", examples=["lifetime_value"])

    @model_validator(mode="after")
    def _no_place(self) -> Self:
        never_a_place(self)
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
                "`everyone: false` has no effect",
                "write `everyone: true`, or `not: {everyone: true}` for no user",
                at=("everyone",),
            )
        return self


HEADS: dict[str, type[Model]] = {
    "all": AllOf, "any": AnyOf, "not": NotOf,
    "attribute": AttributeCondition, "trait": TraitCondition,
    "event": EventCondition, "sequence": SequenceCondition,
    "segment": SegmentCondition, "extension": ExtensionCondition, "list": ListCondition,
    "campaign": CampaignCondition, "engagement": EngagementCondition,
    "bucket": BucketCondition, "everyone": EveryoneCondition,
}  # fmt: skip

_Forms = (
    Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")]
    | Annotated[AttributeCondition, Tag("<attribute>")]
    | Annotated[TraitCondition, Tag("<trait>")]
    | Annotated[EventCondition, Tag("<event>")]
    | Annotated[SequenceCondition, Tag("<sequence>")]
    | Annotated[SegmentCondition, Tag("<segment>")]
    | Annotated[ExtensionCondition, Tag("<extension>")]
    | Annotated[ListCondition, Tag("<list>")]
    | Annotated[CampaignCondition, Tag("<campaign>")]
    | Annotated[EngagementCondition, Tag("<engagement>")]
    | Annotated[BucketCondition, Tag("<bucket>")]
    | Annotated[EveryoneCondition, Tag("<everyone>")]
)

Condition = Annotated[_Forms, by_head(HEADS, "bad-condition")]

_Conditions = Annotated[list[Condition], Tag("<items>"), Field(min_length=1)]

Where = Annotated[_Forms | _Conditions, by_head(HEADS, "bad-condition")]
"""One condition, or a list of conditions that must all hold."""

for _model in (AllOf, AnyOf, NotOf):
    _model.model_rebuild()
