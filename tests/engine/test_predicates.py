from __future__ import annotations

from typing import Any

import pytest

from segctl.engine.predicates import passes
from segctl.index.column import Presence
from segctl.logic.bound import (
    At,
    Between,
    Date,
    During,
    Elements,
    Equals,
    IsBlank,
    IsPresent,
    Never,
    OnDays,
    Test,
    Text,
)
from segctl.logic.nodes import TextKind
from segctl.logic.types import ListOf, Scalar, Type
from tests.engine.tables import column

BIG = 2**53
NAN = float("nan")

CASES: list[tuple[Type, list[Any], Test, list[int]]] = [
    (Scalar.BOOL, [True, False, None], Equals((True,)), [0]),
    (Scalar.INT, [BIG, BIG + 1, None, 0], Equals((BIG + 1,)), [1]),
    (Scalar.INT, [BIG, BIG + 1, None, 0], Equals((float(BIG), 0.5)), [0]),
    (Scalar.INT, [1, 2, 3, 4, 5, 6, None], Equals((1, 2, 3, 4, 6)), [0, 1, 2, 3, 5]),
    (Scalar.INT, [0, 1, 2, None], Between(1, None), [1, 2]),
    (Scalar.INT, [0, 1, 2, None], Between(0, 2, low_open=True, high_open=True), [1]),
    (Scalar.INT, [BIG, BIG + 1, BIG + 2], Between(float(BIG), None, low_open=True), [1, 2]),
    (Scalar.INT, [0, 1], Between(float("-inf"), 0.5), [0]),
    (Scalar.INT, [0, 1], Between(float("inf"), None), []),
    (Scalar.FLOAT, [0.0, NAN, None, 1e300, float("inf")], Between(0.0, None), [0, 3, 4]),
    (Scalar.FLOAT, [0.1, 0.25, NAN, None], Equals((0.25,)), [1]),
    (Scalar.FLOAT, [0.1, 0.25, NAN, None], IsPresent(), [0, 1]),
    (Scalar.FLOAT, [0.1, NAN, None], IsBlank(), [1, 2]),
    (Scalar.TIME, [0, 5, 10, None], During(At(0), At(10)), [0, 1]),
    (Scalar.TIME, [0, 5, None], During(None, At(5)), [0]),
    (Scalar.DATE, [0, 5, None], OnDays(Date(5), None), [1]),
    (Scalar.STRING, ["a", "A", "", None, "b"], Equals(("a", "b")), [0, 4]),
    (Scalar.STRING, ["a", "A", "", None, "b"], Equals(("a",), ignore_case=True), [0, 1]),
    (Scalar.STRING, ["ΟΔΟΣ", "οδος", "οδοσ"], Equals(("οδοσ",), ignore_case=True), [0, 2]),
    (Scalar.STRING, ["a", "", None], IsPresent(), [0, 1]),
    (Scalar.STRING, ["a", "", None], IsBlank(), [1, 2]),
    (Scalar.STRING, ["xay", "ax", "ya", None], Text(TextKind.CONTAINS, ("a",)), [0, 1, 2]),
    (Scalar.STRING, ["xay", "ax", "ya", None], Text(TextKind.STARTS, ("a", "y")), [1, 2]),
    (Scalar.STRING, ["xay", "ax", "YA", None], Text(TextKind.ENDS, ("a",), ignore_case=True), [2]),
    (Scalar.STRING, list("abcdefgh"), Text(TextKind.CONTAINS, tuple("abcdef")), [0, 1, 2, 3, 4, 5]),
    (Scalar.STRING, [None, None], IsPresent(), []),
    (Scalar.INT, [1, None], Never(), []),
    (ListOf(Scalar.INT), [[1, 2], [], None, [3]], Elements(every=False, tests=(Equals((2,)), Equals((3,)))), [0, 3]),
    (ListOf(Scalar.INT), [[1, 2], [1], None], Elements(every=True, tests=(Equals((1,)), Equals((2,)))), [0]),
    (ListOf(Scalar.STRING), [["a", None], [None], []], Elements(every=False, tests=(Equals(("a",)),)), [0]),
    (ListOf(Scalar.INT), [[1], [], None], IsPresent(), [0, 1]),
    (ListOf(Scalar.INT), [[1], [], None], IsBlank(), [1, 2]),
]


@pytest.mark.parametrize(("kind", "values", "test", "expected"), CASES)
def test_a_test_passes_these_rows_of_a_column(kind: Type, values: list[Any], test: Test, expected: list[int]) -> None:
    assert passes(column(kind, values), test).nonzero()[0].tolist() == expected


def test_of_a_column_of_structs_only_the_presence_is_known() -> None:
    known = Presence(column(Scalar.BOOL, [True, False]).values)  # type: ignore[union-attr]
    assert passes(known, IsPresent()).tolist() == [True, False]
    assert passes(known, IsBlank()).tolist() == [False, True]
    assert passes(known, Equals((1,))).tolist() == [False, False]
