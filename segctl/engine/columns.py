"""Rows out of columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from segctl.index.column import Bits, ColumnData, Ints, Lists, Presence, Values
from segctl.logic.exact import millionths
from segctl.logic.types import Scalar, Struct, Type


def known(fields: Mapping[str, Type], path: tuple[str, ...]) -> bool:
    """Whether a path leads to a column."""
    found = fields.get(path[0])
    if len(path) == 1 or found is None:
        return found is not None
    return isinstance(found, Struct) and known(found.fields, path[1:])


def cut(column: ColumnData, start: int, stop: int) -> ColumnData:
    """The rows from start to stop, without copying."""
    match column:
        case Values():
            return column.slice(start, stop)
        case Lists():
            return Lists(
                column.type, column.offsets[start : stop + 1], column.elements, _cut(column.valid, start, stop)
            )
        case Presence():
            return Presence(column.valid[start:stop])


def _cut(valid: Bits | None, start: int, stop: int) -> Bits | None:
    return None if valid is None else valid[start:stop]


def picked(column: Values, rows: npt.NDArray[np.integer]) -> Values:
    """The values of rows by their numbers; the value of row -1 is missing."""
    if not len(column.values):
        return _nothing(column, len(rows))
    there = rows >= 0
    values = column.values.take(rows, mode="wrap")
    if column.type is Scalar.FLOAT:
        values = np.where(there, values, np.nan)
    elif column.type is Scalar.STRING:
        values = np.where(there, values, -1)
    else:
        there = there if column.valid is None else there & column.valid.take(rows, mode="wrap")
        return Values(column.type, values, there)
    return Values(column.type, values, None, column.dictionary)


def _nothing(column: Values, rows: int) -> Values:
    """So many missing values of a column's type."""
    if column.type is Scalar.FLOAT:
        return Values(column.type, np.full(rows, np.nan))
    if column.type is Scalar.STRING:
        return Values(column.type, np.full(rows, -1, dtype=np.int32), None, column.dictionary)
    return Values(column.type, np.zeros(rows, dtype=column.values.dtype), np.zeros(rows, dtype=np.bool_))


def present_values(column: Values) -> tuple[Bits | None, Values]:
    """Which rows have a value (None is all of them), and these values."""
    there = valid_of(column)
    if there is None:
        return None, column
    return there, Values(column.type, column.values[there], None, column.dictionary)


def valid_of(column: Values) -> Bits | None:
    """Which rows have a value; None is all of them."""
    there = column.valid
    if column.type is Scalar.FLOAT:
        there = ~np.isnan(column.values)
    elif column.type is Scalar.STRING:
        there = column.values >= 0
    return there


def whole_millionths(column: ColumnData) -> Ints:
    """A column of numbers in whole millionths, 0 where missing (law 7)."""
    if not isinstance(column, Values):
        raise TypeError("only numbers are summed")
    rows, found = present_values(column)
    numbers = np.zeros(len(column.values), dtype=np.int64)
    numbers[slice(None) if rows is None else rows] = [millionths(value) for value in found.values.tolist()]
    return numbers
