"""Rows are told by the line that an editor shows."""

from __future__ import annotations

import csv
import gzip
import io
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segctl.diagnostics import InvalidInput
from segctl.sources.endings import format_of
from segctl.sources.files import find
from segctl.sources.format import Request
from segctl.sources.lines import line_numbers
from segctl.sources.problems import Problems, Trouble, Wrong
from tests.index.plainly import USERS, indexed, write_parquet, write_text

QUOTED = 'user,ts,event\n\nu1,"2026-01-01\n00:00",a\n"u\n\n2",2026-01-02,"say ""b"""\r\n\r\nu3,soon,c\n'


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_lines_of_csv_count_the_header_blank_lines_and_line_breaks_in_quotes(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(gzip.compress(QUOTED.encode()) if ending.endswith(".gz") else QUOTED.encode())
    assert line_numbers(path, [0, 1, 2]) == (3, 5, 9)
    assert line_numbers(path, [2]) == (9,)
    assert QUOTED.replace("\r\n", "\n").split("\n")[9 - 1] == "u3,soon,c"


def test_a_mark_of_byte_order_and_a_long_field_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeff"user",note\nu1,' + "x" * 500_000 + "\nu2,y\n", encoding="utf-8")
    assert line_numbers(path, [0, 1]) == (2, 3)
    assert csv.field_size_limit() < 500_000


def test_lines_of_json_count_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('\n{"a": 1}\n  \n\n{"a": 2}\n{"a": 3}\n')
    assert line_numbers(path, [0, 1, 2]) == (2, 5, 6)


def test_parquet_has_no_lines_and_a_file_that_is_gone_has_none_either(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    assert line_numbers(tmp_path / "a.parquet", [0]) is None
    assert line_numbers(tmp_path / "gone.csv", [0]) is None
    write_text(tmp_path / "short.csv", "a\n1\n")
    assert line_numbers(tmp_path / "short.csv", [5]) is None


def test_rows_are_those_of_the_reader_that_segctl_uses(tmp_path: Path) -> None:
    """Random files: the line that is named holds the row that Arrow counts."""
    rng = random.Random(5)  # noqa: S311 not for secrets
    for _ in range(200):
        text = io.StringIO()
        text.write("\n" * rng.randrange(2) + "a,b\n")
        begins = []
        for number in range(rng.randrange(1, 9)):
            text.write(rng.choice(["", "\n", "\r\n\n"]))
            begins.append(text.getvalue().replace("\r\n", "\n").count("\n") + 1)
            text.write(f"{number}," + rng.choice(["x", '"x\ny"', '""', '"a ""b""\n"', "", 'x"y']) + "\n")
        path = tmp_path / "a.csv"
        path.write_bytes(text.getvalue().encode())
        (file,) = find(tmp_path, "a.csv", (), Problems())
        known = format_of(file.name)
        assert known is not None
        read = [row for batch in known.batches(file, Request(("a",))) for row in batch.column("a").to_pylist()]
        assert read == [str(number) for number in range(len(begins))]
        assert line_numbers(path, range(len(begins))) == tuple(begins)


def test_problems_name_lines_of_texts_and_rows_of_parquet(tmp_path: Path) -> None:
    write_text(tmp_path / "a.csv", "x\n\n1\n2\n")
    pq.write_table(pa.table({"x": [1, 2]}), tmp_path / "b.parquet")
    problems = Problems(None, tmp_path)
    trouble = Trouble("bad", "{column} is bad in {rows}")
    for name in ("a.csv", "b.parquet"):
        problems.apart()
        problems.rows(trouble, (), "x", Wrong.of(name, [0, 1], lambda row: row + 1))
    assert problems.diagnostics()[0].detail == "a.csv line 3: `1`, a.csv line 4: `2`, b.parquet row 1: `1`"


def test_a_bad_time_in_a_quoted_file_is_told_by_its_line(tmp_path: Path) -> None:
    write_parquet(tmp_path / "users/u.parquet", [{"id": "u1", "age": 1, "country": None}], USERS)
    write_text(tmp_path / "events/a.csv", QUOTED)
    project = {
        "kind": "project", "name": "shop", "users": {"path": "users/*.parquet", "id": "id"},
        "events": [{"path": "events/*.csv", "user": "user", "time": "ts", "name": {"column": "event"}}],
    }  # fmt: skip
    with pytest.raises(InvalidInput) as raised:
        indexed(tmp_path, project)
    assert "line 9: `soon`" in raised.value.diagnostics[0].detail
