"""Conditions on messages: what was received and done with it, and how engaged it makes a user."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, Tag, model_validator

from segctl.model.values import Model, Text, by_shape, problem
from segctl.model.windows import Windowed

Channel = Literal["email", "push", "sms"]
Did = Literal["received", "opened", "clicked", "converted", "unsubscribed", "in_control"]
Level = Literal["most", "somewhat", "least", "everyone_else"]

DEFINED = frozenset({"converted", "in_control"})
"""What a user did that only the campaign's own definition can tell."""


class Tagged(Model):
    """All campaigns of the project that have this tag."""

    tag: Text = Field(description="A tag of campaigns.", examples=["winter"])


CampaignNames = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[list[Text], Field(min_length=1), Tag("<items>")]
    | Annotated[Tagged, Tag("<mapping>")],
    by_shape("the name of a campaign, a list of names, or `{tag: ...}`"),
]


class CampaignCondition(Windowed):
    """Messages of a campaign that the user received, and the user's reactions."""

    campaign: CampaignNames = Field(
        description="The campaign's name; a list matches any of its names, `*` matches any campaign.",
        examples=["win_back"],
    )
    did: Did = Field(description="What the user did.", examples=["opened"])
    variant: Text | None = Field(None, description="Only messages of this variant.")
    channel: Channel | None = Field(None, description="Only messages of this channel.")

    @model_validator(mode="after")
    def _control_is_no_message(self) -> Self:
        if self.did != "in_control":
            return self
        needless = next(
            (key for key in ("variant", "channel", *self.window_keys) if key in self.model_fields_set), None
        )
        if needless is not None:
            hint = f"remove `{needless}`: who is in control received nothing, at no time"
            raise problem("bad-campaign", f"`{needless}` of a control group", hint, at=(needless,))
        return self

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.did in DEFINED and self.campaign == "*":
            raise problem("bad-campaign", f"`{self.did}` of any campaign", "name the campaigns", at=("campaign",))
        if self.did == "in_control" and isinstance(self.campaign, Tagged):
            raise problem("bad-campaign", "`in_control` of a tag", "name the campaigns", at=("campaign",))
        return self


class EngagementCondition(Model):
    """How engaged the user was with e-mails in the last weeks."""

    engagement: Level = Field(description="The level.", examples=["most"])
    period: Literal["current", "previous"] = Field(
        "current", description="The level of this week, or of the previous week."
    )
