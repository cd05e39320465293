"""The project file: where the data is and what holds for all definitions."""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictStr, Tag, model_validator

from segctl.diagnostics import did_you_mean
from segctl.model.drift import Drift
from segctl.model.heads import by_head
from segctl.model.rules import exactly_one, exactly_one_of
from segctl.model.state_place import StatePlace
from segctl.model.values import KEY, Model, Name, Path, Share, SomeTime, Text, by_shape, problem, share_of, wrong_type
from segctl.model.wording import quoted


@functools.cache
def _zones() -> frozenset[str]:
    """The names of all time zones; reading them takes a while."""
    return frozenset(available_timezones())


def _check_zone(text: str) -> str:
    if text not in _zones():
        cities = [zone for zone in _zones() if zone.lower().endswith(f"/{text.lower()}")]
        hint = f"did you mean `{min(cities)}`?" if cities else did_you_mean(text, _zones())
        hint = hint or "write an IANA name such as `Europe/Paris` or `UTC`"
        raise problem("bad-timezone", f"{quoted(text)} is not a time zone", hint)
    return text


Zone = Annotated[StrictStr, AfterValidator(_check_zone)]
Cast = Literal["integer", "float", "string", "boolean", "date", "time"]


class ColumnSource(Model):
    """A column, and how it is read."""

    column: Text = Field(description="The column's name in the file.")
    as_: Cast | None = Field(
        None, alias="as", description="Read the column as this type; `17850.0` read as an integer is 17850."
    )
    timezone: Zone | None = Field(None, description="The time zone of times without one. Default: UTC.")
    unit: Literal["s", "ms", "us", "ns"] | None = Field(
        None, description="The unit of times stored as numbers since 1970."
    )


class ConstantName(Model):
    """The event that every row of the table is."""

    value: Text = Field(description="The event's name.", examples=["purchase"])


class NameColumn(Model):
    """A column holds the event's name."""

    column: Text = Field(description="The column that holds the event's name.", examples=["event"])


ColumnName = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[ColumnSource, Tag("<mapping>")],
    by_shape("the name of a column, or `{column: ...}`"),
]
"""A column, by its name alone or with how to read it."""

EventName = Annotated[
    Annotated[ConstantName, Tag("<value>")] | Annotated[NameColumn, Tag("<column>")],
    by_head({"value": ConstantName, "column": NameColumn}, "bad-event-name"),
]
"""Where the name of a row's event comes from."""


class EventsSource(Model):
    """A table of events."""

    path: Text = Field(
        description="A file or glob: .parquet .csv .csv.gz .arrow .jsonl", examples=["data/events/*.parquet"]
    )
    user: ColumnName = Field(description="The column that holds the user's id.")
    time: ColumnName = Field(description="The column that holds the event's time.")
    name: EventName = Field(description="The event's name: one for the table, or a column.")
    properties: dict[Text, Text] | None = Field(
        None, description="Properties by name, each a column or arithmetic over columns. Default: every other column.",
        examples=[{"amount": "UnitPrice * Quantity"}],
    )  # fmt: skip


