"""Days that come every year, as month and day."""

from __future__ import annotations

import calendar
import re
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, StrictStr, model_validator

from segctl.model.rules import exactly_one, exactly_one_of
from segctl.model.values import MICROSECONDS, Model, SomeTime, duration_us, problem, wrong_type
from segctl.model.wording import quoted

_LEAP_YEAR = 2024
_MONTHS = 12
ANNIVERSARY_OPERATORS = ("within_next", "within_last", "on", "between")


def _check_month_day(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong_type("a month and a day", value, "write it like `02-29`")
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", value)
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= month <= _MONTHS or not 1 <= day <= calendar.monthrange(_LEAP_YEAR, month)[1]:
        hint = "write the month and the day, without a year: `12-24`"
        raise problem("bad-date", f"{quoted(value)} is not a month and a day", hint)
    return value


MonthDay = Annotated[
    StrictStr,
    BeforeValidator(_check_month_day),
    Field(json_schema_extra={"pattern": "^[0-9]{2}-[0-9]{2}$", "examples": ["12-24"]}),
]
"""A day of every year, as `MM-DD`."""


def month_day(text: str) -> tuple[int, int]:
    """The month and the day of a `MonthDay`."""
    return int(text[:2]), int(text[3:])


class Anniversary(Model):
    """A condition on the day of the year of a date, such as `{within_next: 7d}`."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(ANNIVERSARY_OPERATORS))

    within_next: SomeTime | None = Field(None, description="In this many days from today, today included.")
    within_last: SomeTime | None = Field(None, description="In this many days up to today, today included.")
    on: MonthDay | None = Field(None, description="On this day of the year.")
    between: Annotated[list[MonthDay], Field(min_length=2, max_length=2)] | None = Field(
        None, description="From the first day to the second, both included; the range spans the end of the year if the "
        "second is earlier.", examples=[["12-20", "01-05"]],
    )  # fmt: skip

    @model_validator(mode="after")
    def _one_of_whole_days(self) -> Self:
        exactly_one(self, ANNIVERSARY_OPERATORS, "the operator")
        for key in ("within_next", "within_last"):
            text = getattr(self, key)
            if text is not None and duration_us(text) % MICROSECONDS["d"]:
                hint = "use whole days or weeks: `7d`, `2w`"
                raise problem("duration-days", f"{quoted(text)} is not of whole days", hint, at=(key,))
        return self
