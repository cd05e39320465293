"""How far members may move by themselves before `segctl drift` calls it an anomaly."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictInt, model_validator

from segctl.model.values import Model, Share, problem


class Drift(Model):
    """The band in which a membership moves as its data do."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    band: Share | None = Field(
        None, description="The share of the members before that may enter, and that may exit, between two publications."
    )
    floor: Annotated[StrictInt, Field(ge=0)] | None = Field(
        None, description="Where fewer users enter and fewer exit it is no anomaly, whatever their share."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.band is None and self.floor is None:
            raise problem("missing-key", "`drift` has no effect", "write `band: 10%`, `floor: 100`, or both")
        return self
