"""Small steps between Arrow arrays and numpy, with null slots kept apart from values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

TIME = pa.timestamp("us", "UTC")


def valid_of(array: pa.Array) -> Mask | None:
    """Which rows have a value; None if all have."""
    if array.null_count == 0:
        return None
    return np.asarray(pc.is_valid(array).to_numpy(zero_copy_only=False))


def numbers_of(array: pa.Array) -> npt.NDArray[np.generic]:
    """The values of a numeric array, 0 in null slots."""
    filled = array.fill_null(0) if array.null_count else array
    return np.asarray(filled.to_numpy(zero_copy_only=False))


def array_of(values: npt.NDArray[np.generic], valid: Mask | None = None, kind: pa.DataType | None = None) -> pa.Array:
    """An Arrow array of numpy values; `kind` is another type of the same width."""
    made = pa.array(values, mask=None if valid is None else ~valid)
    return made if kind is None or made.type == kind else made.view(kind)


def both(one: Mask | None, other: Mask | None) -> Mask | None:
    """Rows that are valid in both."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def either(one: Mask | None, other: Mask | None) -> Mask | None:
    """Rows that are marked in one or the other; None marks nothing."""
    if one is None or other is None:
        return other if one is None else one
    return one | other


def rows_where(mask: Mask) -> Rows:
    """The numbers of the rows where it is true."""
    return np.flatnonzero(mask).astype(np.int64)


def plain(array: pa.Array) -> pa.Array:
    """The array without the encodings that change no value: dictionaries, runs, views, large offsets, extensions."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return plain(array.storage)
    if pa.types.is_dictionary(kind):
        return plain(array.dictionary_decode())
    if pa.types.is_run_end_encoded(kind):
        return plain(pc.run_end_decode(array))
    if is_text(kind):
        return array if kind == pa.string() else array.cast(pa.string())
    return array


def is_text(kind: pa.DataType) -> bool:
    """A string type of any layout."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_list(kind: pa.DataType) -> bool:
    """A list type of any layout."""
    types = pa.types
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return True
    return bool(types.is_list_view(kind) or types.is_large_list_view(kind))


def all_null(rows: int, kind: pa.DataType) -> pa.Array:
    """Rows without a value."""
    return pa.nulls(rows, kind)
