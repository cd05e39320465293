"""Columns as files hold them to columns of the type that their table settled on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.logic.calendar import INFINITE_DAY
from segctl.logic.types import ListOf, Opaque, Scalar, Struct, Type
from segctl.sources.arrays import (
    TIME,
    Rows,
    all_null,
    array_of,
    is_list,
    is_text,
    numbers_of,
    plain,
    rows_where,
    valid_of,
)
from segctl.sources.problems import Trouble
from segctl.sources.times import days_of, instants, split_infinity

BEYOND_INTEGER = Trouble(
    "number-overflow", "{column} holds numbers beyond 64-bit integers in {rows}", "store it as text, or as a float"
)
INEXACT = Trouble(
    "number-overflow",
    "{column} holds whole numbers beyond 2^53 in {rows}, and fractions in other files",
    "store it as one type in all files",
)
BAD_TIME = Trouble(
    "bad-time", "{column} is not a time in {rows}", "times look like `2026-01-31 09:00:00`, `2026-01-31T09:00:00Z`"
)
CHANGED = Trouble("file-changed", "{column} has other values than before in {rows}", "run the command again")

_EXACT = 1 << 53
_EXACT_DIGITS = 15
_EXACT_SCALE = 22

ARROW: Mapping[Scalar, pa.DataType] = {
    Scalar.BOOL: pa.bool_(),
    Scalar.INT: pa.int64(),
    Scalar.FLOAT: pa.float64(),
    Scalar.STRING: pa.string(),
    Scalar.DATE: pa.date32(),
    Scalar.TIME: TIME,
}


@dataclass(frozen=True, eq=False)
class Converted:
    """The column, and per trouble the rows that do not fit; there the column has no value."""

    array: pa.Array
    faults: tuple[tuple[Trouble, Rows], ...] = ()


def arrow_type(kind: Type) -> pa.DataType:
    """The Arrow type that columns of a type are converted to; of an opaque one only the nulls matter."""
    match kind:
        case Scalar():
            return ARROW[kind]
        case ListOf(element):
            return pa.list_(arrow_type(element))
        case Struct(fields):
            return pa.struct([(name, arrow_type(field)) for name, field in fields.items()])
    return pa.bool_()


def convert(array: pa.Array, kind: Type, zone: str = "UTC") -> Converted:
    """The array as the type; `zone` for times that carry none. Text may come out dictionary-encoded."""
    if pa.types.is_null(array.type):
        return Converted(all_null(len(array), arrow_type(kind)))
    match kind:
        case Scalar.TIME:
            return _times(array, zone)
        case Scalar():
            return _SCALARS[kind](array)
        case ListOf(element):
            return _lists(plain(array), element, zone)
        case Struct():
            return _structs(plain(array), kind, zone)
        case Opaque():
            return Converted(_presence(array))


def _presence(array: pa.Array) -> pa.Array:
    valid = pc.is_valid(array)
    return pc.if_else(valid, valid, None)


def _faulty(array: pa.Array, trouble: Trouble, wrong: np.ndarray) -> Converted:
    return Converted(array, ((trouble, rows_where(wrong)),) if wrong.any() else ())


# --- scalars -----------------------------------------------------------------------------------


def _texts(array: pa.Array) -> Converted:
    kind = array.type
    if pa.types.is_dictionary(kind) and is_text(kind.value_type):
        values = plain(array.dictionary)
        return Converted(pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), values))
    if isinstance(kind, pa.UuidType):
        return Converted(uuid_texts(array))
    array = plain(array)
    return Converted(array if is_text(array.type) else array.cast(pa.string()))


def uuid_texts(array: pa.Array) -> pa.StringArray:
    """UUIDs as they are written: 8-4-4-4-12 lower-case hex digits."""
    digits = pa.array([None if v is None else v.hex() for v in array.storage.to_pylist()], pa.string())
    return pc.replace_substring_regex(digits, r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5")


def _booleans(array: pa.Array) -> Converted:
    array = plain(array)
    if is_text(array.type):
        return Converted(pc.equal(pc.ascii_lower(array), "true"))
    return Converted(array)


def _integers(array: pa.Array) -> Converted:
    array = plain(array)
    if pa.types.is_uint64(array.type):
        wrong = np.asarray(numbers_of(array) > np.uint64(np.iinfo(np.int64).max))
        if wrong.any():
            return _faulty(pc.if_else(pa.array(~wrong), array, None).cast(pa.int64()), BEYOND_INTEGER, wrong)
    return _cast(array, pa.int64())


def _floats(array: pa.Array) -> Converted:
    array = plain(array)
    if pa.types.is_decimal(array.type):
        return Converted(nearest(array))
    if pa.types.is_integer(array.type):
        numbers = numbers_of(array)
        doubles = numbers.astype(np.float64)
        wrong = np.abs(doubles) >= _EXACT
        wrong[wrong] = [int(d) != int(n) for d, n in zip(doubles[wrong], numbers[wrong], strict=True)]
        return _faulty(array_of(doubles, valid_of(array)), INEXACT, wrong)
    return _cast(array, pa.float64())


def nearest(array: pa.Array) -> pa.Array:
    """Decimals as the nearest doubles; Arrow's own cast is off by a last bit now and then."""
    kind = array.type
    if kind.bit_width == 128 and kind.precision <= _EXACT_DIGITS and 0 <= kind.scale <= _EXACT_SCALE:  # noqa: PLR2004
        halves = np.frombuffer(array.buffers()[1], dtype=np.int64)
        units = halves[2 * array.offset : 2 * (array.offset + len(array)) : 2]
        return array_of(units / 10.0**kind.scale, valid_of(array))
    return array.cast(pa.string()).cast(pa.float64())


