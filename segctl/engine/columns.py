"""Rows out of columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from segctl.index.column import Bits, ColumnData, Lists, Presence, Values
from segctl.logic.types import Scalar


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


def own_texts(column: Values) -> Values:
    """The same column with a dictionary of its own texts alone, to be kept or sent without those of others."""
    if column.dictionary is None:
        return column
    there = column.values >= 0
    used, codes = np.unique(column.values[there], return_inverse=True)
    own = np.full(len(there), -1, dtype=np.int32)
    own[there] = codes
    return Values(column.type, own, None, column.dictionary.take(pa.array(used)))


def on_its_own(column: ColumnData) -> ColumnData:
    """The same column without the texts of others."""
    match column:
        case Lists():
            return replace(column, elements=on_its_own(column.elements))
        case Values():
            return own_texts(column)
        case Presence():
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
