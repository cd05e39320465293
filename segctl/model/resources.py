"""Segments, extensions, lists, campaigns: what is named, planned and applied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from segctl.model.condition import HEADS, Condition, Where
from segctl.model.drift import Drift
from segctl.model.events import EventCondition
from segctl.model.moments import Written
from segctl.model.named import Resource
from segctl.model.policy import Policy
from segctl.model.rfm import RfmSource
from segctl.model.rules import exactly_one, exactly_one_of
from segctl.model.traits import Trait
from segctl.model.values import KEY, Duration, Model, Name, Number, Share, SomeTime, Text, UserId, problem, wrong_type
from segctl.model.wording import choices, quoted
from segctl.model.written import parse_written

_SCHEDULE = (
    r"(hourly|manual|daily ([01][0-9]|2[0-3]):[0-5][0-9]"
    r"|weekly (mon|tue|wed|thu|fri|sat|sun) ([01][0-9]|2[0-3]):[0-5][0-9]"
    r"|monthly ([1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9])"
)


def _check_schedule(text: str) -> str:
    if not re.fullmatch(_SCHEDULE, text):
        raise problem(
            "bad-schedule", f"{quoted(text)} is not a schedule",
            "write `hourly`, `daily 06:00`, `weekly mon 06:00`, `monthly 1 06:00` or `manual`",
        )  # fmt: skip
    return text


def _check_percent(percent: int | Decimal) -> int | Decimal:
    hundredths = Decimal(percent) * 100
    if not 0 <= hundredths <= _ALL * 100 or hundredths != hundredths.to_integral_value():
        raise problem(
            "bad-percent", f"`{percent}` is not a percentage", "write a number from 0 to 100, with at most two decimals"
        )
    return percent


_ALL = 100
Schedule = Annotated[
    StrictStr,
    AfterValidator(_check_schedule),
    Field(json_schema_extra={"pattern": f"^{_SCHEDULE}$", "examples": ["daily 06:00", "manual"]}),
]
Percent = Annotated[Number, AfterValidator(_check_percent), Field(json_schema_extra={"minimum": 0, "maximum": 100})]


class Guards(Model):
    """Limits on the effect of an apply; a larger effect is refused."""

    max_exit: Share | None = Field(None, description="The largest share of members that may exit in one apply.")
    max_enter: Share | None = Field(
        None, description="The largest share of the previous members that may enter in one apply."
    )
    min_members: Annotated[StrictInt, Field(ge=0)] | None = Field(None, description="The minimum number of members.")
    max_silence: SomeTime | None = Field(
        None, description="How long an event that the definition reads may be missing at the end of the data."
    )


class Segment(Resource):
    """A named condition."""

    kind: Literal["segment"] = Field(description="What this definition is.")
    where: Where = Field(description="Who is a member: one condition, or a list of conditions that must all hold.")
    exclude: Annotated[list[Condition], Field(min_length=1)] | None = Field(
        None, description="Users who match one of these conditions are excluded, even if `where` matches."
    )
    guards: Guards | None = Field(None, description="Limits on the effect of one apply.")
    drift: Drift | None = Field(None, description="How much data changes alone may change its members.")


PLANNED_SOURCES = frozenset({"sql", "query"})
"""Ways to compute an extension that this version does not know; using one is a clear error."""


def _check_source(value: Any) -> Any:
    """An extension comes from events; the other sources are for later versions."""
    if not isinstance(value, Mapping):
        return value
    planned = sorted(PLANNED_SOURCES.intersection(value))
    head = next((key for key in value if key in HEADS), None)
    if planned:
        raise problem(
            "not-yet",
            f"`{planned[0]}` is part of the language, but this version cannot evaluate it yet",
            "write the extension as a condition over events",
            at=(planned[0], KEY),
        )
    if "event" not in value and "rfm" not in value and head is not None:
        hint = "write `event: purchase` and what must be true of it; put a condition on users into a segment"
        raise problem("bad-condition", f"an extension comes from events, not from `{head}`", hint, at=(head, KEY))
    return value


def _check_shape(value: Any) -> Any:
    if isinstance(value, Mapping | EventCondition | RfmSource):
        return value
    raise wrong_type("a condition over events", value, "write `from: {event: purchase, count: {at_least: 2}}`")


def _source_form(value: Any) -> str:
    return "<rfm>" if isinstance(value, RfmSource) or (isinstance(value, Mapping) and "rfm" in value) else "<event>"


Source = Annotated[
    Annotated[EventCondition, Tag("<event>")] | Annotated[RfmSource, Tag("<rfm>")],
    Discriminator(_source_form, custom_error_type="wrong-type", custom_error_message="a condition over events"),
    BeforeValidator(_check_shape),
    BeforeValidator(_check_source),
]
"""Where the members of an extension come from."""


class Extension(Resource):
    """A named membership that is computed on its own schedule."""

    kind: Literal["extension"] = Field(description="What this definition is.")
    refresh: Schedule = Field("daily 00:00", description="When it is recomputed, in the project's time zone.")
    from_: Source = Field(alias="from", description="The condition over the events, or the scores of their users.")
    guards: Guards | None = Field(None, description="Limits on the effect of one apply.")
    drift: Drift | None = Field(None, description="How much data changes alone may change its members.")


class StaticList(Resource):
    """A static membership from a file of ids."""

    kind: Literal["list"] = Field(description="What this definition is.")
    path: Text = Field(description="The file of ids, inside the project's folder.")
    id: Text = Field(description="The column that holds the ids.")
    drift: Drift | None = Field(None, description="How much data changes alone may change its members.")


class Audience(Model):
    """Who gets the message: included segments, an extra condition, excluded segments."""

    include: Annotated[list[Name], Field(min_length=1)] = Field(
        description="Members of at least one of these segments are included."
    )
    where: Where | None = Field(None, description="A condition that must also hold.")
    exclude: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None, description="Members of these segments are excluded."
    )


class Variant(Model):
    """A share of the audience that gets the same message, or no message."""

    name: Name = Field(description="The variant's name.")
    percent: Percent = Field(description="Its share of the audience in percent, with at most two decimals.")
    control: StrictBool = Field(False, description="A control group: its users get no message.")


class Delivery(Model):
    """When a campaign is sent."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(["at", "every"]))

    at: Written | None = Field(None, description="Once, at this local time.", examples=["2026-12-01 09:00"])
    every: Schedule | None = Field(None, description="Repeatedly.", examples=["weekly mon 09:00"])

    @model_validator(mode="after")
    def _one(self) -> Self:
        exactly_one(self, ("at", "every"), "the time of sending")
        return self


