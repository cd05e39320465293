"""Rows out of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from segctl.index.column import Bits, ColumnData, Lists, Presence, Values
from segctl.logic.types import Scalar, Struct, Type


def kind_at(fields: Mapping[str, Type], path: tuple[str, ...]) -> Type | None:
    """The type of the column that a path leads to; None where there is none."""
    found = fields.get(path[0])
    if len(path) == 1 or found is None:
        return found
    return kind_at(found.fields, path[1:]) if isinstance(found, Struct) else None


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


def own_texts(column: ColumnData) -> ColumnData:
    """The same column with a dictionary of its own texts alone, to be kept or sent without those of others."""
    match column:
        case Lists():
            elements = own_texts(column.elements)
            return replace(column, elements=elements) if isinstance(elements, Values) else column
        case Values(type=Scalar.STRING, dictionary=dictionary) if dictionary is not None:
            used, codes = np.unique(column.values[column.values >= 0], return_inverse=True)
            own = np.full(len(column.values), -1, dtype=np.int32)
            own[column.values >= 0] = codes
            return Values(column.type, own, None, dictionary.take(pa.array(used)))
    return column


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
