"""The users table: which rows are whose. Its columns are read when they are needed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index.base import report
from segctl.index.files import fresh_name, read_array, write_array
from segctl.index.known import KnownUsers
from segctl.index.manifest import Piece
from segctl.index.per_user import PerUser
from segctl.logic.types import Scalar
from segctl.sources.arrays import rows_where
from segctl.sources.files import File
from segctl.sources.format import Request
from segctl.sources.ids import id_texts, ids_of
from segctl.sources.problems import Problems, Trouble, Wrong
from segctl.sources.table import Source, value_at

NO_ID = Trouble("missing-id", "{column} is missing in {rows}", "every user needs an id: mend or remove the rows")
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
            absent = np.asarray(pc.is_null(ids.array).to_numpy(zero_copy_only=False))
            unexplained = absent if ids.wrong is None else absent & ~ids.wrong
            for_no_id = Wrong.of(batch.file, (rows_where(unexplained) + batch.first).tolist(), lambda _: None)
            problems.rows(NO_ID, reading.place, reading.column, for_no_id)
            chunks.append(id_texts(ids.array))
            places.append(Piece(batch.file, batch.first, batch.rows))
    every = pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())
    _report_repeated(source, every, places, problems)
    return every


def _report_repeated(source: Source, ids: pa.StringArray, places: list[Piece], problems: Problems) -> None:
    codes = ids.dictionary_encode()
    if len(codes.dictionary) == len(ids) - ids.null_count:
        return
    numbers = codes.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = np.bincount(numbers[numbers >= 0])
    repeated = (numbers >= 0) & (counts[numbers] > 1)
    start = 0
    for piece in places:
        own = rows_where(repeated[start : start + piece.rows])
        value = value_at(ids.slice(start, piece.rows), piece.first)
        wrong = Wrong.of(piece.file, (own + piece.first).tolist(), value)
        problems.rows(TWICE, source.table.ident.place, source.table.ident.column, wrong)
        start += piece.rows


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
