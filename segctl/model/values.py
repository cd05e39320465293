"""The small vocabulary of all models: names, paths, literals, durations, and the base class."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from pydantic_core import PydanticCustomError

MICROSECONDS: Mapping[str, int] = {
    "s": 1_000_000,
    "min": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
    "w": 604_800_000_000,
}
_DURATION = re.compile(r"^(\d+)(s|min|h|d|w)$")
_LONGEST_DAYS = 200 * 366
_LONGEST = _LONGEST_DAYS * MICROSECONDS["d"]


class Model(BaseModel):
    """Frozen, strict, and closed: an unknown key is an error, a string is never a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def problem(code: str, summary: str, hint: str = "") -> PydanticCustomError:
    """An error of a model that says how to mend it; `load` puts file, line and column to it.

    Braces are escaped because pydantic formats the message.
    """
    text = summary.replace("{", "{{").replace("}", "}}")
    return PydanticCustomError(code, text, {"hint": hint})


def duration_us(text: str) -> int:
    """Microseconds of a duration such as `30d`.

    Raises:
        PydanticCustomError: not a duration, or one in months, whose length is ambiguous.
    """
    match = _DURATION.match(text)
    if match is None:
        if re.match(r"^\d+\s*(m|mo|mon|month|months|y|yr|year|years)$", text):
            raise problem(
                "ambiguous-duration",
                f"`{text}` is ambiguous: months and years differ in length",
                "say it in `min`, `h`, `d` or `w`, for example `30d`",
            )
        raise problem(
            "bad-duration",
            f"`{text}` is not a duration",
            "a whole number and one of s, min, h, d, w: `30d`, `12h`",
        )
    length = int(match[1]) * MICROSECONDS[match[2]]
    if length > _LONGEST:
        raise problem("bad-duration", f"`{text}` is longer than 200 years", "use a shorter duration")
    return length


def _check_duration(text: str) -> str:
    duration_us(text)
    return text


def _check_name(text: str) -> str:
    if not re.match(r"^[a-z][a-z0-9_]{0,99}$", text):
        raise problem(
            "bad-name",
            f"`{text}` is not a name",
            "lower-case letters, digits and `_`, a letter first, at most 100",
        )
    return text


def _check_path(path: str | list[str]) -> str | list[str]:
    parts = path.split(".") if isinstance(path, str) else path
    if not parts or not all(parts):
        raise problem("bad-path", "an empty part in a path", "`address.city`, or a list of the parts")
    return path


Name = Annotated[StrictStr, AfterValidator(_check_name)]
"""The name of a resource: lower-case letters, digits, underscore."""

Duration = Annotated[
    StrictStr,
    AfterValidator(_check_duration),
    Field(json_schema_extra={"pattern": r"^\d+(s|min|h|d|w)$", "examples": ["30d", "12h"]}),
]
"""A length of time as text, such as `30d`; `duration_us` gives it in microseconds."""

Number = StrictInt | Decimal
"""A number exactly as written: an integer, or a decimal fraction."""

Literal = StrictBool | StrictInt | Decimal | StrictStr
"""A value exactly as written; text is a string, a date or an instant, as its column wants."""

Path = Annotated[StrictStr | list[StrictStr], AfterValidator(_check_path)]
"""A dotted path, or a list of its parts where a name holds a dot."""

Share = Annotated[
    StrictStr,
    Field(pattern=r"^(100|\d{1,2})(\.\d+)?%$", examples=["20%"]),
]
"""A percentage as text, such as `20%`."""


def path_parts(path: str | Sequence[str]) -> tuple[str, ...]:
    """The parts of a path: `address.city` is ("address", "city")."""
    return tuple(path.split(".")) if isinstance(path, str) else tuple(path)


def plain(model: BaseModel) -> dict[str, Any]:
    """What was written, as plain data: aliases as keys, only the keys that were set."""
    return model.model_dump(by_alias=True, exclude_unset=True)


def one_of(model: BaseModel, fields: Sequence[str]) -> list[str]:
    """The YAML keys among `fields` (attribute names) that were written."""
    set_fields = model.model_fields_set
    info = type(model).model_fields
    return [info[f].alias or f for f in fields if f in set_fields]
