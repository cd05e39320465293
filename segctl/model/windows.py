"""Windows: the time in which the rows of events count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, Discriminator, Field, StrictInt, Tag, model_validator

from segctl.model.moments import Edge, Since, WindowPair, check_window
from segctl.model.rules import at_most_one_of
from segctl.model.values import KEY, Model, SomeTime, problem
from segctl.model.wording import choices


class DaysBeforeToday(Model):
    """A window from a local midnight up to now."""

    days_before_today: Annotated[StrictInt, Field(ge=0, le=73_000)] = Field(
        description="From local midnight this many days before today.", examples=[3]
    )


def _duration_or_days(value: Any) -> str:
    return "<days>" if isinstance(value, Mapping | DaysBeforeToday) else "<duration>"


LookBack = Annotated[
    Annotated[SomeTime, Tag("<duration>")] | Annotated[DaysBeforeToday, Tag("<days>")],
    Discriminator(_duration_or_days),
]
"""From how long ago."""

ONE_WINDOW = at_most_one_of(["within"], ["between"], ["since", "until"])


class Windowed(Model):
    """At most one window."""

    model_config = ConfigDict(json_schema_extra={"allOf": [ONE_WINDOW]})
    window_keys: ClassVar[tuple[str, ...]] = ("within", "between", "since", "until")

    within: LookBack | None = Field(None, description="Only the time from this long ago up to now.", examples=["30d"])
    between: WindowPair | None = Field(
        None,
        description="Only between two dates or instants, or from the first to the second duration ago.",
        examples=[["2026-01-01", "2026-01-31"], ["30d", "7d"]],
    )
    since: Since | None = Field(None, description="Only since a date, an instant, or a duration ago.")
    until: Edge | None = Field(None, description="Only until the end of a date, an instant, or a duration ago.")

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        written = self.model_fields_set
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
