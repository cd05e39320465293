"""Arrow's many types to the few that conditions know."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.logic.types import NOTHING, ListOf, Opaque, Scalar, Struct, Type
from segctl.sources.arrow_shape import shape_of
from segctl.sources.convert import INEXACT, convert, nearest
from segctl.sources.shape import resolve

NOON = datetime(2026, 1, 31, 12)  # noqa: DTZ001 a time without a zone is what is meant
ID = uuid.UUID("01234567-89ab-cdef-0123-456789abcdef")
CASES: list[tuple[pa.Array, Type, list[Any]]] = [
    (pa.array([1, None], pa.int8()), Scalar.INT, [1, None]),
    (pa.array([2**32 - 1], pa.uint32()), Scalar.INT, [2**32 - 1]),
    (pa.array([2**63 - 1], pa.uint64()), Scalar.INT, [2**63 - 1]),
    (pa.array([1.5, None], pa.float32()), Scalar.FLOAT, [1.5, None]),
    (pa.array([0.1], pa.float32()), Scalar.FLOAT, [0.10000000149011612]),
    (pa.array([Decimal("0.1"), None], pa.decimal128(10, 1)), Scalar.FLOAT, [0.1, None]),
    (pa.array([Decimal("12345678901234567890.123")], pa.decimal256(60, 3)), Scalar.FLOAT, [12345678901234567890.123]),
    (pa.array(["a", None], pa.large_string()), Scalar.STRING, ["a", None]),
    (pa.array(["a", None], pa.string_view()), Scalar.STRING, ["a", None]),
    (pa.array(["a", None, "a"]).dictionary_encode(), Scalar.STRING, ["a", None, "a"]),
    (pa.array([1, 1, 2]).dictionary_encode(), Scalar.INT, [1, 1, 2]),
    (pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"]), Scalar.STRING, ["a", "a", "b"]),
    (pa.array([date(2026, 1, 31)], pa.date64()), Scalar.DATE, [date(2026, 1, 31)]),
    (pa.array([NOON], pa.timestamp("s")), Scalar.TIME, [NOON.replace(tzinfo=UTC)]),
    (pa.array([1_999, -1], pa.timestamp("ns")), Scalar.TIME,
     [datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]),
    (pa.array([[1, None], None, []], pa.large_list(pa.int8())), ListOf(Scalar.INT), [[1, None], None, []]),
    (pa.array([[1, 2], None], pa.list_(pa.int8(), 2)), ListOf(Scalar.INT), [[1, 2], None]),
    (pa.array([[1], None, [2, 3]], pa.list_view(pa.int8())), ListOf(Scalar.INT), [[1], None, [2, 3]]),
    (pa.array([[1], None, [2, 3]], pa.large_list_view(pa.int8())), ListOf(Scalar.INT), [[1], None, [2, 3]]),
    (
        pa.array([[{"x": 1}, None], None, [{"x": None}]], pa.large_list(pa.struct([("x", pa.int8())]))),
        ListOf(Struct({"x": Scalar.INT})),
        [[{"x": 1}, None], None, [{"x": None}]],
    ),
    (pa.array([["a"], None], pa.list_(pa.dictionary(pa.int8(), pa.string()))), ListOf(Scalar.STRING), [["a"], None]),
    (pa.ExtensionArray.from_storage(pa.uuid(), pa.array([ID.bytes, None], pa.binary(16))),
     Scalar.STRING, [str(ID), None]),
    (pa.array([None, None]), NOTHING, [None, None]),
    (pa.array([b"x", None]), Opaque("binary"), [True, None]),
    (pa.array([time(1), None]), Opaque("time64[us]"), [True, None]),
    (pa.array([timedelta(1)]), Opaque("duration[us]"), [True]),
    (pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())), Opaque("map<string, int64>"), [True, None]),
    (pa.array([[[1]], None]), ListOf(ListOf(Scalar.INT)), [[[1]], None]),
]  # fmt: skip


@pytest.mark.parametrize(("array", "kind", "values"), CASES, ids=lambda part: str(getattr(part, "type", "")) or None)
def test_an_arrow_type(array: pa.Array, kind: Type, values: list[Any]) -> None:
    assert resolve(shape_of(array.type)) == kind
    for start in (0, 1):  # a slice is no other thing
        made = convert(array.slice(start), kind)
        assert made.array.to_pylist() == values[start:]
        assert not made.faults


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10)))
def test_decimals_become_the_nearest_doubles(values: list[Decimal]) -> None:
    expected = [float(value) for value in values]
    for kind in (pa.decimal128(15, 4), pa.decimal128(30, 4), pa.decimal256(50, 4)):
        assert nearest(pa.array(values, kind)).to_pylist() == expected


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_integers_become_floats_exactly_or_not_at_all(values: list[int]) -> None:
    made = convert(pa.array(values, pa.int64()), Scalar.FLOAT)
    wrong = [row for row, value in enumerate(values) if int(float(value)) != value]
    assert [(trouble, rows.tolist()) for trouble, rows in made.faults] == ([(INEXACT, wrong)] if wrong else [])


def test_rows_of_lists_with_numbers_that_are_too_large() -> None:
    made = convert(pa.array([[1], [], None, [2, 2**64 - 1]], pa.list_(pa.uint64())), ListOf(Scalar.INT))
    assert [rows.tolist() for _, rows in made.faults] == [[3]]
