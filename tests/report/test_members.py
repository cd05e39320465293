from __future__ import annotations

import io
import json
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segctl.report.members import table, write


@dataclass(frozen=True)
class Roll:
    name: str
    ids: pa.StringArray
    variants: pa.StringArray | None = None


VIP = Roll("vip", pa.array(["a,b", "c", "é"], pa.string()))
NOBODY = Roll("nobody", pa.array([], pa.string()))
CAMPAIGN = Roll("win_back", pa.array(["c", "d"], pa.string()), pa.array(["control", "a"], pa.string()))


def written(rolls: list[Roll], form: str) -> bytes:
    file = io.BytesIO()
    write(rolls, form, file)
    return file.getvalue()


def test_lines() -> None:
    assert written([VIP], "lines").decode() == "a,b\nc\né\n"
    assert written([NOBODY], "lines") == b""


def test_csv_quotes_what_it_must() -> None:
    assert written([VIP, NOBODY], "csv").decode() == 'name,id\nvip,"a,b"\nvip,c\nvip,é\n'
    assert written([NOBODY], "csv").decode() == "name,id\n"


def test_csv_of_a_campaign_says_the_variant() -> None:
    assert written([VIP, CAMPAIGN], "csv").decode() == (
        'name,id,variant\nvip,"a,b",\nvip,c,\nvip,é,\nwin_back,c,control\nwin_back,d,a\n'
    )


def test_json() -> None:
    assert json.loads(written([VIP, NOBODY], "json")) == {"vip": ["a,b", "c", "é"], "nobody": []}


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_binary_formats_hold_the_same_table(form: str) -> None:
    content = pa.BufferReader(written([VIP, NOBODY, CAMPAIGN], form))
    read = pq.read_table(content) if form == "parquet" else pa.ipc.open_file(content).read_all()
    assert read.select(["id", "variant"]).to_pydict() == {
        "id": ["a,b", "c", "é", "c", "d"],
        "variant": [None, None, None, "control", "a"],
    }
    assert read.column("name").to_pylist() == ["vip"] * 3 + ["win_back"] * 2


def test_a_table_of_nobody_has_its_columns() -> None:
    assert table([NOBODY]).column_names == ["name", "id"]