class Derived(Model):
    """An attribute read from events: the first or last value, over all events that have the property."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(["last", "first"]))

    last: Text | None = Field(None, description="The property whose last value is taken.")
    first: Text | None = Field(None, description="The property whose first value is taken.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        exactly_one(self, ("last", "first"), "the value to take")
        return self


class UsersSource(Model):
    """The population: a users table, or the users found in the events."""

    model_config = ConfigDict(
        json_schema_extra={
            **exactly_one_of(["path", "derive"]),
            "dependencies": {
                "path": ["id"],
                "derive": {"not": {"anyOf": [{"required": ["id"]}, {"required": ["times"]}]}},
            },
        }
    )

    path: Text | None = Field(None, description="A file or glob: .parquet .csv .csv.gz .arrow .jsonl")
    id: ColumnName | None = Field(None, description="The column that holds the user's id.", examples=["user_id"])
    times: dict[Text, Zone] | None = Field(None, description="The time zone of time columns without one. Default: UTC.")
    derive: dict[Text, Derived] | None = Field(
        None, description="Attributes read from events, if there is no users table."
    )

    @model_validator(mode="after")
    def _table_or_derived(self) -> Self:
        if self.path is None and self.derive is None:
            hint = "write `path` and `id` of the users table, or `derive`"
            raise problem("missing-key", "`path` is missing", hint)
        if self.path is not None and self.derive is not None:
            hint = "keep one: a users table, or users out of the events"
            raise problem("many-sources", "`path` and `derive` in one population", hint, at=("derive", KEY))
        if self.path is not None and self.id is None:
            raise problem("missing-key", "`id` is missing", "name the column of the user's id: `id: user_id`")
        needless = [key for key in ("id", "times") if self.derive is not None and key in self.model_fields_set]
        if needless:
            hint = "remove it: without a users table the ids come from the events"
            raise problem("many-sources", f"`{needless[0]}` belongs to a users table", hint, at=(needless[0], KEY))
        return self


class Catalog(Model):
    """A table of rows that events refer to."""

    path: Text = Field(description="A file or glob.", examples=["data/products.csv"])
    key: Text = Field(description="The column that identifies a row.", examples=["product_id"])
    on: Path | None = Field(None, description="The event property that holds the key. Default: the name of the key.")


class EmailMessages(Model):
    """Which events are messages of a channel."""

    sent: Text = Field(description="The event for a message that was sent.")
    delivered: Text | None = Field(None, description="The event for a message that was delivered.")
    opened: Text | None = Field(None, description="The event for a message that was opened.")
    clicked: Text | None = Field(None, description="The event for a click on a link in the message.")
    unsubscribed: Text | None = Field(None, description="The event for an unsubscription by the recipient.")
    bounced: Text | None = Field(None, description="The event for a message that could not be delivered.")


class MessageProperties(Model):
    """The properties that identify the message of an event."""

    message: Text | None = Field(None, description="The property that holds the message's id.")
    campaign: Text | None = Field(None, description="The property that holds the campaign's name.")
    variant: Text | None = Field(None, description="The property that holds the variant's name.")


class Messages(Model):
    """Which events are messages, by channel."""

    email: EmailMessages | None = Field(None, description="E-mails.")
    push: EmailMessages | None = Field(None, description="Push messages.")
    sms: EmailMessages | None = Field(None, description="Text messages.")
    properties: MessageProperties | None = Field(None, description="The properties that identify a message.")


class Engagement(Model):
    """The look-back period and the thresholds of the engagement levels."""

    lookback: SomeTime = Field("90d", description="How far back e-mails count.")
    most: Share = Field("50%", description="The minimum rate of the most engaged users.")
    somewhat: Share = Field("20%", description="The minimum rate of the somewhat engaged users.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if share_of(self.somewhat) > share_of(self.most):
            raise problem(
                "empty-range",
                f"`somewhat` ({self.somewhat}) lies above `most` ({self.most})",
                "write the higher share at `most`",
            )
        return self


def _check_any(value: Any) -> Any:
    if isinstance(value, str) and value != "*":
        raise wrong_type("`*` or a list of names", value, f"write `[{value}]` for one event")
    return value


ActiveEvents = Annotated[
    Annotated[Literal["*"], BeforeValidator(_check_any), Tag("<text>")]
    | Annotated[list[Text], Field(min_length=1), Tag("<items>")],
    by_shape("`*` or a list of names"),
]


class Active(Model):
    """What makes a user active in a period."""

    events: ActiveEvents = Field("*", description="`*` for any event, or names.")


class Project(Model):
    """A project: its data, its zone, its state."""

    kind: Literal["project"] = Field(description="What this definition is.")
    name: Name = Field(description="The project's name.")
    description: StrictStr | None = Field(None, description="What it is for.")
    timezone: Zone = Field(
        "UTC", description="The time zone of calendar days, of dates without a zone, and of schedules."
    )
    state: StatePlace = Field(
        ".segctl",
        description="Where the state is kept: a folder, or s3://bucket/prefix, gs://bucket/prefix, az://container/prefix.",
    )
    users: UsersSource = Field(description="The population.")
    events: list[EventsSource] = Field(default_factory=list, description="The tables of events.")
    catalogs: dict[Name, Catalog] = Field(default_factory=dict, description="Tables that events refer to, by name.")
    messages: Messages | None = Field(None, description="Which events are messages.")
    engagement: Engagement | None = Field(None, description="The thresholds of the engagement levels.")
    active: Active | None = Field(None, description="What makes a user active.")
    drift: Drift | None = Field(
        None, description="The default limit on how much data changes alone may change members."
    )

    @model_validator(mode="after")
    def _some_data(self) -> Self:
        if not self.events and self.users.path is None:
            hint = "name at least one table under `events`, or the users table at `users: {path: ..., id: ...}`"
            raise problem("missing-key", "no users table and no events", hint, at=("users",))
        return self
