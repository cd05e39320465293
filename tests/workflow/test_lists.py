from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segctl.diagnostics import InvalidInput
from segctl.index.population import Population
from segctl.workflow.lists import read_list
from tests.language import document

PEOPLE = Population.of(pa.array(["ann", "bob", "7", "007"]))


def members(root: Path, path: str, column: str = "id") -> tuple[set[str], int]:
    """Who of the people is in the list, and how many of its ids are of nobody."""
    listed = read_list(document({"kind": "list", "name": "it", "path": path, "id": column}), root, PEOPLE)
    return {
        one for one, member in zip(PEOPLE.ids.to_pylist(), listed.bits.tolist(), strict=True) if member
    }, listed.unknown


def test_ids_of_a_csv_file_are_texts_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "it.csv").write_text("name,id\nAnn,ann\nSeven,007\nAnn again,ann\nNobody,eve\n,\n")
    assert members(tmp_path, "it.csv") == ({"ann", "007"}, 1)


def test_integers_are_their_digits(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": pa.array([7, 8, None])}), tmp_path / "it.parquet")
    assert members(tmp_path, "it.parquet") == ({"7"}, 1)


def test_several_files_are_one_list(tmp_path: Path) -> None:
    for name in ("ann", "bob"):
        (tmp_path / f"{name}.csv").write_text(f"id\n{name}\n")
    assert members(tmp_path, "*.csv") == ({"ann", "bob"}, 0)


WRONG: Mapping[str, tuple[str, str, str]] = {
    "missing-file": ("lists/none.csv", "id", "`lists/none.csv` does not exist"),
    "missing-column": ("it.csv", "user", "it.csv: no column `user`"),
    "float-id": ("floats.parquet", "id", "`id` holds ids as floats in 1 row of floats.parquet"),
    "unknown-format": ("it.xls", "id", "it.xls has an unknown format"),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_read_is_told(code: str, tmp_path: Path) -> None:
    (tmp_path / "it.csv").write_text("id\nann\n")
    (tmp_path / "it.xls").write_text("id\nann\n")
    pq.write_table(pa.table({"id": pa.array([1.5])}), tmp_path / "floats.parquet")
    path, column, summary = WRONG[code]
    with pytest.raises(InvalidInput) as raised:
        members(tmp_path, path, column)
    (found,) = raised.value.diagnostics
    assert (found.code, found.summary) == (code, summary)
