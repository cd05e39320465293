"""Columns of the users table and of catalogues: a value per known user, or per row of the table."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from segctl.index import columns
from segctl.index.column import Ints
from segctl.index.layout import ColumnPath, Layout
from segctl.index.manifest import TableRecord
from segctl.index.physical import column_of, take_or_missing
from segctl.index.users import load_rows
from segctl.index.work import Indexing, Wanted
from segctl.logic.needs import Needs
from segctl.logic.types import NOTHING, descend, flat
from segctl.sources.compute import field_of
from segctl.sources.declared import Table
from segctl.sources.format import Request, Unreadable


def ensure_users(work: Indexing, needs: Needs) -> None:
    """Index the attributes that are not there."""
    users = work.layout.declared.users
    if users is None:
        return
    record = work.layout.manifest.tables["users"]
    wanted = [w for path in sorted(needs.attributes) if (w := wanted_attribute(work.layout, path)) is not None]
    lacking = [w for w in wanted if not columns.has(work.folder / record.folder, w.stem)]
    if lacking:
        _ensure(work, users, record, lacking, load_rows(work.folder, record.folder).values)


def ensure_catalogs(work: Indexing, needs: Needs) -> None:
    """Index the catalogues' columns that are not there."""
    for catalog in work.layout.declared.catalogs:
        record = work.layout.manifest.tables[catalog.key]
        paths = sorted(needs.catalogs.get(catalog.name, frozenset()))
        wanted = [w for path in paths if (w := wanted_field(record, path)) is not None]
        lacking = [w for w in wanted if not columns.has(work.folder / record.folder, w.stem)]
        if lacking:
            _ensure(work, catalog, record, lacking, None)


def wanted_attribute(layout: Layout, path: ColumnPath) -> Wanted | None:
    """The column of an attribute of the users table; None if there is nothing to index."""
    kind = layout.users_type(path)
    if kind is None or kind == NOTHING:
        return None
    return Wanted(path, flat(kind), layout.users_stem(path, flat(kind)))


def wanted_field(record: TableRecord, path: ColumnPath) -> Wanted | None:
    """The column of a catalogue; None if there is nothing to index."""
    kind = descend(record.types, path)
    if kind is None or kind == NOTHING:
        return None
    return Wanted(path, flat(kind), columns.stem_of(path, path[0], flat(kind)))


def _ensure(work: Indexing, table: Table, record: TableRecord, wanted: Sequence[Wanted], rows: Ints | None) -> None:
    """`rows` are the table's rows in the order of the column, -1 for none; None keeps the table's own order."""
    work.progress.start(f"indexing columns of {table.pattern}", len(wanted))
    folder = work.folder / record.folder
    for column in wanted:  # one at a time: a column of all users is what is held in memory
        try:
            chunks = _read(work, table, record, column)
        except Unreadable as cause:
            place = (*table.place, "path")
            work.problems.add(cause.code, cause.summary, place, detail=cause.detail, hint=cause.hint)
            break
        if not work.problems:
            data = column_of(chunks, column.type)
            columns.write(folder, column.stem, data if rows is None else take_or_missing(data, column.type, rows))
        work.progress.advance()
    work.progress.finish()


def _read(work: Indexing, table: Table, record: TableRecord, column: Wanted) -> list[pa.Array]:
    source = work.source(table, record)
    name = column.path[0]
    chunks: list[pa.Array] = []
    for read in record.files:
        file = read.at(work.root / read.name)
        work.confirming.identity(file)
        batches = source.typed(file, Request((name,), coded=source.codable()), work.problems)
        chunks.extend(field_of(batch.columns[name], column.path[1:]) for batch in batches)
        work.confirming.content(file, read)
    return chunks
