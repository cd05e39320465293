"""Sequences: steps one after the other, some of which must not happen."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, Tag, model_validator

from segctl.model.events import EventNames
from segctl.model.heads import by_head
from segctl.model.row_condition import RowWhere
from segctl.model.values import Duration, Model, SomeTime, duration_us, problem
from segctl.model.windows import Windowed


class AfterPrevious(Model):
    """Limits on the time between two steps."""

    within: Duration | None = Field(None, description="At most this long after the previous step.", examples=["1d"])
    more_than: Duration | None = Field(
        None, description="More than this long after the previous step; `0s` means strictly later.", examples=["0s"]
    )

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.within is None and self.more_than is None:
            hint = "write `within: 1d`, or remove `after_previous`"
            raise problem("missing-key", "`after_previous` has no effect", hint)
        both = self.within is not None and self.more_than is not None
        if both and duration_us(str(self.more_than)) >= duration_us(str(self.within)):
            hint = "`more_than` is the shorter one"
            raise problem("empty-window", "no time lies between the two", hint, at=("more_than",))
        return self


class NotAfterPrevious(Model):
    """The time window after the previous step in which the event must not happen."""

    within: SomeTime = Field(description="From the previous step until this long after it.", examples=["24h"])


class Step(Model):
    """A row of an event."""

    event: EventNames = Field(
        description="The event's name; a list matches any of its names.", examples=["added_to_cart"]
    )
    where: RowWhere | None = Field(None, description="Which of these events count, by their properties.")
    after_previous: AfterPrevious | None = Field(None, description="Limits on the time after the previous step.")


class AbsentStep(Model):
    """No such row after the previous step; rows matched by earlier steps do not count."""

    no: EventNames = Field(description="The name of the event that must not happen.", examples=["purchase"])
    where: RowWhere | None = Field(None, description="Which of these events count, by their properties.")
    after_previous: NotAfterPrevious | None = Field(
        None,
        description="The time window; rows of later steps count too. Default: until the next step's row, which does "
        "not count, or until now.",
    )


STEP_HEADS: dict[str, type[Model]] = {"event": Step, "no": AbsentStep}

AnyStep = Annotated[
    Annotated[Step, Tag("<event>")] | Annotated[AbsentStep, Tag("<no>")], by_head(STEP_HEADS, "bad-step")
]


class SequenceCondition(Windowed):
    """Steps in order; the window applies to the first step."""

    sequence: Annotated[list[AnyStep], Field(min_length=1)] = Field(
        description="The steps in order; the first is an event.",
        examples=[[{"event": "added_to_cart"}, {"no": "purchase", "after_previous": {"within": "24h"}}]],
    )
    complete_within: SomeTime | None = Field(None, description="The last row at most this long after the first.")

    @model_validator(mode="after")
    def _starts_with_a_row(self) -> Self:
        first = self.sequence[0]
        if isinstance(first, AbsentStep):
            hint = "begin with an `event`; `no` says what did not follow it"
            raise problem("bad-sequence", "a sequence cannot begin with `no`", hint, at=("sequence", 0))
        if first.after_previous is not None:
            hint = "nothing is before it; the look-back of the first step is `within` beside `sequence`"
            raise problem(
                "bad-sequence", "`after_previous` on the first step", hint, at=("sequence", 0, "after_previous")
            )
        return self
