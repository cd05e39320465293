"""Traits: how their values are spread over the users, and the table of all values as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Group, RenderableType
from rich.text import Text

from segctl.logic.bound import At, Date
from segctl.logic.calendar import DAY_US, clock_text, date_text, day_of, infinite, instant_text
from segctl.logic.times import SECOND_US
from segctl.plan.values import SHARES, distribution, plain_list
from segctl.report.explain_json import plain_value
from segctl.report.files import write_arrow, write_csv, write_parquet
from segctl.report.found import worded
from segctl.report.hanging import Flow
from segctl.report.plan_json import distribution as distribution_data
from segctl.report.spread import sparkline
from segctl.report.table import Column, Rows
from segctl.report.text import count, plural
from segctl.report.times import clock
from segctl.report.values_change import shown
from segctl.state.instants import to_text
from segctl.workflow.traits import Histogram, Spread, TraitValues, told

_MEDIAN = 50
_NUMBERS = (
    Column("trait"), Column("users", right=True), Column("share", right=True, spare=2),
    Column("least", right=True, spare=1),
    *(Column(f"{share} %", right=True, spare=0 if share == _MEDIAN else 4) for share in SHARES[1:-1]),
    Column("greatest", right=True, spare=1), Column("spread", spare=3),
)  # fmt: skip
_OTHERS = (
    Column("trait"), Column("users", right=True), Column("share", right=True, spare=2),
    Column("different", right=True, spare=1), Column("most frequent", wraps=True),
)  # fmt: skip

_FIRST_DAY, _BEYOND_DAY = day_of(1, 1, 1), day_of(10_000, 1, 1)


def page(values: TraitValues) -> RenderableType:
    """Numbers and times with their quantiles, all else with its most frequent values."""
    if not values.traits:
        return Text("there are no traits\n")
    numbers = [_number_row(spread, values) for spread in values.traits if spread.distribution.quantiles]
    others = [_other_row(spread, values) for spread in values.traits if not spread.distribution.quantiles]
    parts: list[RenderableType] = [Rows(_NUMBERS, numbers)] if numbers else []
    parts += [Text("")] if numbers and others else []
    parts += [Rows(_OTHERS, others)] if others else []
    return Group(*parts, Flow(Text(f"\n{_about(values)}", style="bold")))


def _about(values: TraitValues) -> str:
    instants = sorted({spread.as_of_us for spread in values.traits})
    since = f"serial {values.serial}" if values.serial else "evaluated now, not published"
    return f"{plural(len(values.ids), 'user')}, as of {clock(instants[-1], values.zone)} {values.zone}, {since}"


def _number_row(spread: Spread, values: TraitValues) -> list[str]:
    quantiles = shown(spread.distribution, values.zone)
    return [spread.name, *_users(spread, values), *quantiles, _line(spread.histogram)]


def _other_row(spread: Spread, values: TraitValues) -> list[str]:
    top = ", ".join(
        f"{_word(value, values.zone)} {_share(users, spread.distribution.users)}" for value, users in spread.frequent
    )
    return [spread.name, *_users(spread, values), count(spread.distribution.distinct), top or "-"]


def _word(value: object, zone: str) -> str:
    return worded(value, zone) if isinstance(value, At | Date) else str(value)


def _users(spread: Spread, values: TraitValues) -> tuple[str, str]:
    users = spread.distribution.users
    return count(users), _share(users, len(values.ids))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _line(histogram: Histogram | None) -> str:
    return "" if histogram is None else sparkline(histogram.counts)


def data(values: TraitValues) -> dict[str, object]:
    """The distributions for JSON."""
    return {
        "format_version": "1.0",
        "serial": values.serial,
        "users": len(values.ids),
        "traits": [
            {
                "name": spread.name,
                "meaning": spread.meaning,
                "as_of": to_text(spread.as_of_us),
                **distribution_data(distribution(values.columns[spread.name])),
                "frequent": [{"value": plain_value(value), "users": users} for value, users in spread.frequent],
            }
            for spread in values.traits
        ],
    }


def write(values: TraitValues, form: str, file: BinaryIO) -> None:
    """The table of values, a row per user sorted by id, in a format."""
    table = _table(values.ids, [(spread.name, values.columns[spread.name]) for spread in values.traits])
    if form == "parquet":
        write_parquet(table, file)
    elif form == "arrow":
        write_arrow(table, file)
    else:
        write_csv(_flat(table), file)


def _table(ids: pa.StringArray, columns: Sequence[tuple[str, pa.Array]]) -> pa.Table:
    order = pc.sort_indices(ids)
    names, arrays = ["user_id", *(name for name, _ in columns)], [ids, *(column for _, column in columns)]
    return pa.Table.from_arrays([array.take(order) for array in arrays], names=names)


def _flat(table: pa.Table) -> pa.Table:
    """CSV holds texts and numbers: lists are JSON on one line, all else is as Arrow writes it."""
    return pa.Table.from_arrays([_text(column) for column in table.columns], names=table.column_names)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_list(column.type):
        return pa.chunked_array([[_list_text(one, column.type.value_type) for one in _plain(column)]], "string")
    if pa.types.is_temporal(column.type):
        return pa.chunked_array([_times_text(chunk) for chunk in column.chunks], "string")
    return column if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) else column.cast("string")


def _plain(column: pa.ChunkedArray) -> list[Any]:
    return [value for chunk in column.chunks for value in plain_list(chunk)]


def _list_text(values: list[Any] | None, kind: pa.DataType) -> str | None:
    if values is None:
        return None
    return json.dumps([plain_value(told(one, kind)) for one in values], ensure_ascii=False)


def _times_text(values: pa.Array) -> pa.Array:
    """As Arrow writes them, which it does of no more than the years with four digits."""
    bounds = pc.min_max(values.cast(pa.int64() if pa.types.is_timestamp(values.type) else pa.int32()))
    least, greatest = bounds["min"].as_py(), bounds["max"].as_py()
    day = DAY_US if pa.types.is_timestamp(values.type) else 1
    if least is None or (_FIRST_DAY * day <= least and greatest < _BEYOND_DAY * day):
        return values.cast("string")
    write = _time_text if pa.types.is_timestamp(values.type) else date_text
    return pa.array([None if one is None else write(one) for one in plain_list(values)], pa.string())


def _time_text(us: int) -> str:
    whole, micro = divmod(us, SECOND_US)
    return instant_text(us) if infinite(us) else f"{clock_text(whole * SECOND_US, ' ')}.{micro:06d}Z"
