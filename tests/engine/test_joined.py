from __future__ import annotations

from typing import Any

import numpy as np

from segctl.engine import joined
from segctl.index.column import Lists, Values
from segctl.logic.types import ListOf, Scalar, Type
from tests.engine.tables import Rows

TYPES: dict[str, Type] = {"amount": Scalar.FLOAT, "color": Scalar.STRING, "tags": ListOf(Scalar.STRING)}


def rows(*listed: tuple[int, int, dict[str, Any]]) -> Rows:
    return Rows(TYPES, listed, lambda _catalog, properties: int(properties["amount"] or 0))


EARLY = rows((0, 1, {"amount": 1.0, "color": "red", "tags": ["a"]}), (1, 5, {"amount": None, "color": None}))
LATE = rows(
    (2, 3, {"amount": 2.5, "color": "blue", "tags": []}), (0, 5, {"amount": 3.0, "color": "red", "tags": ["b"]})
)


def test_short_slices_become_one_that_is_sorted_by_time() -> None:
    (one,) = joined.packed([EARLY, LATE], TYPES)
    assert one.times.tolist() == [1, 3, 5, 5]
    assert one.users.tolist() == [0, 2, 1, 0]
    color, amount, tags = (one.property((name,)) for name in ("color", "amount", "tags"))
    assert isinstance(color, Values)
    assert color.dictionary is not None
    assert [None if code < 0 else color.dictionary[code].as_py() for code in color.values] == [
        "red", "blue", None, "red",
    ]  # fmt: skip
    assert isinstance(amount, Values)
    assert np.array_equal(amount.values, [1.0, 2.5, np.nan, 3.0], equal_nan=True)
    assert isinstance(tags, Lists)
    assert np.diff(tags.offsets).tolist() == [1, 0, 0, 1]
    assert one.millionths(("amount",))[0].tolist() == [1_000_000, 2_500_000, 0, 3_000_000]
    assert one.catalog_rows("any").tolist() == [1, 2, 0, 3]


def test_a_single_slice_stays_what_it_is() -> None:
    assert joined.packed([EARLY], TYPES) == [EARLY]


def test_long_slices_stay_apart_and_joined_ones_end() -> None:
    class Sized:
        def __init__(self, count: int) -> None:
            self.times = np.zeros(count, dtype=np.int64)

    short, long = joined.SHORT - 1, joined.SHORT
    found = joined.packed([Sized(n) for n in (short, long, *[short] * 20)], TYPES)  # type: ignore[misc]
    assert sum(len(one.times) for one in found) == 21 * short + long
    assert len(found) == 4
