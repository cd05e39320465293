"""Columns in their physical form as Arrow arrays, for files and for people."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segctl.index.column import ColumnData, Lists, Presence, Values
from segctl.logic.types import Scalar

_TYPES = {
    Scalar.BOOL: pa.bool_(), Scalar.INT: pa.int64(), Scalar.FLOAT: pa.float64(),
    Scalar.DATE: pa.date32(), Scalar.TIME: pa.timestamp("us", tz="UTC"),
}  # fmt: skip


def to_arrow(column: ColumnData) -> pa.Array:
    """The column with nulls where a value is missing; times are UTC microseconds.

    Of a column of which only its presence is known all is null.
    """
    match column:
        case Values():
            return _scalars(column)
        case Lists(offsets=offsets, elements=elements, valid=valid):
            first, last = int(offsets[0]), int(offsets[-1])
            mask = None if valid is None else pa.array(~valid)
            starts = pa.array((offsets - first).astype(np.int32))
            return pa.ListArray.from_arrays(starts, to_arrow(elements.slice(first, last)), mask=mask)
        case Presence(valid=valid):
            return pa.nulls(len(valid))


def _scalars(column: Values) -> pa.Array:
    if column.type is Scalar.STRING:
        codes = pa.array(column.values, mask=column.values < 0)
        return pa.array([], pa.string()) if column.dictionary is None else column.dictionary.take(codes).cast("string")
    if column.type is Scalar.FLOAT:
        return pa.array(column.values, mask=np.isnan(column.values))
    mask = None if column.valid is None else ~column.valid
    return pa.array(column.values, mask=mask).cast(_TYPES[column.type])