class Conversion(Model):
    """What counts as a success of a campaign."""

    event: Text = Field(description="The event's name.")
    within: SomeTime = Field(description="How long after the message the event counts.")


class Campaign(Resource):
    """Who gets which message."""

    kind: Literal["campaign"] = Field(description="What this definition is.")
    audience: Audience = Field(description="Who gets the message.")
    variants: Annotated[list[Variant], Field(min_length=1)] | None = Field(
        None, description="The variants; their percents add up to 100."
    )
    schedule: Delivery | None = Field(None, description="When it is sent. No effect in this version.")
    reeligible_after: Duration | None = Field(
        None, description="The minimum time before a user may receive it again. No effect in this version."
    )
    conversions: list[Conversion] = Field(default_factory=list, description="What counts as a success.")
    guards: Guards | None = Field(None, description="Limits on the effect of one apply.")
    drift: Drift | None = Field(None, description="How much data changes alone may change its members.")

    @model_validator(mode="after")
    def _variants_add_up(self) -> Self:
        if self.variants is None:
            return self
        names = [v.name for v in self.variants]
        again = next((i for i, name in enumerate(names) if name in names[:i]), None)
        if again is not None:
            raise problem(
                "duplicate-variant",
                f"two variants are named `{names[again]}`",
                "give each variant a name of its own",
                at=("variants", again, "name"),
            )
        total = sum((Decimal(v.percent) for v in self.variants), Decimal(0))
        if total != _ALL:
            hint = "make them add up to 100"
            raise problem("bad-percent", f"the variants' percents add up to {total}", hint, at=("variants",))
        return self


def _check_row(row: dict[str, Any], needed: tuple[str, ...]) -> dict[str, Any]:
    for key in needed:
        if key not in row:
            raise problem("missing-key", f"`{key}` is missing", f"write {choices(needed, 'and')} in every row")
        if isinstance(row[key], bool) or not isinstance(row[key], str | int):
            raise wrong_type("a text", row[key], at=(key,))
    return row


def _check_user_row(row: dict[str, Any]) -> dict[str, Any]:
    return _check_row(row, ("id",))


def _check_event_row(row: dict[str, Any]) -> dict[str, Any]:
    _check_row(row, ("user", "event", "time"))
    try:
        parse_written(str(row["time"]))
    except PydanticCustomError as error:
        context = error.context or {}
        raise problem(error.type, context["summary"], context["hint"], at=("time",)) from None
    return row


Row = dict[StrictStr, Any]
UserRow = Annotated[Row, AfterValidator(_check_user_row), Field(json_schema_extra={"required": ["id"]})]
EventRow = Annotated[
    Row, AfterValidator(_check_event_row), Field(json_schema_extra={"required": ["user", "event", "time"]})
]


class Given(Model):
    """The data of a test, as rows."""

    users: list[UserRow] = Field(default_factory=list, description="Users: `id`, and attributes.")
    events: list[EventRow] = Field(default_factory=list, description="Events: `user`, `event`, `time`, and properties.")
    catalogs: dict[Name, list[Row]] = Field(default_factory=dict, description="Rows of catalogues.")
    lists: dict[Name, list[UserId]] = Field(default_factory=dict, description="Ids in lists.")
    extensions: dict[Name, list[UserId]] = Field(
        default_factory=dict, description="Ids in extensions, which then are not computed."
    )


class Expected(Model):
    """Who must be a member, and who must not."""

    in_: list[UserId] = Field(default_factory=list, alias="in", description="Ids that must be members.")
    out: list[UserId] = Field(default_factory=list, description="Ids that must not be members.")


class DefinitionTest(Resource):
    """A test: given rows, and the expected members."""

    kind: Literal["test"] = Field(description="What this definition is.")
    as_of: Written = Field(description="The instant of evaluation.", examples=["2026-11-22", "2026-11-22T06:00:00Z"])
    given: Given = Field(description="The data.")
    expect: dict[Name, Expected] = Field(
        min_length=1, description="The expectations, by the name of a segment, extension or campaign."
    )


Named = Segment | Extension | StaticList | Trait | Campaign | DefinitionTest | Policy
Evaluated = Segment | Extension | StaticList | Campaign
KINDS: dict[str, type[Named]] = {
    "segment": Segment, "extension": Extension, "list": StaticList, "trait": Trait, "campaign": Campaign,
    "test": DefinitionTest, "policy": Policy,
}  # fmt: skip

PLANNED_KINDS = frozenset({"prediction"})
"""Kinds of the language that this version does not know; using one is a clear error."""
