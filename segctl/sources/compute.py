"""Evaluates computed properties over whole columns: null in, null out; dividing by zero is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.logic.types import ELEMENTS, NOTHING, Scalar, Struct, Type
from segctl.model.expression import BadExpression, Column, Expression, Number, Operation
from segctl.sources.arrays import Mask, Rows, array_of, both, either, numbers_of, rows_where, valid_of

NUMERIC = (Scalar.INT, Scalar.FLOAT)
_LIMITS = np.iinfo(np.int64)


@dataclass(frozen=True, eq=False)
class Computed:
    """The values, and the rows in which a number grew out of its type; there it is missing."""

    array: pa.Array
    overflowed: Rows


def type_of(expression: Expression, columns: Mapping[str, Type]) -> Type:
    """The type of the result: a column's own, or the arithmetic's.

    Raises:
        BadExpression: arithmetic on something that is no number.
    """
    match expression:
        case Column(path):
            return field_type(columns, path)
        case Number(value):
            return Scalar.INT if isinstance(value, int) else Scalar.FLOAT
        case Operation(sign, left, right):
            sides = {_number_type(left, columns), _number_type(right, columns)}
            if NOTHING in sides:
                return NOTHING
            return Scalar.FLOAT if sign == "/" or Scalar.FLOAT in sides else Scalar.INT


def field_type(columns: Mapping[str, Type], path: tuple[str, ...]) -> Type:
    """The type at a path into structs.

    Raises:
        BadExpression: there is no such field.
    """
    fields: Mapping[str, Type] = columns
    for depth, name in enumerate(path):
        if name not in fields:
            raise BadExpression(f"there is no column `{'.'.join(path)}`")
        kind = fields[name]
        if depth == len(path) - 1:
            return kind
        fields = kind.fields if isinstance(kind, Struct) else {}
    raise BadExpression("an empty path")


def _number_type(expression: Expression, columns: Mapping[str, Type]) -> Type:
    kind = type_of(expression, columns)
    if kind not in (*NUMERIC, NOTHING):
        name = ".".join(expression.path) if isinstance(expression, Column) else "it"
        raise BadExpression(f"`{name}` is not a number")
    return kind


def compute(expression: Expression, columns: Callable[[str], pa.Array], rows: int) -> Computed:
    """The result over `rows` rows; `columns` gives typed columns by name."""
    if isinstance(expression, Column):
        return Computed(field_of(columns(expression.path[0]), expression.path[1:]), np.zeros(0, dtype=np.int64))
    with np.errstate(all="ignore"):
        result = _evaluate(expression, columns, rows)
    valid = result.valid
    if result.overflowed is None:
        return Computed(array_of(result.values, valid), np.zeros(0, dtype=np.int64))
    return Computed(array_of(result.values, both(valid, ~result.overflowed)), rows_where(result.overflowed))


def field_of(array: pa.Array, path: tuple[str, ...]) -> pa.Array:
    """A field of structs; a path through a null is null. Of lists, the lists of what their elements have there."""
    for depth, name in enumerate(path):
        if name == ELEMENTS and pa.types.is_list(array.type):
            return _in_lists(array, path[depth + 1 :])
        array = pc.struct_field(array, [array.type.get_field_index(name)])
    return array


def _in_lists(lists: pa.ListArray, path: tuple[str, ...]) -> pa.ListArray:
    lengths = numbers_of(pc.list_value_length(lists)).astype(np.int64)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    mask = pc.is_null(lists) if lists.null_count else None
    return pa.ListArray.from_arrays(offsets, field_of(lists.flatten(), path), mask=mask)


@dataclass(frozen=True, eq=False)
class _Result:
    values: npt.NDArray[np.generic]
    valid: Mask | None
    overflowed: Mask | None = None


def _evaluate(expression: Expression, columns: Callable[[str], pa.Array], rows: int) -> _Result:
    match expression:
        case Column(path):
            return _column(field_of(columns(path[0]), path[1:]))
        case Number(value):
            return _Result(np.full(rows, value, dtype=np.int64 if isinstance(value, int) else np.float64), None)
        case Operation(sign, left, right):
            return _operate(sign, _evaluate(left, columns, rows), _evaluate(right, columns, rows))


def _column(array: pa.Array) -> _Result:
    if pa.types.is_null(array.type) or pa.types.is_boolean(array.type):  # a column without any value
        return _Result(np.zeros(len(array), dtype=np.int64), np.zeros(len(array), dtype=np.bool_))
    return _Result(numbers_of(array), valid_of(array))


def _operate(sign: str, left: _Result, right: _Result) -> _Result:
    valid = both(left.valid, right.valid)
    before = either(left.overflowed, right.overflowed)
    if sign == "/":
        values, valid = _divide(left.values, right.values, valid)
        overflowed = _infinite(values, left.values, right.values)
    elif np.issubdtype(left.values.dtype, np.floating) or np.issubdtype(right.values.dtype, np.floating):
        values = _FLOATS[sign](left.values.astype(np.float64), right.values.astype(np.float64))
        overflowed = _infinite(values, left.values, right.values)
    else:
        values = _FLOATS[sign](left.values, right.values)
        overflowed = _beyond(sign, left.values, right.values)
    if valid is not None and overflowed is not None:
        overflowed = overflowed & valid
    grown = either(before, overflowed)
    return _Result(values, valid, grown if grown is not None and grown.any() else None)


_FLOATS: Mapping[str, Callable[..., npt.NDArray[np.generic]]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply,
}  # fmt: skip


def _divide(
    left: npt.NDArray[np.generic], right: npt.NDArray[np.generic], valid: Mask | None
) -> tuple[npt.NDArray[np.generic], Mask | None]:
    zero = right == 0
    if not zero.any():
        return left.astype(np.float64) / right.astype(np.float64), valid
    return left.astype(np.float64) / np.where(zero, 1, right).astype(np.float64), both(valid, ~zero)


def _infinite(
    values: npt.NDArray[np.generic], left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]
) -> Mask | None:
    """Rows in which finite numbers gave an infinite one."""
    grown = np.isinf(values)
    return np.asarray(grown & np.isfinite(left) & np.isfinite(right)) if grown.any() else None


def _beyond(sign: str, left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]) -> Mask | None:
    """Rows in which integers grew beyond 64 bits; doubles tell who is near, exact integers decide."""
    near = np.abs(_FLOATS[sign](left.astype(np.float64), right.astype(np.float64))) >= float(1 << 62)
    if not near.any():
        return None
    exact = _FLOATS[sign](left[near].astype(object), right[near].astype(object))
    near[near] = [not int(_LIMITS.min) <= int(value) <= int(_LIMITS.max) for value in exact]
    return np.asarray(near)
