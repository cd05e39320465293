"""Dates, instants and windows as written: each is checked where it stands, and no window is empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr
from pydantic_core import PydanticCustomError

from segctl.model.values import MICROSECONDS, Number, duration_us, problem, wrong_type
from segctl.model.wording import quoted
from segctl.model.written import parse_written

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY_US = MICROSECONDS["d"]
_ZONES_APART = 26 * MICROSECONDS["h"]
"""Local times of one instant differ by less than this, wherever one is."""

_LONGER_FIRST = "write the longer time ago first: `[30d, 7d]` is from 30 to 7 days ago"


def _check_written(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong_type("a date or an instant", value, "write it like `2026-01-31` or `2026-01-31 09:00`")
    parse_written(value)
    return value


def _check_day(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong_type("a date", value, "write it like `2026-01-31`")
    if isinstance(parse_written(value), datetime):
        raise problem("bad-date", f"{quoted(value)} is an instant, not a date", f"write the day alone: `{value[:10]}`")
    return value


def _is_duration(text: str) -> bool:
    return re.match(r"[0-9]+\s*[a-z]", text) is not None


def _check_edge(text: Any) -> Any:
    if not isinstance(text, str):
        hint = f"write `{text}d` for days ago" if isinstance(text, int) and not isinstance(text, bool) else ""
        raise wrong_type("a date, an instant or a duration", text, hint)
    if _is_duration(text):
        duration_us(text)
        return text
    try:
        parse_written(text)
    except PydanticCustomError as error:
        if re.match(r"[0-9]{4}-", text):
            raise
        raise problem(
            "bad-date",
            f"{quoted(text)} is not a date, an instant or a duration",
            "write `2026-01-31`, or `30d` for 30 days ago",
        ) from error
    return text


def _check_since(text: Any) -> Any:
    _check_edge(text)
    if _is_duration(text) and duration_us(text) == 0:
        raise problem("empty-window", f"since `{text}` ago is an empty range", "write a duration longer than zero")
    return text


def _check_ordered(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise wrong_type("a number, a date or an instant", value)
    if isinstance(value, str):
        try:
            parse_written(value)
        except PydanticCustomError as error:
            if re.match(r"[0-9]{4}-", value):
                raise
            hint = "write it without quotes" if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", value) else ""
            raise wrong_type("a number, a date or an instant", value, hint) from error
    return value


def _covers(text: str) -> tuple[int, int, bool]:
    """From where to where a date reaches (to: not included), an instant twice, and whether it is local.

    Microseconds since 1970: the day after the last one that can be written has no `date`.
    """
    value = parse_written(text)
    if not isinstance(value, datetime):
        start = (datetime.combine(value, time(), UTC) - _EPOCH) // _MICROSECOND
        return start, start + _DAY_US, True
    local = value.tzinfo is None
    instant = ((value.replace(tzinfo=UTC) if local else value) - _EPOCH) // _MICROSECOND
    return instant, instant, local


def _reversed(low: str, high: str, *, both_included: bool) -> bool:
    """Whether nothing lies from `low` to `high`, whatever the project's zone."""
    first, _, local_low = _covers(low)
    day, last, local_high = _covers(high)
    if both_included and day == last:
        last += 1
    slack = 0 if local_low == local_high else _ZONES_APART
    return first >= last + slack


def check_window(start: str, end: str, at: Sequence[str | int] = ()) -> None:
    """Refuse a window [start, end) in which no instant lies; what depends on as_of may be one.

    Raises:
        PydanticCustomError: the window ends before it starts.
    """
    ago = (_is_duration(start), _is_duration(end))
    if all(ago):
        if duration_us(start) <= duration_us(end):
            raise problem("empty-window", f"from `{start}` ago to `{end}` ago is an empty range", _LONGER_FIRST, at)
    elif not any(ago) and _reversed(start, end, both_included=False):
        raise problem("empty-window", f"from `{start}` to `{end}` is an empty range", "write the earlier one first", at)


def _check_window_pair(pair: list[str]) -> list[str]:
    check_window(*pair)
    return pair


def _check_values_in_order(pair: list[Any]) -> list[Any]:
    low, high = pair
    texts = [isinstance(value, str) for value in pair]
    if any(texts) and not all(texts):
        raise problem("wrong-type", "a number and a text in one range", "write two numbers, or two dates or instants")
    if _reversed(low, high, both_included=True) if all(texts) else low > high:
        raise problem("empty-range", f"no value lies from `{low}` to `{high}`", "write the smaller one first")
    return pair


Written = Annotated[StrictStr, BeforeValidator(_check_written), Field(json_schema_extra={"examples": ["2026-01-31"]})]
"""A date or an instant."""

WrittenList = Annotated[list[Written], Field(min_length=1)]
"""Dates or instants."""

Day = Annotated[StrictStr, BeforeValidator(_check_day), Field(json_schema_extra={"examples": ["2026-01-31"]})]
"""A date."""

Edge = Annotated[StrictStr, BeforeValidator(_check_edge)]
"""The end of a window: a date, an instant, or a duration ago."""

Since = Annotated[StrictStr, BeforeValidator(_check_since)]
"""The start of a window that goes up to now."""

Ordered = Annotated[StrictInt | Decimal | StrictStr, BeforeValidator(_check_ordered)]
"""What can be more or less: a number, a date or an instant."""

WindowPair = Annotated[list[Edge], Field(min_length=2, max_length=2), AfterValidator(_check_window_pair)]
"""A window from one edge to the other."""

WrittenPair = Annotated[list[Written], Field(min_length=2, max_length=2), AfterValidator(_check_values_in_order)]
"""From one date or instant to another."""

OrderedPair = Annotated[list[Ordered], Field(min_length=2, max_length=2), AfterValidator(_check_values_in_order)]
"""A range of values, both included."""

NumberPair = Annotated[list[Number], Field(min_length=2, max_length=2), AfterValidator(_check_values_in_order)]
"""A range of numbers, both included."""
