"""The small vocabulary of all models: names, paths, literals, durations, and the base class."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
)
from pydantic_core import PydanticCustomError

from segctl.model.wording import found, quoted

MICROSECONDS: Mapping[str, int] = {
    "s": 1_000_000,
    "min": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
    "w": 604_800_000_000,
}
DURATION = r"[0-9]{1,12}(s|min|h|d|w)"
NAME = r"[a-z][a-z0-9_]{0,99}"
SHARE = r"(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)%"
KEY = "[key]"
"""The last part of a location that means the key itself, not its value."""

_Written = TypeVar("_Written")
_MONTHS = re.compile(r"[0-9]+\s*(mo|mon|month|months|y|yr|year|years)")
_LONG_UNITS = re.compile(r"([0-9]+)\s*((s)ec|(min)s?$|(min)ute|(h)r|(h)our|(d)ay|(w)k|(w)eek)[a-z]*")
_LONGEST_DAYS = 200 * 366
_LONGEST = _LONGEST_DAYS * MICROSECONDS["d"]


class Model(BaseModel):
    """Frozen, strict, and closed: an unknown key is an error, a string is never a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def problem(code: str, summary: str, hint: str = "", at: Sequence[str | int] = ()) -> PydanticCustomError:
    """An error of a model that says how to fix it; `load` puts file, line and column to it.

    `at` leads from the value that is being checked to the culprit inside it; a last part
    `KEY` means the culprit's key. The texts travel in the context: pydantic formats messages.
    """
    context = {"summary": summary, "hint": hint, "at": tuple(at)}
    return PydanticCustomError(code, "{summary}", context)


def wrong_type(expected: str, value: object, hint: str = "", at: Sequence[str | int] = ()) -> PydanticCustomError:
    """The error of a value that is of another type than expected."""
    return problem("wrong-type", f"expected {expected}, found {found(value)}", hint, at)


def shape(value: Any) -> str | None:
    """The tag of a value's form: text, items, or mapping."""
    if isinstance(value, str):
        return "<text>"
    if isinstance(value, list):
        return "<items>"
    return "<mapping>" if isinstance(value, Mapping | BaseModel) else None


def by_shape(expected: str) -> Discriminator:
    """Tell the branches of a union apart by their form; `expected` names them in the error."""
    return Discriminator(shape, custom_error_type="wrong-type", custom_error_message=expected)


# --- durations ------------------------------------------------------------------------------


def duration_us(text: str) -> int:
    """Microseconds of a duration such as `30d`.

    Raises:
        PydanticCustomError: not a duration, or one in months, whose length is ambiguous.
    """
    match = re.fullmatch(DURATION, text)
    if match is None:
        raise _no_duration(text)
    length = int(text.removesuffix(match[1])) * MICROSECONDS[match[1]]
    if length > _LONGEST:
        raise problem("bad-duration", f"{quoted(text)} is longer than 200 years", "use a shorter duration")
    return length


def _no_duration(text: str) -> PydanticCustomError:
    if _MONTHS.fullmatch(text):
        return problem(
            "ambiguous-duration",
            f"{quoted(text)} is ambiguous: months and years differ in length",
            "say it in `min`, `h`, `d` or `w`, for example `30d`",
        )
    if re.fullmatch(r"[0-9]+\s*m", text):
        hint = f"write `{text.removesuffix('m').strip()}min`, or months in `d` or `w`"
        return problem("ambiguous-duration", f"{quoted(text)} is ambiguous: minutes or months", hint)
    hint = "write a whole number and one of `s`, `min`, `h`, `d`, `w`: `30d`, `12h`"
    spelt_out = _LONG_UNITS.fullmatch(text)
    if spelt_out:
        hint = f"write `{spelt_out[1]}{next(unit for unit in spelt_out.groups()[2:] if unit)}`"
    return problem("bad-duration", f"{quoted(text)} is not a duration", hint)


