"""Properties of events: read once, in the order of the files, and laid into the runs' order of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from segctl.index import columns, narrow
from segctl.index.files import read_array
from segctl.index.layout import ColumnPath, EventsLayout, derived_path
from segctl.index.manifest import Run
from segctl.index.physical import column_of
from segctl.index.pieces import PieceReader
from segctl.index.work import Indexing, Wanted
from segctl.logic.needs import Needs
from segctl.logic.types import NOTHING, flat
from segctl.sources.compute import compute, field_of
from segctl.sources.format import Unreadable
from segctl.sources.problems import Trouble, Wrong
from segctl.sources.table import Batch

OVERFLOW = Trouble("number-overflow", "{column} grows beyond what its type holds in {rows}", "divide it first")
_AT_ONCE = 8


@dataclass
class _Task:
    """The columns that one run lacks."""

    run: Run
    wanted: list[Wanted]
    chunks: dict[str, list[pa.Array]] = field(default_factory=dict)


def ensure_events(work: Indexing, needs: Needs) -> None:
    """Index what the runs of all tables lack."""
    derived = [path[0] for path in needs.attributes if path[0] in work.layout.declared.derived]
    for table in work.layout.events:
        always = {derived_path(table, work.layout.declared.derived[name][1]) for name in derived}
        tasks = [
            _Task(run, wanted) for run in table.record.runs if (wanted := _lacking(work, table, run, needs, always))
        ]
        for some in _portions(tasks):
            _ensure(work, table, some)


def wanted_of(table: EventsLayout, paths: Iterable[ColumnPath]) -> list[Wanted]:
    """The columns of a table at these paths; a table may not have all."""
    found = []
    for path in sorted(paths):
        kind = table.type_at(path)
        if kind is not None and kind != NOTHING:
            found.append(Wanted(path, flat(kind), table.stem(path, flat(kind))))
    return found


def _lacking(work: Indexing, table: EventsLayout, run: Run, needs: Needs, always: set[ColumnPath]) -> list[Wanted]:
    paths = set(always)
    for name in run.names:
        paths |= needs.properties.get(name, frozenset())
        paths |= {work.layout.schema.catalogs[catalog].on for catalog in needs.joins.get(name, frozenset())}
    return [w for w in wanted_of(table, paths) if not columns.has(work.folder / run.folder, w.stem)]


def _portions(tasks: Sequence[_Task]) -> Iterable[list[_Task]]:
    """Tasks with a few columns each, so that a run's columns fit in memory."""
    while any(task.wanted for task in tasks):
        yield [_Task(task.run, task.wanted[:_AT_ONCE]) for task in tasks if task.wanted]
        for task in tasks:
            task.wanted = task.wanted[_AT_ONCE:]


def _ensure(work: Indexing, table: EventsLayout, tasks: Sequence[_Task]) -> None:
    work.progress.start(f"indexing columns of {table.table.pattern}", sum(task.run.read for task in tasks))
    reader: PieceReader | None = None
    asked: tuple[str, ...] = ()
    waiting: list[Future[None]] = []
    try:
        for task in tasks:
            own = tuple(sorted({c for w in task.wanted for c in table.properties[w.path[0]].columns}))
            if reader is None or own != asked:
                reader, asked = PieceReader(work, table.table, table.record, own), own
            _read(work, table, task, reader)
            done, waiting = waiting, _finish(work, task)
            for future in done:
                future.result()
        for future in waiting:
            future.result()
    except Unreadable as cause:
        place = (*table.table.place, "path")
        work.problems.add(cause.code, cause.summary, place, detail=cause.detail, hint=cause.hint)
    finally:
        work.progress.finish()


def _read(work: Indexing, table: EventsLayout, task: _Task, reader: PieceReader) -> None:
    for piece in task.run.pieces:
        for batch in reader.read(piece):
            for wanted in task.wanted:
                task.chunks.setdefault(wanted.stem, []).append(_property(work, table, wanted, batch))
            work.progress.advance(batch.rows)


def _property(work: Indexing, table: EventsLayout, wanted: Wanted, batch: Batch) -> pa.Array:
    name = wanted.path[0]
    computed = compute(table.properties[name].expression, batch.columns.__getitem__, batch.rows)
    if len(computed.overflowed):
        rows = (computed.overflowed + batch.first).tolist()
        place = (*table.table.place, "properties", name)
        work.problems.rows(OVERFLOW, place, name, Wrong.of(batch.file, rows, lambda _: None))
    return field_of(computed.array, wanted.path[1:])


def _finish(work: Indexing, task: _Task) -> list[Future[None]]:
    """Lay the columns into the run's order and write them, unless something is wrong with the data."""
    if work.problems:
        return []
    folder = work.folder / task.run.folder
    names = len(task.run.names)
    return [work.pool.submit(_write, folder, names, wanted, task.chunks.pop(wanted.stem, [])) for wanted in task.wanted]


def _write(folder: Path, names: int, wanted: Wanted, chunks: list[pa.Array]) -> None:
    narrow.write(folder, names, wanted.stem, column_of(chunks, wanted.type), read_array(folder / "source.arrow"))
