"""Segments, extensions, lists, campaigns: what is named, planned and applied."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr, model_validator

from segctl.model.condition import AllOf, Condition, EventCondition, Where
from segctl.model.values import Duration, Model, Name, Number, Share, problem

_SCHEDULE = re.compile(
    r"^(hourly|manual|daily ([01]\d|2[0-3]):[0-5]\d"
    r"|weekly (mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d"
    r"|monthly ([1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d)$"
)


def _check_schedule(text: str) -> str:
    if not _SCHEDULE.match(text):
        raise problem(
            "bad-schedule", f"`{text}` is not a schedule",
            "`hourly`, `daily 06:00`, `weekly mon 06:00`, `monthly 1 06:00` or `manual`",
        )  # fmt: skip
    return text


Schedule = Annotated[StrictStr, AfterValidator(_check_schedule)]
Owner = Annotated[StrictStr, Field(min_length=1)]
Tags = list[Annotated[StrictStr, Field(min_length=1)]]


class Guards(Model):
    """How large an effect may be before an apply is refused."""

    max_exit: Share | None = Field(None, description="The largest share of members that may leave at once.")
    max_enter: Share | None = Field(
        None, description="The largest share, of the members before, that may enter at once."
    )
    min_members: Annotated[StrictInt, Field(ge=0)] | None = Field(None, description="The least number of members.")


class Resource(Model):
    """What every named resource may say about itself; none of it changes a membership."""

    name: Name = Field(description="The name; with the kind it is the identity.")
    description: StrictStr | None = Field(None, description="What it is for, for people.")
    owner: Owner | None = Field(None, description="The team that answers for it.")
    tags: Tags = Field(default_factory=list, description="Free words to select by.")
    protect: StrictBool = Field(False, description="Refuse its removal until an apply has cleared this.")


class Segment(Resource):
    """A named condition."""

    kind: Literal["segment"]
    where: Where = Field(description="Who is in: one condition, or a list that must all hold.")
    exclude: Annotated[list[Condition], Field(min_length=1)] | None = Field(
        None, description="Whoever matches one of these is out, whatever `where` says."
    )
    guards: Guards | None = Field(None, description="Limits on the effect of one apply.")


class Extension(Resource):
    """A named membership that is computed on its own schedule."""

    kind: Literal["extension"]
    refresh: Schedule = Field("daily 00:00", description="When it is computed anew, in the project's zone.")
    from_: EventCondition = Field(alias="from", description="The condition over the events.")
    guards: Guards | None = Field(None, description="Limits on the effect of one apply.")


class StaticList(Resource):
    """A static membership from a file of ids."""

    kind: Literal["list"]
    path: Annotated[StrictStr, Field(min_length=1)] = Field(description="The file of ids, below the project's folder.")
    id: Annotated[StrictStr, Field(min_length=1)] = Field(description="The column that holds the ids.")


class Audience(Model):
    """Who is messaged: segments in, a condition on top, segments out."""

    include: Annotated[list[Name], Field(min_length=1)] = Field(description="Segments; members of any are in.")
    where: Where | None = Field(None, description="A condition that must hold as well.")
    exclude: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None, description="Segments whose members are out."
    )


class Variant(Model):
    """A share of the audience that gets the same message, or none."""

    name: Name = Field(description="The variant's name.")
    percent: Number = Field(description="Its share of the audience, in percent, to two decimals.")
    control: StrictBool = Field(False, description="Its users get no message; they are the comparison.")

    @model_validator(mode="after")
    def _hundredths(self) -> Self:
        hundredths = Decimal(self.percent) * 100
        if not 0 <= hundredths <= 10_000 or hundredths != hundredths.to_integral_value():
            raise problem(
                "bad-percent", f"`{self.percent}` is not a percentage", "from 0 to 100, with at most two decimals"
            )
        return self


class Delivery(Model):
    """When a campaign is sent."""

    at: StrictStr | None = Field(None, description="Once, at this local time.", examples=["2026-12-01 09:00"])
    every: Schedule | None = Field(None, description="Again and again.", examples=["weekly mon 09:00"])

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.at is None) == (self.every is None):
            raise problem("missing-operator", "exactly one of `at` and `every` is needed", "`{at: 2026-12-01 09:00}`")
        return self


class Conversion(Model):
    """What counts as a success of a campaign."""

    event: Annotated[StrictStr, Field(min_length=1)] = Field(description="The event's name.")
    within: Duration = Field(description="How long after the message it counts.")


class Campaign(Resource):
    """Who is messaged with what."""

    kind: Literal["campaign"]
    audience: Audience = Field(description="Who is messaged.")
    variants: Annotated[list[Variant], Field(min_length=1)] | None = Field(
        None, description="The variants; their percents add up to 100."
    )
    schedule: Delivery | None = Field(None, description="When it is sent.")
    reeligible_after: Duration | None = Field(None, description="How long until a user may receive it again.")
    conversions: list[Conversion] = Field(default_factory=list, description="What counts as a success.")
    guards: Guards | None = Field(None, description="Limits on the effect of one apply.")

    @model_validator(mode="after")
    def _variants_add_up(self) -> Self:
        if self.variants is None:
            return self
        total = sum((Decimal(v.percent) for v in self.variants), Decimal(0))
        if total != 100:
            raise problem("bad-percent", f"the variants' percents add up to {total}", "make them add up to 100")
        names = [v.name for v in self.variants]
        if len(set(names)) < len(names):
            raise problem("duplicate-variant", "two variants of one name", "give each variant a name of its own")
        return self


class Given(Model):
    """The data of a test: rows as people would write them."""

    users: list[dict[StrictStr, Any]] = Field(default_factory=list, description="Users: `id`, and attributes.")
    events: list[dict[StrictStr, Any]] = Field(
        default_factory=list, description="Events: `user`, `event`, `time`, and properties."
    )
    catalogs: dict[Name, list[dict[StrictStr, Any]]] = Field(default_factory=dict, description="Rows of catalogues.")
    lists: dict[Name, list[StrictStr]] = Field(default_factory=dict, description="Ids in lists.")
    extensions: dict[Name, list[StrictStr]] = Field(
        default_factory=dict, description="Ids in extensions, in place of computing them."
    )


class Expected(Model):
    """Who must be in, and who must be out."""

    in_: list[StrictStr] = Field(default_factory=list, alias="in", description="Ids that must be members.")
    out: list[StrictStr] = Field(default_factory=list, description="Ids that must not be members.")


class DefinitionTest(Resource):
    """Given rows, expected members."""

    kind: Literal["test"]
    as_of: StrictStr = Field(description="The instant of evaluation.", examples=["2026-11-22", "2026-11-22T06:00:00Z"])
    given: Given = Field(description="The data.")
    expect: dict[Name, Expected] = Field(min_length=1, description="By the name of a segment, extension or campaign.")


Named = Segment | Extension | StaticList | Campaign | DefinitionTest
Evaluated = Segment | Extension | StaticList | Campaign
KINDS: dict[str, type[Segment | Extension | StaticList | Campaign | DefinitionTest]] = {
    "segment": Segment, "extension": Extension, "list": StaticList, "campaign": Campaign, "test": DefinitionTest,
}  # fmt: skip

__all__ = ["KINDS", "AllOf", "Campaign", "DefinitionTest", "Extension", "Segment", "StaticList"]
