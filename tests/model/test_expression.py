"""The arithmetic of computed properties, against Python's."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.logic.types import NOTHING, Scalar, Struct, Type
from segctl.model.expression import BadExpression, Column, Number, Operation, parse
from segctl.sources.compute import compute, type_of

COLUMNS: dict[str, Type] = {
    "a": Scalar.INT, "b": Scalar.INT, "x": Scalar.FLOAT, "Unit Price": Scalar.FLOAT, "net-sum": Scalar.INT,
    "item": Struct({"price": Scalar.FLOAT}), "name": Scalar.STRING, "none": NOTHING,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a + b * x", "a + (b * x)"),
        ("a - b - x", "(a - b) - x"),
        ("a / b * x", "(a / b) * x"),
        ("-a * b", "(0 - a) * b"),
        ("+a", "a"),
        ('"Unit Price" * a', "`Unit Price`*a"),
        ("'Unit Price' * a", "`Unit Price`*a"),
        ("  a+b  ", "a + b"),
    ],
)
def test_the_same_expression(text: str, same: str) -> None:
    assert parse(text, COLUMNS) == parse(same, COLUMNS)


def test_the_name_of_a_column_is_that_column_whatever_it_holds() -> None:
    assert parse("net-sum", COLUMNS) == Column(("net-sum",))
    assert parse("Unit Price", COLUMNS) == Column(("Unit Price",))
    assert parse("item.price * 2", COLUMNS) == Operation("*", Column(("item", "price")), Number(2))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it ends where a column or a number should be"),
        ("a *", "it ends where a column or a number should be"),
        ("a b", "`b` is not expected there"),
        ("(a + b", "a `)` is missing"),
        ("a)", "`)` is not expected there"),
        ("a % b", "`%` is not expected there"),
        ('"a', '`"` is not expected there'),
        ("*a", "`*` is not expected there"),
        ("-" * 300 + "a", "it is nested too deeply"),
        ("a" + " + a" * 200, "it is too long: more than 400 names, numbers and signs"),
        ("c + 1", "there is no column `c`"),
        ("item.size", "there is no column `item.size`"),
        ("name * 2", "`name` is not a number"),
        ("item + 1", "`item` is not a number"),
        ("(a + name) * 2", "`name` is not a number"),
    ],
)
def test_what_is_no_expression(text: str, why: str) -> None:
    with pytest.raises(BadExpression) as raised:
        type_of(parse(text, COLUMNS), COLUMNS)
    assert str(raised.value) == why


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a", Scalar.INT), ("name", Scalar.STRING), ("a * b", Scalar.INT), ("a * x", Scalar.FLOAT),
        ("a / b", Scalar.FLOAT),
        ("a * 2", Scalar.INT), ("a * 2.0", Scalar.FLOAT), ("a + none", NOTHING), ("item.price", Scalar.FLOAT),
    ],
)  # fmt: skip
def test_types(text: str, kind: Type) -> None:
    assert type_of(parse(text, COLUMNS), COLUMNS) == kind


INTS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)
DOUBLES = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, 0.1, -2.5])
TEXTS = st.recursive(
    st.sampled_from(["a", "b", "x", "2", "0.5", "0"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=5,
)
Rows = list[dict[str, Any]]


@given(TEXTS, st.lists(st.fixed_dictionaries({"a": INTS, "b": INTS, "x": DOUBLES}), min_size=1, max_size=5))
def test_values_are_pythons(text: str, rows: Rows) -> None:
    kinds = {"a": pa.int64(), "b": pa.int64(), "x": pa.float64()}
    columns = {name: pa.array([row[name] for row in rows], kind) for name, kind in kinds.items()}
    expression = parse(text, COLUMNS)
    found = compute(expression, columns.__getitem__, len(rows))
    overflowed = set(found.overflowed.tolist())
    for number, (row, value) in enumerate(zip(rows, found.array.to_pylist(), strict=True)):
        try:
            expected = _python(expression, row)
        except OverflowError:
            assert number in overflowed
            continue
        assert number not in overflowed
        assert value == expected


def _python(expression: Any, row: Mapping[str, Any]) -> Any:
    """The value, None if missing; integers of 64 bits, floats as doubles."""
    match expression:
        case Number(value):
            return value
        case Column((name,)):
            return row[name]
        case Operation(sign, left, right):
            return _operate(sign, _python(left, row), _python(right, row))


_OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def _operate(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None or (sign == "/" and right == 0):
        return None
    if sign == "/" or isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    value = _OPERATORS[sign](left, right)
    if isinstance(value, float) and math.isinf(value):
        raise OverflowError
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise OverflowError
    return value