def _check_duration(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise problem("bad-duration", f"`{value}` has no unit", f"write `{value}d` for days, or `s`, `min`, `h`, `w`")
    if isinstance(value, str):
        duration_us(value)
        return value
    hint = "write one duration; from one time to another is `between: [30d, 7d]`" if isinstance(value, list) else ""
    raise wrong_type("a duration such as `30d`", value, hint)


def _check_some_time(text: str) -> str:
    if duration_us(text) == 0:
        raise problem("empty-window", f"`{text}` is an empty range", "write a duration longer than zero")
    return text


# --- other scalars ----------------------------------------------------------------------------


def _check_name(text: str) -> str:
    if not re.fullmatch(NAME, text):
        raise problem(
            "bad-name",
            f"{quoted(text)} is not a name",
            "a name is of lower-case letters, digits and `_`, starts with a letter, and has at most 100 characters",
        )
    return text


def check_path(path: _Written) -> _Written:
    """Refuse a path with an empty part; what is no path is let be."""
    if not isinstance(path, str | list):
        return path
    parts = path.split(".") if isinstance(path, str) else path
    if not parts or not all(parts):
        raise problem("bad-path", "a path with an empty part", "write `address.city`, or the list of its parts")
    return path


def _check_share(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(SHARE, value):
        return value
    hint = "write a percentage from 0% to 100%, such as `20%`"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise problem("bad-share", f"`{value}` has no percent sign", hint)
    if isinstance(value, str):
        raise problem("bad-share", f"{quoted(value)} is not a percentage", hint)
    raise wrong_type("a percentage such as `20%`", value)


def _check_users_or_share(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 1:
            raise problem("out-of-range", f"`{value}` selects no users", "write at least `1`, or a share such as `5%`")
        return value
    if not isinstance(value, str):
        raise wrong_type("a number of users or a percentage such as `5%`", value)
    share = _check_share(value)
    if share_of(share) == 0:
        raise problem("out-of-range", f"{quoted(value)} selects no users", "write more than `0%`")
    return share


def _check_number(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise wrong_type("a number", value, _unquoted(value))


def _unquoted(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", value):
        return "write it without quotes"
    return ""


def _check_literal(value: Any) -> Any:
    if isinstance(value, bool | int | Decimal | str):
        return value
    hint = "several values belong in `in`, `not_in` or `includes_any`" if isinstance(value, list) else ""
    raise wrong_type("one value: a text, a number, `true` or `false`", value, hint)


def _check_id(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise wrong_type("a user's id", value)
    if value == "":
        raise problem("empty-text", "an empty id", "write the user's id")
    return str(value)


Text = Annotated[StrictStr, Field(min_length=1)]
"""A text that is not empty."""

Name = Annotated[StrictStr, AfterValidator(_check_name), Field(json_schema_extra={"pattern": f"^{NAME}$"})]
"""The name of a resource: lower-case letters, digits, underscore."""

Duration = Annotated[
    StrictStr,
    BeforeValidator(_check_duration),
    Field(json_schema_extra={"pattern": f"^{DURATION}$", "examples": ["30d", "12h"]}),
]
"""A length of time as text, such as `30d`; `duration_us` gives it in microseconds."""

SomeTime = Annotated[Duration, AfterValidator(_check_some_time)]
"""A duration longer than zero."""

Number = Annotated[StrictInt | Decimal, BeforeValidator(_check_number)]
"""A number exactly as written: an integer, or a decimal fraction."""

Literal = Annotated[StrictBool | StrictInt | Decimal | StrictStr, BeforeValidator(_check_literal)]
"""A value exactly as written; text is a string, a date or an instant, as its column wants."""

Path = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[list[Text], Field(min_length=1), Tag("<items>")],
    by_shape("a path such as `address.city`, or the list of its parts"),
    AfterValidator(check_path),
]
"""A dotted path, or a list of its parts where a name holds a dot."""

Share = Annotated[
    StrictStr,
    BeforeValidator(_check_share),
    Field(json_schema_extra={"pattern": f"^{SHARE}$", "examples": ["20%"]}),
]
"""A percentage as text, such as `20%`."""

UsersOrShare = Annotated[
    StrictInt | Share,
    BeforeValidator(_check_users_or_share),
    Field(json_schema_extra={"type": ["integer", "string"], "minimum": 1, "pattern": f"^{SHARE}$"}),
]
"""A number of users, or a percentage of them."""

UserId = Annotated[StrictStr, BeforeValidator(_check_id), Field(json_schema_extra={"type": ["string", "integer"]})]
"""A user's id: an integer id is its decimal digits."""


def path_parts(path: str | Sequence[str]) -> tuple[str, ...]:
    """The parts of a path: `address.city` is ("address", "city")."""
    return tuple(path.split(".")) if isinstance(path, str) else tuple(path)


def share_of(text: str) -> Decimal:
    """A `Share` as a number from 0 to 1."""
    return Decimal(text.removesuffix("%")) / 100


def plain(model: BaseModel) -> dict[str, Any]:
    """What was written, as plain data: aliases as keys, only the keys that were set."""
    return model.model_dump(by_alias=True, exclude_unset=True)


def one_of(model: BaseModel, fields: Sequence[str]) -> list[str]:
    """The YAML keys among `fields` (attribute names) that were written."""
    set_fields = model.model_fields_set
    info = type(model).model_fields
    return [info[f].alias or f for f in fields if f in set_fields]
