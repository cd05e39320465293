from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from segctl.model.project import Cast
from segctl.sources.ids import id_texts, ids_of


@pytest.mark.parametrize(
    ("array", "cast", "expected"),
    [
        (pa.array(["u1", None, "", "007"]), None, ["u1", None, None, "007"]),
        (pa.array(["u1", "u1"]).dictionary_encode(), None, ["u1", "u1"]),
        (pa.array([17850, None, -1]), None, ["17850", None, "-1"]),
        (pa.array([2**64 - 1], pa.uint64()), None, ["18446744073709551615"]),
        (pa.array([7], pa.int8()), None, ["7"]),
        (pa.array([Decimal(12345678901234567890)], pa.decimal128(38, 0)), None, ["12345678901234567890"]),
        (pa.array([None, None]), None, [None, None]),
        (pa.array([17850.0, None, float("nan")]), "integer", ["17850", None, None]),
        (pa.array([17850.5, 1e300]), "integer", ["wrong", "wrong"]),
        (pa.array([17850.0, None, float("nan")]), None, ["wrong", None, None]),
        (pa.array(["17850.0", "17851.", "5", "-0", "+7", "007", None, ""]), "integer",
         ["17850", "17851", "5", "0", "7", "7", None, None]),
        (pa.array(["17850.5", "C5", "1e3"]), "integer", ["wrong", "wrong", "wrong"]),
        (pa.array(["17850.0"]), "string", ["17850.0"]),
        (pa.array([True, None]), None, ["wrong", None]),
        (pa.array([["u1"], None]), None, ["wrong", None]),
    ],
)  # fmt: skip
def test_ids_as_text(array: pa.Array, cast: Cast | None, expected: list[Any]) -> None:
    found = ids_of(array, cast)
    texts: list[Any] = id_texts(found.array).to_pylist()
    wrong = found.wrong.tolist() if found.wrong is not None else [False] * len(array)
    assert ["wrong" if bad else text for text, bad in zip(texts, wrong, strict=True)] == expected


def test_texts_of_a_column_of_floats_need_a_cast() -> None:
    texts = pa.array(["17850.0", None, "5"])
    refused = ids_of(texts, None, floats=True)
    assert refused.wrong is not None
    assert refused.wrong.tolist() == [True, False, True]
    assert ids_of(texts, "integer", floats=True).array.to_pylist() == ["17850", None, "5"]
    assert ids_of(texts, "string", floats=True).wrong is None
