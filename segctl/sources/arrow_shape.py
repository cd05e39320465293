"""The shape of a column from the Arrow type that a Parquet or IPC file gives it."""

from __future__ import annotations

import pyarrow as pa

from segctl.logic.types import NOTHING, Opaque, Scalar
from segctl.sources.arrays import is_list, is_text
from segctl.sources.shape import ListShape, Shape, StructShape


def shape_of(kind: pa.DataType) -> Shape:
    """What the type says; what no operator reads is opaque, by the type's name."""
    types = pa.types
    if isinstance(kind, pa.UuidType):
        return Scalar.STRING
    if isinstance(kind, pa.BaseExtensionType):
        return shape_of(kind.storage_type)
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return shape_of(kind.value_type)
    if is_list(kind):
        return ListShape(shape_of(kind.value_type))
    if types.is_struct(kind):
        return StructShape({field.name: shape_of(field.type) for field in kind})
    return _scalar(kind) or (NOTHING if types.is_null(kind) else Opaque(str(kind)))


def _scalar(kind: pa.DataType) -> Scalar | None:
    types = pa.types
    if types.is_boolean(kind):
        return Scalar.BOOL
    if types.is_integer(kind):
        return Scalar.INT
    if types.is_floating(kind) or types.is_decimal(kind):
        return Scalar.FLOAT
    if is_text(kind):
        return Scalar.STRING
    if types.is_date(kind):
        return Scalar.DATE
    return Scalar.TIME if types.is_timestamp(kind) else None
