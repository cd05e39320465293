from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from segctl.index import columns, narrow
from segctl.index.column import Values
from segctl.index.files import write_array
from segctl.logic.types import Scalar

NAMES = 3
OFFSETS = [0, 2, 2, 5, 6, 8, 9]
"""Two shards of three names: 2, 0 and 3 rows, then 1, 2 and 1."""


def written(folder: Path, values: list[float]) -> Values:
    """A column of nine rows, written in the run's order out of the reverse one."""
    write_array(folder / "offsets.arrow", np.array(OFFSETS, dtype=np.int64))
    column = Values(Scalar.FLOAT, np.array(values[::-1]))
    narrow.write(folder, NAMES, "it", column, np.arange(9)[::-1].copy())
    held = columns.read(folder, "it", Scalar.FLOAT)
    assert isinstance(held, Values)
    return held


def test_only_the_names_that_have_a_value_are_held(tmp_path: Path) -> None:
    nan = np.nan
    held = written(tmp_path, [nan, nan, 1.0, nan, 3.0, nan, nan, nan, 4.0])
    assert columns.places(tmp_path, "it") == (2,)
    assert np.array_equal(held.values, [1.0, nan, 3.0, 4.0], equal_nan=True)
    assert narrow.starts(tmp_path, NAMES, "it").tolist() == [0, 0, 0, 3, 3, 3, 4]
    whole = narrow.whole(tmp_path, NAMES, "it", Scalar.FLOAT)
    assert isinstance(whole, Values)
    assert np.array_equal(whole.values, [nan, nan, 1.0, nan, 3.0, nan, nan, nan, 4.0], equal_nan=True)


@pytest.mark.parametrize("values", [[float(n) for n in range(9)], [0.0, *[np.nan] * 6, 7.0, 8.0]])
def test_a_column_of_which_every_name_has_a_value_is_held_whole(tmp_path: Path, values: list[float]) -> None:
    held = written(tmp_path, values)
    assert columns.places(tmp_path, "it") is None
    assert np.array_equal(held.values, values, equal_nan=True)
    assert narrow.starts(tmp_path, NAMES, "it").tolist() == OFFSETS


def test_a_column_without_any_value_holds_no_rows(tmp_path: Path) -> None:
    assert len(written(tmp_path, [np.nan] * 9).values) == 0
    assert narrow.starts(tmp_path, NAMES, "it").tolist() == [0] * 7
