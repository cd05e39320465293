"""Typed Arrow columns to the flat arrays of `column.py`, and those arrays in another order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index.column import Bits, ColumnData, Ints, Lists, Presence, Values
from segctl.logic.types import ListOf, Scalar, Type
from segctl.sources.arrays import numbers_of, valid_of

NUMPY: dict[Scalar, Any] = {
    Scalar.BOOL: np.bool_, Scalar.INT: np.int64, Scalar.FLOAT: np.float64,
    Scalar.STRING: np.int32, Scalar.DATE: np.int32, Scalar.TIME: np.int64,
}  # fmt: skip

Chunks = Sequence[pa.Array]


def column_of(chunks: Chunks, kind: Type) -> ColumnData:
    """The rows of all chunks, one after the other; the chunks are of the Arrow type of `kind`."""
    if kind is Scalar.STRING:
        return _texts(chunks)
    if isinstance(kind, Scalar):
        return _scalars(chunks, kind)
    if isinstance(kind, ListOf):
        return _lists(chunks, kind)
    return Presence(_concatenate([_present(chunk) for chunk in chunks], np.bool_))


def missing(kind: Type, rows: int) -> ColumnData:
    """Rows without a value."""
    nothing = np.zeros(rows, dtype=np.bool_)
    if isinstance(kind, ListOf):
        return Lists(kind, np.zeros(rows + 1, dtype=np.int64), missing(kind.element, 0), nothing)
    if kind is Scalar.STRING:
        return Values(kind, np.full(rows, -1, dtype=np.int32), None, pa.array([], pa.string()))
    if kind is Scalar.FLOAT:
        return Values(kind, np.full(rows, np.nan))
    if isinstance(kind, Scalar):
        return Values(kind, np.zeros(rows, dtype=NUMPY[kind]), nothing)
    return Presence(nothing)


def _scalars(chunks: Chunks, kind: Scalar) -> Values:
    values = _concatenate([_numbers(chunk, kind) for chunk in chunks], NUMPY[kind])
    if kind is Scalar.FLOAT:
        return Values(kind, values)
    if all(chunk.null_count == 0 for chunk in chunks):
        return Values(kind, values)
    return Values(kind, values, _concatenate([_present(chunk) for chunk in chunks], np.bool_))


def _numbers(chunk: pa.Array, kind: Scalar) -> npt.NDArray[Any]:
    if kind is Scalar.FLOAT:
        filled = chunk.fill_null(np.nan) if chunk.null_count else chunk
        return np.asarray(filled.to_numpy(zero_copy_only=False)) + 0.0  # -0.0 is 0.0
    if kind is Scalar.BOOL:
        return np.asarray(pc.fill_null(chunk, False).to_numpy(zero_copy_only=False))
    if kind is Scalar.TIME:
        return numbers_of(chunk.view(pa.int64()))
    return numbers_of(chunk.view(pa.int32()) if kind is Scalar.DATE else chunk)


def _present(chunk: pa.Array) -> Bits:
    valid = valid_of(chunk)
    return np.ones(len(chunk), dtype=np.bool_) if valid is None else valid


def _texts(chunks: Chunks) -> Values:
    coded = [chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode() for chunk in chunks]
    if not coded:
        return Values(Scalar.STRING, np.zeros(0, dtype=np.int32), None, pa.array([], pa.string()))
    every = pa.concat_arrays([chunk.dictionary.cast(pa.string()) for chunk in coded])
    unified = every.dictionary_encode()
    places = np.asarray(unified.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int32)
    codes, start = [], 0
    for chunk in coded:
        size = len(chunk.dictionary)
        mapping = np.append(places[start : start + size], np.int32(-1))  # a null index is -1, the last
        start += size
        codes.append(mapping[chunk.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)])
    return Values(Scalar.STRING, _concatenate(codes, np.int32), None, unified.dictionary)


def _lists(chunks: Chunks, kind: ListOf) -> Lists:
    elements = column_of([chunk.flatten() for chunk in chunks], kind.element)
    lengths = [numbers_of(pc.list_value_length(chunk)).astype(np.int64) for chunk in chunks]
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(_concatenate(lengths, np.int64))])
    whole = all(chunk.null_count == 0 for chunk in chunks)
    valid = None if whole else _concatenate([_present(chunk) for chunk in chunks], np.bool_)
    return Lists(kind, offsets, elements, valid)


def _concatenate(parts: Sequence[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    if len(parts) == 1:
        return np.asarray(parts[0], dtype=kind)
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.zeros(0, dtype=kind)


# --- another order of rows -------------------------------------------------------------------


def take(data: ColumnData, rows: npt.NDArray[np.integer]) -> ColumnData:
    """The rows with these numbers."""
    if isinstance(data, Presence):
        return Presence(data.valid[rows])
    valid = None if data.valid is None else data.valid[rows]
    if isinstance(data, Values):
        return Values(data.type, data.values[rows], valid, data.dictionary)
    lengths = np.diff(data.offsets)[rows]
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    elements = take(data.elements, _ranges(data.offsets[:-1][rows], lengths, offsets))
    return Lists(data.type, offsets, elements, valid)


def _ranges(starts: Ints, lengths: Ints, offsets: Ints) -> Ints:
    """The numbers start, start + 1, ... of all ranges, one after the other."""
    total = int(offsets[-1])
    return np.repeat(starts - offsets[:-1], lengths) + np.arange(total, dtype=np.int64)


def take_or_missing(data: ColumnData, kind: Type, rows: npt.NDArray[np.integer]) -> ColumnData:
    """The rows with these numbers, a missing value for -1."""
    absent = rows < 0
    if not absent.any():
        return take(data, rows)
    return take(join([data, missing(kind, 1)], kind), np.where(absent, rows_of(data), rows))


def rows_of(data: ColumnData) -> int:
    """How many rows a column has."""
    if isinstance(data, Lists):
        return len(data.offsets) - 1
    return len(data.values) if isinstance(data, Values) else len(data.valid)


def join(parts: Sequence[ColumnData], kind: Type) -> ColumnData:
    """The rows of columns of one type, one after the other."""
    if isinstance(kind, ListOf):
        lists = [part for part in parts if isinstance(part, Lists)]
        elements = join([_own_elements(part) for part in lists], kind.element)
        lengths = np.concatenate([np.diff(part.offsets) for part in lists])
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        return Lists(kind, offsets, elements, _join_valid(lists))
    if isinstance(kind, Scalar):
        values = [part for part in parts if isinstance(part, Values)]
        if kind is Scalar.STRING:
            return _join_texts(values)
        return Values(kind, np.concatenate([part.values for part in values]), _join_valid(values))
    return Presence(np.concatenate([part.valid for part in parts if isinstance(part, Presence)]))


def _own_elements(part: Lists) -> ColumnData:
    return part.elements.slice(int(part.offsets[0]), int(part.offsets[-1]))


def _join_valid(parts: Sequence[Values] | Sequence[Lists]) -> Bits | None:
    if all(part.valid is None for part in parts):
        return None
    return np.concatenate(
        [np.ones(rows_of(part), dtype=np.bool_) if part.valid is None else part.valid for part in parts]
    )


def _join_texts(parts: Sequence[Values]) -> Values:
    dictionaries = [part.dictionary for part in parts if part.dictionary is not None]
    unified = pa.concat_arrays(dictionaries).dictionary_encode()
    places = np.append(np.asarray(unified.indices.to_numpy(zero_copy_only=False), dtype=np.int32), np.int32(-1))
    starts = np.concatenate([[0], np.cumsum([len(d) for d in dictionaries])])
    codes = [
        places[np.where(part.values.astype(np.int64) < 0, -1, part.values.astype(np.int64) + start)]
        for part, start in zip(parts, starts, strict=False)
    ]
    return Values(Scalar.STRING, np.concatenate(codes), None, unified.dictionary)
