"""The users table: which rows are whose. Its columns are read when they are needed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa

from segctl.index.base import report
from segctl.index.files import fresh_name, read_array, write_array
from segctl.index.known import KnownUsers
from segctl.index.manifest import Piece
from segctl.index.per_user import PerUser
from segctl.index.unique import report_missing, report_repeated
from segctl.logic.types import Scalar
from segctl.sources.files import File
from segctl.sources.format import Request
from segctl.sources.ids import id_texts, ids_of
from segctl.sources.problems import Problems, Trouble
from segctl.sources.table import Source

NO_ID = Trouble("missing-id", "{column} is missing in {rows}", "every user needs an id: fix or remove the rows")
TWICE = Trouble("duplicate-id", "{column} repeats an id in {rows}", "keep one row per user")


def read_ids(source: Source, files: Iterable[File], problems: Problems) -> pa.StringArray:
    """The ids of all rows of all files; missing and repeated ones are problems that name the rows.

    Raises:
        Unreadable: a file is damaged, or gone.
    """
    reading = source.table.ident
    floats = source.types.get(reading.column) is Scalar.FLOAT
    chunks: list[pa.StringArray] = []
    places: list[Piece] = []
    for file in files:
        for batch in source.raw(file, Request((reading.column,))):
            ids = ids_of(batch.columns[reading.column], reading.cast, floats=floats)
            report(problems, ids.trouble, reading, batch, ids.wrong)
            texts = id_texts(ids.array)
            report_missing(problems, NO_ID, reading, texts, (batch.file, batch.first, ids.wrong))
            chunks.append(texts)
            places.append(Piece(batch.file, batch.first, batch.rows))
    every = pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())
    report_repeated(problems, TWICE, reading, every, places)
    return every


def write_rows(folder: Path, ids: pa.StringArray, known: KnownUsers) -> str:
    """Number the users of a table, and write for every known user its row (-1: none) into a new folder."""
    numbers = known.number(ids)
    rows = np.full(len(known), -1, dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(known.counts)])
    rows[starts[numbers.shards] + numbers.locals] = np.arange(len(ids), dtype=np.int64)
    return save_rows(folder, PerUser(rows, tuple(known.counts.tolist()), -1))


def save_rows(folder: Path, rows: PerUser) -> str:
    """Write for every known user its row into a new folder."""
    name = f"users-{fresh_name()}"
    (folder / name).mkdir()
    write_array(folder / name / "rows.arrow", rows.values)
    write_array(folder / name / "counts.arrow", np.asarray(rows.counts, dtype=np.int64))
    return name


def load_rows(folder: Path, name: str) -> PerUser:
    """For every user who was known when the users table was read, its row; -1 for none."""
    path = folder / name
    return PerUser(read_array(path / "rows.arrow"), tuple(read_array(path / "counts.arrow").tolist()), -1)
