"""How far members may move by themselves before `segctl drift` calls it an anomaly."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictInt, model_validator

from segctl.model.values import Model, Share, problem


class Drift(Model):
    """The expected range of changes to a membership when its data change."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    band: Share | None = Field(
        None, description="The largest share of the previous members that may enter, or exit, between two publications."
    )
    floor: Annotated[StrictInt, Field(ge=0)] | None = Field(
        None, description="No anomaly if fewer users than this enter and fewer than this exit, whatever their share."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.band is None and self.floor is None:
            raise problem("missing-key", "`drift` has no effect", "write `band: 10%`, `floor: 100`, or both")
        return self
