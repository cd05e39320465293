"""The project file: where the data is and what holds for all definitions."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StrictStr, model_validator

from segctl.model.values import Duration, Model, Name, Path, Share, problem


def _check_zone(text: str) -> str:
    if text not in available_timezones():
        raise problem("bad-timezone", f"`{text}` is not a time zone", "an IANA name such as `Europe/Paris` or `UTC`")
    return text


Zone = Annotated[StrictStr, AfterValidator(_check_zone)]
Cast = Literal["integer", "float", "string", "boolean", "date", "time"]
Text = Annotated[StrictStr, Field(min_length=1)]


class ColumnSource(Model):
    """A column, and how to read it."""

    column: Text = Field(description="The column's name in the file.")
    as_: Cast | None = Field(
        None, alias="as", description="Read the column as this type: `17850.0` as integer is 17850."
    )
    timezone: Zone | None = Field(None, description="The zone of times that carry none; else UTC.")
    unit: Literal["s", "ms", "us", "ns"] | None = Field(
        None, description="The unit of times written as numbers since 1970."
    )


class ConstantName(Model):
    """Every row of the table is this event."""

    value: Text = Field(description="The event's name.", examples=["purchase"])


class NameColumn(Model):
    """A column holds the event's name."""

    column: Text = Field(description="The column that holds the event's name.", examples=["event"])


class EventsSource(Model):
    """A table of events."""

    path: Text = Field(
        description="A file or glob: .parquet .csv .csv.gz .arrow .jsonl", examples=["data/events/*.parquet"]
    )
    user: Text | ColumnSource = Field(description="The column of the user's id.")
    time: Text | ColumnSource = Field(description="The column of the event's time.")
    name: ConstantName | NameColumn = Field(description="The event's name: one for the table, or a column.")
    properties: dict[Text, Text] | None = Field(
        None, description="Properties by name, each a column or arithmetic over columns; default: every other column.",
        examples=[{"amount": "UnitPrice * Quantity"}],
    )  # fmt: skip


class Derived(Model):
    """An attribute from the events: the value last or first seen, of any event that carries it."""

    last: Text | None = Field(None, description="The property whose last value is taken.")
    first: Text | None = Field(None, description="The property whose first value is taken.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.last is None) == (self.first is None):
            raise problem("missing-operator", "exactly one of `last` and `first` is needed", "`{last: Country}`")
        return self


class UsersSource(Model):
    """The population: a users table, or what the events say."""

    path: Text | None = Field(None, description="A file or glob: .parquet .csv .csv.gz .arrow .jsonl")
    id: Text | ColumnSource | None = Field(None, description="The column of the user's id.", examples=["user_id"])
    times: dict[Text, Zone] | None = Field(None, description="The zone of time columns that carry none; else UTC.")
    derive: dict[Text, Derived] | None = Field(
        None, description="Attributes from the events, where there is no users table."
    )

    @model_validator(mode="after")
    def _table_or_derived(self) -> Self:
        if self.path is None and self.derive is None:
            raise problem("missing-key", "`path` is missing", "`path` and `id` of the users table, or `derive`")
        if self.path is not None and self.derive is not None:
            raise problem("many-sources", "both `path` and `derive`", "keep one: a users table, or the events' users")
        if self.path is not None and self.id is None:
            raise problem("missing-key", "`id` is missing", "the column that holds the user's id: `id: user_id`")
        if self.derive is not None and (self.id is not None or self.times is not None):
            raise problem("many-sources", "`id` and `times` belong to a users table", "remove them beside `derive`")
        return self


class Catalog(Model):
    """A table of things that events point to."""

    path: Text = Field(description="A file or glob.", examples=["data/products.csv"])
    key: Text = Field(description="The column that identifies a row.", examples=["product_id"])
    on: Path | None = Field(None, description="The event property that holds the key; default: the key's name.")


class EmailMessages(Model):
    """Which events are messages of a channel."""

    sent: Text = Field(description="The event that says a message was sent.")
    delivered: Text | None = Field(None, description="The event that says it arrived.")
    opened: Text | None = Field(None, description="The event that says it was opened.")
    clicked: Text | None = Field(None, description="The event that says a link in it was followed.")
    unsubscribed: Text | None = Field(None, description="The event that says its receiver unsubscribed.")
    bounced: Text | None = Field(None, description="The event that says it could not be delivered.")


class MessageProperties(Model):
    """The properties that say which message an event is about."""

    message: Text | None = Field(None, description="The property with the message's id.")
    campaign: Text | None = Field(None, description="The property with the campaign's name.")
    variant: Text | None = Field(None, description="The property with the variant's name.")


class Messages(Model):
    """Which events are messages, by channel."""

    email: EmailMessages | None = Field(None, description="E-mails.")
    push: EmailMessages | None = Field(None, description="Push messages.")
    sms: EmailMessages | None = Field(None, description="Text messages.")
    properties: MessageProperties | None = Field(None, description="The properties that identify a message.")


class Engagement(Model):
    """The look-back and the cuts of the engagement levels."""

    lookback: Duration = Field("90d", description="How far back e-mails count.")
    most: Share = Field("50%", description="The least rate of the most engaged.")
    somewhat: Share = Field("20%", description="The least rate of the somewhat engaged.")


class Active(Model):
    """What makes a user active in a period."""

    events: Literal["*"] | Annotated[list[Text], Field(min_length=1)] = Field(
        "*", description="`*` for any event, or names."
    )


class Project(Model):
    """A project: its data, its zone, its state."""

    kind: Literal["project"]
    name: Name = Field(description="The project's name.")
    description: StrictStr | None = Field(None, description="What it is for.")
    timezone: Zone = Field("UTC", description="The zone of calendar days, dates without zone, and schedules.")
    state: Text = Field(".segctl", description="Where the state is kept: a folder.")
    users: UsersSource = Field(description="The population.")
    events: list[EventsSource] = Field(default_factory=list, description="The tables of events.")
    catalogs: dict[Name, Catalog] = Field(default_factory=dict, description="Tables that events point to, by name.")
    messages: Messages | None = Field(None, description="Which events are messages.")
    engagement: Engagement | None = Field(None, description="The cuts of the engagement levels.")
    active: Active | None = Field(None, description="What makes a user active.")
