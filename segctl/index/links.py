"""Which row of a catalogue each event points to: the event's property, as id text, among the catalogue's keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index import columns
from segctl.index.column import Values
from segctl.index.event_columns import wanted_of
from segctl.index.files import fresh_name, read_arrow, write_array, write_arrow
from segctl.index.manifest import Piece, Run
from segctl.index.unique import report_missing, report_repeated
from segctl.index.work import Indexing, Wanted
from segctl.logic.keys import id_text
from segctl.logic.needs import Needs
from segctl.logic.types import NOTHING, Scalar, Type
from segctl.sources.files import File
from segctl.sources.format import Request
from segctl.sources.problems import Problems, Trouble
from segctl.sources.shape import describe_type
from segctl.sources.table import Source

NO_KEY = Trouble("missing-key", "{column} is missing in {rows}", "every row of a catalogue needs a key")
TWICE = Trouble("duplicate-key", "{column} repeats a key in {rows}", "keep one row per key")
KEYS = (Scalar.STRING, Scalar.INT, Scalar.FLOAT)


def key_texts(values: pa.Array) -> pa.StringArray:
    """Typed values as id text: integers and whole floats are their digits."""
    if pa.types.is_dictionary(values.type):
        return values.dictionary_decode()
    if pa.types.is_floating(values.type):
        coded = values.dictionary_encode()
        texts = pa.array([id_text(value) for value in coded.dictionary.to_pylist()], pa.string())
        return texts.take(coded.indices)
    return values if values.type == pa.string() else values.cast(pa.string())


def read_keys(source: Source, files: Sequence[File], problems: Problems) -> pa.StringArray:
    """The keys of a catalogue's rows; missing and repeated ones are problems that name the rows.

    Raises:
        Unreadable: a file is damaged, or gone.
    """
    reading = source.table.ident
    kind = source.types.get(reading.column, NOTHING)
    if kind not in (*KEYS, NOTHING):
        summary = f"`{reading.column}` is {describe_type(kind)}, which cannot be a key of a catalogue"
        problems.add("bad-key", summary, reading.place, hint="a key is text or a number")
        return pa.array([], pa.string())
    chunks: list[pa.StringArray] = []
    places: list[Piece] = []
    for file in files:
        for batch in source.typed(file, Request((reading.column,)), problems):
            texts = key_texts(batch.columns[reading.column]) if kind != NOTHING else pa.nulls(batch.rows, pa.string())
            report_missing(problems, NO_KEY, reading, texts, (batch.file, batch.first, None))
            chunks.append(texts)
            places.append(Piece(batch.file, batch.first, batch.rows))
    every = pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())
    report_repeated(problems, TWICE, reading, every, places)
    return every


def write_keys(folder: Path, keys: pa.StringArray) -> str:
    """Write a catalogue's keys into a new folder."""
    name = f"catalog-{fresh_name()}"
    (folder / name).mkdir()
    write_arrow(folder / name / "keys.arrow", keys)
    return name


def ensure_links(work: Indexing, needs: Needs) -> None:
    """Find the catalogue's row of every row that is joined to it."""
    for catalog in work.layout.declared.catalogs:
        keys = work.layout.manifest.tables[catalog.key].folder
        for table in work.layout.events:
            for run in table.record.runs:
                if any(catalog.name in needs.joins.get(name, ()) for name in run.names):
                    _ensure_run(work.folder, run, keys, wanted_of(table, [catalog.on]))


def _ensure_run(folder: Path, run: Run, keys: str, on: Sequence[Wanted]) -> None:
    path = folder / run.folder
    for wanted in on:  # one, or none where the table has no such property
        target = path / columns.links_name(wanted.stem, keys)
        column = None if target.exists() else columns.read(path, wanted.stem, wanted.type)
        if isinstance(column, Values):
            write_array(target, links(column, wanted.type, read_arrow(folder / keys / "keys.arrow")))


def links(column: Values, kind: Type, keys: pa.StringArray) -> npt.NDArray[np.int32]:
    """The row of each value among the keys, -1 for none."""
    if kind is Scalar.STRING:
        return _rows_of(column.dictionary, keys)[column.values.astype(np.int64)]
    valid = column.valid if kind is Scalar.INT else ~np.isnan(column.values.astype(np.float64))
    distinct, codes = np.unique(column.values, return_inverse=True)
    found = _rows_of(key_texts(pa.array(distinct)), keys)[codes]
    return found if valid is None else np.where(valid, found, np.int32(-1)).astype(np.int32)


def _rows_of(texts: pa.Array | None, keys: pa.StringArray) -> npt.NDArray[np.int32]:
    """The row of each text among the keys, and -1 at the end, for the code of what is missing."""
    found = pc.index_in(texts, value_set=keys).fill_null(-1).to_numpy(zero_copy_only=False)
    return np.append(found, -1).astype(np.int32)
