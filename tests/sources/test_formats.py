"""The same rows in every format are the same columns."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from segctl.logic.types import NOTHING, ListOf, Scalar, Struct
from tests.sources.reading import read, types

NOON = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {"id": "u1", "age": 31, "score": 0.5, "vip": True, "born": date(1990, 2, 28), "seen": NOON, "note": None},
    {"id": "u2", "age": None, "score": None, "vip": None, "born": None, "seen": None, "note": None},
    {"id": 'ü\n"3", x', "age": -(2**63), "score": 1e300, "vip": False, "born": date(2026, 1, 1), "seen": NOON,
     "note": None},
]  # fmt: skip
SCHEMA = pa.schema([
    ("id", pa.string()), ("age", pa.int64()), ("score", pa.float64()), ("vip", pa.bool_()), ("born", pa.date32()),
    ("seen", pa.timestamp("us", "UTC")), ("note", pa.null()),
])  # fmt: skip
TYPES = {
    "id": Scalar.STRING, "age": Scalar.INT, "score": Scalar.FLOAT, "vip": Scalar.BOOL, "born": Scalar.DATE,
    "seen": Scalar.TIME, "note": NOTHING,
}  # fmt: skip
TABLE = pa.Table.from_pylist(ROWS, SCHEMA)


def parquet(path: Path) -> None:
    pq.write_table(TABLE, path, row_group_size=2)


def arrow_file(path: Path) -> None:
    with ipc.new_file(str(path), SCHEMA, options=ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(TABLE, max_chunksize=2)


def arrow_stream(path: Path) -> None:
    with ipc.new_stream(str(path), SCHEMA) as writer:
        writer.write_table(TABLE, max_chunksize=2)


def csv_text() -> bytes:
    def shown(value: Any) -> str:
        if value is None:
            return ""
        return '"' + str(value).replace('"', '""') + '"' if isinstance(value, str) else str(value)

    lines = [",".join(SCHEMA.names), *(",".join(shown(row[name]) for name in SCHEMA.names) for row in ROWS)]
    return ("\r\n".join(lines) + "\r\n").encode()


def json_text() -> bytes:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    return "\n".join(json.dumps({name: plain(value) for name, value in row.items()}) for row in ROWS).encode()


WRITERS: dict[str, Callable[[Path], Any]] = {
    "a.parquet": parquet,
    "a.arrow": arrow_file,
    "stream.arrow": arrow_stream,
    "a.csv": lambda path: path.write_bytes(csv_text()),
    "bom.csv": lambda path: path.write_bytes(b"\xef\xbb\xbf" + csv_text()),
    "a.csv.gz": lambda path: path.write_bytes(gzip.compress(csv_text())),
    "members.csv.gz": lambda path: path.write_bytes(gzip.compress(csv_text()[:50]) + gzip.compress(csv_text()[50:])),
    "a.jsonl": lambda path: path.write_bytes(json_text()),
    "a.jsonl.gz": lambda path: path.write_bytes(gzip.compress(json_text())),
    "UPPER.CSV": lambda path: path.write_bytes(csv_text()),
}


@pytest.mark.parametrize("name", list(WRITERS))
def test_the_rows_of_a_file(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name)
    assert types(tmp_path, name) == TYPES
    assert read(tmp_path, name) == {column: [row[column] for row in ROWS] for column in SCHEMA.names}


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("start", [1, 2, 3])
def test_rows_from_one_on(name: str, start: int, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name)
    assert read(tmp_path, name, start)["age"] == [row["age"] for row in ROWS][start:]


def test_files_of_all_formats_make_one_table(tmp_path: Path) -> None:
    for name, write in WRITERS.items():
        write(tmp_path / name)
    assert types(tmp_path, "*") == TYPES
    assert read(tmp_path, "*")["age"] == [row["age"] for row in ROWS] * len(WRITERS)


def test_nested_values_of_parquet_arrow_and_json(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "u1", "address": {"city": "Oslo", "at": {"lat": 59.9}}, "tags": ["a", None], "orders": [{"n": 1}]},
        {"id": "u2", "address": {"city": None, "at": None}, "tags": [], "orders": []},
        {"id": "u3", "address": None, "tags": None, "orders": None},
    ]
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, tmp_path / "a.parquet")
    with ipc.new_file(str(tmp_path / "a.arrow"), table.schema) as writer:
        writer.write_table(table)
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for name in ("a.parquet", "a.arrow", "a.jsonl", "a.*"):
        assert types(tmp_path, name) == {
            "id": Scalar.STRING,
            "address": Struct({"city": Scalar.STRING, "at": Struct({"lat": Scalar.FLOAT})}),
            "tags": ListOf(Scalar.STRING),
            "orders": ListOf(Struct({"n": Scalar.INT})),
        }
        found = read(tmp_path, name)
        times = len(found["id"]) // 3
        assert found["address"] == [row["address"] for row in rows] * times
        assert found["tags"] == [["a", None], [], None] * times
        assert found["orders"] == [[{"n": 1}], [], None] * times


def test_a_column_that_a_file_does_not_have_is_missing_there(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("id,age\nu1,31\n")
    (tmp_path / "2.csv").write_text("country,id\nFR,u2\n")
    assert read(tmp_path, "*.csv") == {"id": ["u1", "u2"], "age": [31, None], "country": [None, "FR"]}


def test_the_last_file_decides_the_type_as_much_as_the_first(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("id,n,m\n1,1,true\n2,,\n")
    assert types(tmp_path, "*.csv") == {"id": Scalar.INT, "n": Scalar.INT, "m": Scalar.BOOL}
    (tmp_path / "2.csv").write_text("id,n,m\n3,0.5,\n")
    assert types(tmp_path, "*.csv") == {"id": Scalar.INT, "n": Scalar.FLOAT, "m": Scalar.BOOL}
    (tmp_path / "3.csv").write_text("id,n,m\nx4,,NA\n")
    assert types(tmp_path, "*.csv") == {"id": Scalar.STRING, "n": Scalar.FLOAT, "m": Scalar.STRING}
    assert read(tmp_path, "*.csv") == {
        "id": ["1", "2", "3", "x4"], "n": [1.0, None, 0.5, None], "m": ["true", None, None, "NA"],
    }  # fmt: skip


def test_csv_an_empty_field_is_missing_and_a_quoted_one_is_the_empty_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,a,b\nu1,,""\nu2,"",NA\nu3,null,\n')
    assert read(tmp_path, "a.csv") == {"id": ["u1", "u2", "u3"], "a": [None, "", "null"], "b": ["", "NA", None]}


def test_csv_without_rows_and_json_without_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,age")
    (tmp_path / "b.jsonl").write_text("")
    assert types(tmp_path, "a.csv") == {"id": NOTHING, "age": NOTHING}
    assert read(tmp_path, "a.csv") == {"id": [], "age": []}


def test_json_texts_are_no_numbers(tmp_path: Path) -> None:
    lines = ['{"id": "1", "d": "2026-01-31"}', "", '{"id": "2", "x": NaN, "d": "2026-01-31T09:00:00Z"}', ""]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert types(tmp_path, "a.jsonl") == {"id": Scalar.STRING, "d": Scalar.TIME, "x": Scalar.FLOAT}
    assert read(tmp_path, "a.jsonl")["d"] == [datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 1, 31, 9, tzinfo=UTC)]


def test_times_are_read_in_the_zone_that_they_are_given(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,here,there\nu1,2026-07-01 12:00,2026-07-01 12:00\n")
    found = read(tmp_path, "a.csv", zones={"here": "Europe/Paris"})
    assert found["here"] == [datetime(2026, 7, 1, 10, tzinfo=UTC)]
    assert found["there"] == [datetime(2026, 7, 1, 12, tzinfo=UTC)]


def test_times_written_as_texts_in_parquet_are_times_where_a_zone_is_given(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["u1"], "at": ["2026-07-01 12:00"]}), tmp_path / "a.parquet")
    assert types(tmp_path, "a.parquet")["at"] is Scalar.STRING
    assert read(tmp_path, "a.parquet", zones={"at": "UTC"})["at"] == [datetime(2026, 7, 1, 12, tzinfo=UTC)]


def test_json_that_arrow_does_not_read_is_read_all_the_same(tmp_path: Path) -> None:
    long = "x" * (9 << 20)
    lines = [
        '{"id": "u1", "n": 1}',
        '{"id": "u2", "n": 1e400, "n": 2.5}',
        f'{{"id": "{long}", "n": null}}',
        '{"id": "u4"}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert read(tmp_path, "a.jsonl") == {"id": ["u1", "u2", long, "u4"], "n": [1.0, 2.5, None, None]}


def test_many_blocks_of_json(tmp_path: Path) -> None:
    rows = [{"id": f"u{n}", "n": n, "pad": "y" * 1000, "at": {"lat": n / 4} if n % 3 else None} for n in range(20_000)]
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", compresslevel=1) as stream:
        stream.writelines(json.dumps(row) + "\n\n" for row in rows)
    found = read(tmp_path, "a.jsonl.gz", start=3)
    assert found == {name: [row[name] for row in rows[3:]] for name in rows[0]}


def test_lists_of_nothing_but_nulls_keep_their_lengths(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": "u1", "l": null}\n{"id": "u2", "l": [null, null]}\n{"id": "u3", "l": []}\n'
    )
    (tmp_path / "b.jsonl").write_text('{"id": "u4", "l": ["x", null]}\n')
    assert read(tmp_path, "*.jsonl")["l"] == [None, [None, None], [], ["x", None]]


def test_an_hour_of_json_in_which_nothing_happened_lacks_no_column(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text('{"id": "u1", "age": 31}\n')
    (tmp_path / "2.jsonl").write_text("")
    (tmp_path / "3.jsonl").write_text("\n")
    assert read(tmp_path, "*.jsonl") == {"id": ["u1"], "age": [31]}
