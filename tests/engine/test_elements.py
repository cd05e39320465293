"""Conditions on one element of a list: by hand, the engine over tables and over files, and the interpreter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from segctl.logic.types import ListOf, Scalar, Struct, Type
from tests.engine.small import users_with, who

NAN = math.nan
ACCOUNT = Struct(
    {
        "type": Scalar.STRING,
        "balance": Scalar.FLOAT,
        "opened": Scalar.DATE,
        "bank": Struct({"country": Scalar.STRING}),
        "tags": ListOf(Scalar.STRING),
        "[]": Scalar.INT,
    }
)
TYPES: Mapping[str, Type] = {
    "accounts": ListOf(ACCOUNT), "sizes": ListOf(Scalar.INT), "weights": ListOf(Scalar.FLOAT),
    "notes": ListOf(Scalar.STRING), "grid": ListOf(ListOf(Scalar.INT)),
    "spots": ListOf(Struct({"lat": Scalar.FLOAT, "lon": Scalar.FLOAT})),
}  # fmt: skip
AS_OF_DAY = 20_619  # 2026-06-15

ROWS: list[dict[str, Any]] = [
    {"accounts": [{"type": "ira", "balance": 10.0, "opened": AS_OF_DAY, "bank": {"country": "FR"}, "tags": ["a"]},
                  {"type": "cash", "balance": 900.0, "bank": None, "tags": []}],
     "sizes": [1, 20], "weights": [NAN, 2.5], "notes": ["Red", None], "grid": [[1], [2, 3]],
     "spots": [{"lat": 48.85, "lon": 2.35}, {"lat": 91.0, "lon": 0.0}]},
    {"accounts": [{"type": "ira", "balance": 900.0, "bank": {"country": None}, "tags": None, "[]": 7}],
     "sizes": [5], "weights": [NAN], "notes": ["red wine"], "grid": [[]], "spots": [{"lat": 48.85, "lon": None}]},
    {"accounts": [], "sizes": [], "weights": [], "notes": [], "grid": [], "spots": []},
    {"accounts": None, "sizes": None, "weights": None, "notes": None, "grid": None, "spots": None},
    {"accounts": [None, {"type": None, "balance": NAN}], "sizes": [None], "weights": [None], "notes": [None, ""],
     "grid": [None, [1, None]], "spots": [None]},
    {},
]  # fmt: skip


def ira(test: Mapping[str, Any]) -> dict[str, Any]:
    return {"all": [{"attribute": "type", "is": "ira"}, {"attribute": "balance", **test}]}


CASES: list[tuple[str, Any, list[int]]] = [
    ("sizes", {"any_element": {"more_than": 10}}, [0]),
    ("sizes", {"any_element": {"is_not": 1}}, [0, 1, 4]),
    ("sizes", {"any_element": {"exists": False}}, [4]),
    ("sizes", {"any_element": {"exists": True}}, [0, 1]),
    ("sizes", {"any_element": {"all": [{"at_least": 1}, {"less_than": 6}]}}, [0, 1]),
    ("sizes", {"any_element": {"more_than": 10}, "or_missing": True}, [0, 3, 5]),
    ("sizes", {"any_element": {"more_than": 10, "or_missing": True}}, [0, 4]),
    ("weights", {"any_element": {"exists": False}}, [0, 1, 4]),
    ("weights", {"any_element": {"is": Decimal("2.5")}}, [0]),
    ("notes", {"any_element": {"matches": "^r", "ignore_case": True}}, [0, 1]),
    ("notes", {"any_element": {"blank": True}}, [0, 4]),
    ("notes", {"length": {"at_least": 2}}, [0, 4]),
    ("accounts", {"any_element": ira({"more_than": 500})}, [1]),
    ("accounts", {"any_element": ira({"less_than": 500})}, [0]),
    ("accounts", {"any_element": {"not": {"attribute": "type", "is": "ira"}}}, [0, 4]),
    ("accounts", {"any_element": {"attribute": "type", "is_not": "ira"}}, [0, 4]),
    ("accounts", {"any_element": {"attribute": "balance", "exists": False}}, [4]),
    ("accounts", {"any_element": {"attribute": "bank", "exists": True}}, [0, 1]),
    ("accounts", {"any_element": {"attribute": "bank.country", "is": "FR"}}, [0]),
    ("accounts", {"any_element": {"any": [{"attribute": "bank.country", "exists": True},
                                          {"attribute": "type", "exists": False}]}}, [0, 4]),
    ("accounts", {"any_element": {"attribute": "opened", "within_last": "1d"}}, [0]),
    ("accounts", {"any_element": {"attribute": "opened", "anniversary": {"on": "06-15"}}}, [0]),
    ("accounts", {"any_element": {"attribute": "tags", "includes_any": ["a"]}}, [0]),
    ("accounts", {"any_element": {"attribute": "tags", "blank": True}}, [0, 1, 4]),
    ("accounts", {"any_element": {"attribute": "tags", "length": {"exactly": 0}}}, [0]),
    ("accounts", {"any_element": {"attribute": ["[]"], "is": 7}}, [1]),
    ("accounts", {"any_element": {"exists": False}}, [4]),
    ("accounts", {"length": {"exactly": 2}}, [0, 4]),
    ("accounts", {"length": {"exactly": 0}}, [2]),
    ("accounts", {"blank": True}, [2, 3, 5]),
    ("accounts", {"exists": True}, [0, 1, 2, 4]),
    ("accounts", {"any_element": {"any": [{"attribute": "type", "exists": True},
                                          {"attribute": "type", "exists": False}]}}, [0, 1, 4]),
    ("grid", {"any_element": {"includes_any": [3]}}, [0]),
    ("grid", {"any_element": {"length": {"exactly": 0}}}, [1]),
    ("grid", {"length": {"exactly": 1}}, [1]),
    ("spots", {"any_element": {"near": {"lat": Decimal("48.85"), "lon": Decimal("2.35"), "radius": "1m"}}}, [0]),
    ("spots", {"any_element": {"not": {"inside": {"polygon": [[0, 0], [9, 0], [9, 90], [0, 90]]}}}}, [0, 1, 4]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "test", "expected"), CASES)
def test_some_element_meets_all_of_it(name: str, test: Any, expected: list[int]) -> None:
    case = users_with(TYPES, ROWS)
    condition = {"attribute": name, **test}
    opposite = [number for number in range(len(ROWS)) if number not in expected]
    assert who(case, condition, {"not": condition}) == [expected, opposite]