def _dates(array: pa.Array) -> Converted:
    array = plain(array)
    if pa.types.is_date64(array.type):
        days = np.clip(days_of(array), -INFINITE_DAY, INFINITE_DAY)
        return Converted(array_of(days.astype(np.int32), valid_of(array), pa.date32()))
    converted = _cast(array, pa.date32())
    return _with_infinity(array) if converted.faults and is_text(array.type) else converted


def _with_infinity(texts: pa.StringArray) -> Converted:
    finite, forever = split_infinity(texts)
    converted = _cast(finite, pa.date32())
    if converted.faults:
        return converted
    days = numbers_of(converted.array.view(pa.int32())).astype(np.int32)
    return Converted(
        array_of(np.where(forever, forever * INFINITE_DAY, days).astype(np.int32), valid_of(texts), pa.date32())
    )


def _cast(array: pa.Array, kind: pa.DataType) -> Converted:
    """A cast that the shapes of the files promise to work."""
    try:
        return Converted(array.cast(kind))
    except pa.ArrowInvalid:
        return Converted(all_null(len(array), kind), ((CHANGED, np.arange(1)),))


def _times(array: pa.Array, zone: str) -> Converted:
    read = instants(array, zone)
    wrong = read.wrong if read.wrong is not None else np.zeros(0, dtype=np.bool_)
    valid = read.valid
    if wrong.any():
        valid = ~wrong if valid is None else valid & ~wrong
    return _faulty(array_of(read.us, valid, TIME), BAD_TIME, wrong)


_SCALARS: Mapping[Scalar, Callable[[pa.Array], Converted]] = {
    Scalar.BOOL: _booleans,
    Scalar.INT: _integers,
    Scalar.FLOAT: _floats,
    Scalar.STRING: _texts,
    Scalar.DATE: _dates,
}


# --- nested ------------------------------------------------------------------------------------


def _lists(array: pa.Array, element: Type, zone: str) -> Converted:
    even = array.cast(pa.list_(array.type.value_type)) if pa.types.is_fixed_size_list(array.type) else array
    lengths = numbers_of(pc.list_value_length(even)).astype(np.int64)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    # Arrow's JSON reader gives lists of nothing but nulls fewer elements than their lengths say
    nulls = pa.types.is_null(even.type.value_type)
    inner = convert(pa.nulls(int(ends[-1])) if nulls else even.flatten(), element, zone)
    offsets = pa.array(ends.astype(np.int32))
    mask = pc.is_null(even) if even.null_count else None
    made = pa.ListArray.from_arrays(offsets, plain(inner.array), mask=mask)
    return Converted(made, _outer(inner.faults, ends))


def _outer(faults: tuple[tuple[Trouble, Rows], ...], ends: np.ndarray) -> tuple[tuple[Trouble, Rows], ...]:
    return tuple((trouble, np.unique(np.searchsorted(ends, rows, side="right") - 1)) for trouble, rows in faults)


def _structs(array: pa.Array, kind: Struct, zone: str) -> Converted:
    present = {field.name for field in array.type}
    parts: list[pa.Array] = []
    faults: list[tuple[Trouble, Rows]] = []
    for name, field in kind.fields.items():
        if name not in present:
            parts.append(all_null(len(array), arrow_type(field)))
            continue
        inner = convert(pc.struct_field(array, [array.type.get_field_index(name)]), field, zone)
        parts.append(plain(inner.array))
        faults.extend(inner.faults)
    mask = pc.is_null(array) if array.null_count else None
    made = pa.StructArray.from_arrays(parts, fields=list(arrow_type(kind)), mask=mask)
    return Converted(made, tuple(faults))


__all__ = ["Converted", "arrow_type", "convert", "is_list", "nearest", "uuid_texts"]
