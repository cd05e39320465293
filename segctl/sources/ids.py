"""The id of a user, or the key of a catalogue, as text: an integer is its decimal digits (law 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.model.project import Cast
from segctl.sources.arrays import Mask, array_of, is_text, numbers_of, plain, valid_of
from segctl.sources.convert import uuid_texts
from segctl.sources.problems import Trouble

FLOAT_ID = Trouble(
    "float-id",
    "{column} holds ids as floats in {rows}",
    "say how to read it: `{{column: {column}, as: integer}}`",
    of_ids=True,
)
NOT_WHOLE = Trouble(
    "bad-cast", "{column} is not a whole number in {rows}", "remove `as: integer`, or fix the data", of_ids=True
)
NO_ID = Trouble("bad-id", "{column} is neither text nor an integer in {rows}", "ids are texts or integers", of_ids=True)

_WHOLE = r"^[+-]?\d+(\.0*)?$"
_POINT_ZEROS = r"^\+?(-?)0*(\d+?)(\.0*)?$"
_EXACT = 1 << 53


@dataclass(frozen=True, eq=False)
class Ids:
    """Texts or 64-bit integers, null where there is no id; `wrong` rows cannot be read."""

    array: pa.Array
    wrong: Mask | None = None
    trouble: Trouble = NO_ID


def ids_of(array: pa.Array, cast: Cast | None = None, *, floats: bool = False) -> Ids:
    """Ids as files hold them. Text stays text; an empty text is no id.

    `floats` says of a text column that all its values are numbers, and some are no integers.
    """
    if isinstance(array.type, pa.UuidType):
        return Ids(uuid_texts(array))
    array = plain(array)
    kind = array.type
    if is_text(kind):
        return _from_text(array, cast, floats=floats)
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return Ids(array.cast(pa.int64()))
    if pa.types.is_null(kind) or pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return Ids(array.cast(pa.string()))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _from_floats(array, cast)
    return Ids(pa.nulls(len(array), pa.string()), np.asarray(pc.is_valid(array)), NO_ID)


def id_texts(ids: pa.Array) -> pa.StringArray:
    """The ids of `Ids.array` as text."""
    return ids if ids.type == pa.string() else ids.cast(pa.string())


def _from_text(texts: pa.StringArray, cast: Cast | None, *, floats: bool) -> Ids:
    present = pc.if_else(pc.equal(texts, ""), None, texts)
    if cast != "integer":
        refused = np.asarray(pc.is_valid(present)) if floats and cast is None else None
        return Ids(present, refused, FLOAT_ID)
    whole = pc.match_substring_regex(present, _WHOLE).fill_null(True)
    digits = pc.replace_substring_regex(present, _POINT_ZEROS, r"\1\2")
    digits = pc.if_else(pc.equal(digits, "-0"), "0", digits)
    wrong = ~np.asarray(whole.to_numpy(zero_copy_only=False))
    return Ids(pc.if_else(whole, digits, None), wrong if wrong.any() else None, NOT_WHOLE)


def _from_floats(array: pa.Array, cast: Cast | None) -> Ids:
    doubles = array.cast(pa.float64())
    numbers = np.asarray(numbers_of(doubles), dtype=np.float64)
    valid = valid_of(doubles)
    present = ~np.isnan(numbers) if valid is None else valid & ~np.isnan(numbers)
    if cast != "integer":
        return Ids(pa.nulls(len(array), pa.string()), present if present.any() else None, FLOAT_ID)
    whole = (np.rint(numbers) == numbers) & (np.abs(numbers) <= _EXACT)
    wrong = present & ~whole
    integers = np.where(present & whole, numbers, 0.0).astype(np.int64)
    return Ids(array_of(integers, present & whole), wrong if wrong.any() else None, NOT_WHOLE)


__all__ = ["FLOAT_ID", "Ids", "id_texts", "ids_of"]
