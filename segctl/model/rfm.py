"""Recency, frequency and money: scores by quartile, and the groups that have names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StrictInt, model_validator

from segctl.model.events import EventNames
from segctl.model.row_condition import RowWhere
from segctl.model.rules import exactly_one, exactly_one_of
from segctl.model.values import Model, Path
from segctl.model.windows import ONE_WINDOW, Windowed

Score = Annotated[StrictInt, Field(ge=0, le=3)]
Scores = Annotated[list[Score], Field(min_length=1)]
Group = Literal[
    "champions", "loyal_users", "potential_loyalists", "promising", "new_customers",
    "needing_attention", "cannot_lose_them", "at_risk", "about_to_sleep", "hibernating",
]  # fmt: skip

GROUPS: Mapping[str, tuple[range, range, range]] = {
    "champions": (range(3, 4), range(2, 4), range(2, 4)),
    "loyal_users": (range(2, 4), range(2, 4), range(1, 4)),
    "potential_loyalists": (range(3, 4), range(1, 4), range(1, 4)),
    "promising": (range(3, 4), range(4), range(1, 4)),
    "new_customers": (range(3, 4), range(4), range(4)),
    "needing_attention": (range(2, 4), range(4), range(4)),
    "cannot_lose_them": (range(2), range(2, 4), range(2, 4)),
    "at_risk": (range(2), range(1, 4), range(1, 4)),
    "about_to_sleep": (range(1, 2), range(4), range(4)),
    "hibernating": (range(1), range(3), range(4)),
}
"""The scores of each group; a user is in the first that fits. Recency 0, frequency 3, money 0 fits none."""


class RfmScores(Model):
    """Users by their scores, from 0 (lowest quartile) to 3 (highest quartile)."""

    recency: Scores | None = Field(None, description="Any of these scores for the time of the last row (recency).")
    frequency: Scores | None = Field(None, description="Any of these scores for the number of rows (frequency).")
    monetary: Scores | None = Field(None, description="Any of these scores for the sum (monetary value).")


class Rfm(Windowed):
    """Scores by quartile among the users with at least one row in the window."""

    model_config = ConfigDict(json_schema_extra={"allOf": [ONE_WINDOW, exactly_one_of(["groups", "scores"])]})

    event: EventNames = Field(description="The event's name; a list matches any of its names.", examples=["purchase"])
    where: RowWhere | None = Field(None, description="Which of these events count, by their properties.")
    of: Path = Field(description="The property that holds the monetary value.", examples=["amount"])
    groups: Annotated[list[Group], Field(min_length=1)] | None = Field(
        None, description="Users in any of these groups.", examples=[["champions", "loyal_users"]]
    )
    scores: RfmScores | None = Field(None, description="Users with these scores.", examples=[{"recency": [2, 3]}])

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        exactly_one(self, ("groups", "scores"), "the choice of users")
        return self


class RfmSource(Model):
    """An extension that selects users by their scores."""

    rfm: Rfm = Field(description="What is scored, and which scores are included.")
