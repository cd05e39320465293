"""The line of a file that a row begins on, as an editor counts them; read only to tell of rows that are wrong."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, cast

_TEXT = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz")


def line_numbers(path: Path, rows: Sequence[int]) -> tuple[int, ...] | None:
    """The line of each row (counted from 0, without a header); None if the file has no lines, or not so many rows.

    The file is read up to the last of the rows. Lines are counted from 1: the header's, blank ones, and all that
    a quoted value takes.
    """
    name = path.name.lower()
    if not rows or not name.endswith(_TEXT):
        return None
    begins = _of_csv if name.endswith(_TEXT[:2]) else _of_json_lines
    wanted, last = set(rows), max(rows)
    try:
        with _opened(path) as stream, closing(begins(stream)) as lines:
            found = {row: line for row, line in enumerate(islice(lines, last + 1)) if row in wanted}
    except (OSError, EOFError, csv.Error):
        return None
    return tuple(found[row] for row in rows) if len(found) == len(wanted) else None


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")


def _of_csv(stream: IO[bytes]) -> Generator[int, None, None]:
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    longest = csv.field_size_limit(sys.maxsize)
    try:
        reader = csv.reader(text)
        begin, header = 1, False
        for row in reader:
            if row and header:
                yield begin
            header = header or bool(row)
            begin = reader.line_num + 1
    finally:
        csv.field_size_limit(longest)
        text.detach()


def _of_json_lines(stream: IO[bytes]) -> Generator[int, None, None]:
    return (number for number, line in enumerate(stream, start=1) if line.strip())
