"""Every folder of tests/cases/bad_data: a project with bad data in, exactly `expected.txt` out."""

from __future__ import annotations

import base64
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from segctl.diagnostics import InvalidInput
from segctl.index.update import Options, update
from segctl.load.project import load
from segctl.model.project import Project
from segctl.progress import Silent
from segctl.report.diagnostics import as_text
from tests.index.plainly import everything

CASES = Path(__file__).resolve().parents[1] / "cases" / "bad_data"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
TYPES: dict[str, pa.DataType] = {
    "string": pa.string(), "int64": pa.int64(), "uint64": pa.uint64(), "double": pa.float64(), "bool": pa.bool_(),
    "date32": pa.date32(), "timestamp[us]": pa.timestamp("us"), "list<string>": pa.list_(pa.string()),
}  # fmt: skip


def make(recipe: Path) -> None:
    """The file that a `.make.json` describes, in its place."""
    made = json.loads(recipe.read_text(encoding="utf-8"))
    target = recipe.with_name(recipe.name.removesuffix(".make.json"))
    recipe.unlink()
    if "base64" in made:
        target.write_bytes(base64.b64decode(made["base64"]))
        return
    table = pa.table({name: array(kind, values) for name, (kind, values) in made["columns"].items()})
    if target.suffix == ".parquet":
        pq.write_table(table, target)
    else:
        with ipc.new_file(str(target), table.schema) as writer:
            writer.write_table(table)
    target.write_bytes(target.read_bytes()[: made.get("keep_bytes")])


def array(kind: str, values: list[Any]) -> pa.Array:
    dates = kind == "date32"
    return pa.array([date.fromisoformat(v) if dates and v else v for v in values], TYPES[kind])


def found_in(root: Path) -> str:
    project = load(root).project
    assert isinstance(project.resource, Project)
    folder = root / ".segctl" / "index"
    try:
        index = update(root, project.resource, folder, Silent(), Options(spans=project.span))
        index.ensure(everything(index), Silent())
    except InvalidInput as error:
        return as_text(error.diagnostics)
    return ""


@pytest.mark.parametrize("case", NAMES)
def test_bad_data_gives_exactly_the_expected_diagnostics(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "shop"
    shutil.copytree(CASES / case, root)
    for recipe in root.rglob("*.make.json"):
        make(recipe)
    monkeypatch.chdir(root)
    found = found_in(root)
    expected = CASES / case / "expected.txt"
    if os.environ.get("SEGCTL_WRITE_EXPECTED"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_there_are_enough_cases_and_each_finds_something() -> None:
    assert len(NAMES) >= 40
    assert all((CASES / name / "expected.txt").read_text(encoding="utf-8") for name in NAMES)
