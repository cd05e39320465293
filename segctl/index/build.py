"""One update: what changed is read again, the rest of the index stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from segctl.index import runs, users
from segctl.index.base import Base, Part, gather, read_base
from segctl.index.compact import compact
from segctl.index.examine import Examined
from segctl.index.files import ENDING, fresh_name, read_array, write_array
from segctl.index.known import KnownUsers, shards_for
from segctl.index.links import read_keys, write_keys
from segctl.index.manifest import Manifest, Run, TableRecord
from segctl.index.per_user import PerUser
from segctl.index.threads import threads
from segctl.progress import Progress
from segctl.sources.declared import CatalogTable, EventsTable
from segctl.sources.files import File
from segctl.sources.format import Unreadable
from segctl.sources.problems import Problems
from segctl.sources.table import Source

_AHEAD = 2
"""Runs that may be coded or written while another is read."""

NEVER = np.iinfo(np.int64).max
"""When a user without events was first seen."""


@dataclass
class Build:
    """What one update works with. `known` is replaced when the number of shards is; `read` are files by table."""

    folder: Path
    before: Manifest | None
    known: KnownUsers
    problems: Problems
    progress: Progress
    run_rows: int
    present: PerUser | None = None
    users_changed: bool = False
    read: dict[str, frozenset[str]] = field(default_factory=dict)


def build_users(build: Build, examined: Examined, shards: int | None) -> TableRecord | None:
    """The users table; None, and problems, if its ids are no ids."""
    if examined.unchanged and examined.before is not None:
        rows = users.load_rows(build.folder, examined.before.folder)
        build.present = PerUser(np.asarray(rows.values >= 0), rows.counts, absent=False)
        return examined.record(folder=examined.before.folder, rows=examined.before.rows)
    build.read[examined.table.key] = frozenset(examined.files)
    mine = build.problems.apart()
    build.progress.start(f"reading {examined.table.pattern}", len(examined.files))
    try:
        ids = users.read_ids(examined.source, _each(build, examined), mine)
    except Unreadable as cause:
        _damaged(build, examined, cause)
        return None
    finally:
        build.progress.finish()
    build.problems.include(mine)
    if mine:
        return None
    if not len(build.known):
        build.known = KnownUsers(shards or shards_for(len(ids)))
    folder = users.write_rows(build.folder, ids, build.known)
    rows = users.load_rows(build.folder, folder)
    build.present = PerUser(np.asarray(rows.values >= 0), rows.counts, absent=False)
    build.users_changed = True
    return examined.record(folder=folder, rows=len(ids))


def _each(build: Build, examined: Examined) -> Iterator[File]:
    for file in examined.files.values():
        yield file
        build.progress.advance()


def build_catalog(build: Build, examined: Examined) -> TableRecord | None:
    """A catalogue's keys; None, and problems, if they are no keys."""
    assert isinstance(examined.table, CatalogTable)  # noqa: S101 the caller chose it
    if examined.unchanged and examined.before is not None:
        return examined.record(folder=examined.before.folder, rows=examined.before.rows)
    build.read[examined.table.key] = frozenset(examined.files)
    mine = build.problems.apart()
    try:
        keys = read_keys(examined.source, list(examined.files.values()), mine)
    except Unreadable as cause:
        _damaged(build, examined, cause)
        return None
    build.problems.include(mine)
    return None if mine else examined.record(folder=write_keys(build.folder, keys), rows=len(keys))


def build_events(build: Build, examined: Examined) -> TableRecord:
    """A table of events: runs whose files are all as they were stay, the rows of all others are read."""
    old = examined.before.runs if examined.before else ()
    kept = [run for run in old if all(piece.file in examined.same for piece in run.pieces)]
    parts = list(_parts(examined, old, kept))
    build.read[examined.table.key] = frozenset(part.file.name for part in parts)
    if build.users_changed:
        kept = [_recounted(build, run) for run in kept]
    added: list[Run] = []
    try:
        added = _build_runs(build, examined, parts)
    except Unreadable as cause:
        _damaged(build, examined, cause)
    return examined.record(runs=compact(build.folder, [*kept, *added], build.known.shards, build.run_rows))


def _parts(examined: Examined, old: Sequence[Run], kept: Sequence[Run]) -> Iterator[Part]:
    """What has to be read: files that are new or changed, and what is left of runs that lost a file."""
    here = {run.folder for run in kept}
    lost = [piece for run in old if run.folder not in here for piece in run.pieces if piece.file in examined.same]
    parts = [Part(examined.files[piece.file], piece.first, piece.rows) for piece in lost]
    parts += [Part(file) for name, file in examined.files.items() if name not in examined.same]
    yield from sorted(parts, key=lambda part: (part.file.name, part.first))


def _build_runs(build: Build, examined: Examined, parts: Sequence[Part]) -> list[Run]:
    """While the rows of one run are read, those of the one before are coded, and those before that are written."""
    table = examined.table
    assert isinstance(table, EventsTable)  # noqa: S101 the caller chose it
    constant = table.name if isinstance(table.name, str) else None
    if not parts:
        return []
    build.progress.start(f"reading {table.pattern}", sum(part.file.size for part in parts))
    with threads(1) as coders, threads(1) as writers:
        written: list[Future[Run]] = []
        try:
            for gathered in gather(_told(build, examined.source, parts), build.run_rows):
                if build.problems:
                    continue  # what else is wrong is told, but nothing is written any more
                coding = coders.submit(runs.code, gathered, constant)
                written.append(writers.submit(_write_run, build, coding))
                if len(written) > _AHEAD:
                    written[-_AHEAD - 1].result()
        finally:
            build.progress.finish()
        return [future.result() for future in written]


def _write_run(build: Build, coding: Future[runs.Coded]) -> Run:
    return runs.build(build.folder, coding.result(), build.known, build.present)


def _told(build: Build, source: Source, parts: Sequence[Part]) -> Iterator[Base]:
    """The rows of the parts, with progress told in bytes: as rows come where their number is known, else at the end."""
    for part in parts:
        rows = part.rows or source.rows(part.file)
        told = 0
        for base in read_base(source, [part], build.problems):
            step = part.file.size * base.rows // rows if rows else 0
            build.progress.advance(step)
            told += step
            yield base
        build.progress.advance(part.file.size - told)


def _recounted(build: Build, run: Run) -> Run:
    """The run with its rows of users outside the users table counted anew."""
    if build.present is None:
        return replace(run, outside=0)
    numbers = runs.read(build.folder, run, build.known.shards).numbers
    return replace(run, outside=int(np.count_nonzero(~build.present.of(numbers))))


def build_seen(build: Build, tables: Mapping[str, TableRecord]) -> str:
    """When each user of a derived population was first seen, in a file; its name."""
    every = [run for table in tables.values() for run in table.runs]
    before = build.before
    counts = tuple(build.known.counts.tolist())
    old = {run.folder for table in before.tables.values() for run in table.runs} if before else set()
    here = {run.folder for run in every}
    if before is not None and before.seen and old <= here:
        if old == here and before.counts == counts:
            return before.seen
        start = PerUser(read_array(build.folder / f"{before.seen}{ENDING}"), before.counts, NEVER).grown(counts)
        seen = runs.first_seen(build.folder, [run for run in every if run.folder not in old], start)
    else:
        start = PerUser(np.full(len(build.known), NEVER, dtype=np.int64), counts, NEVER)
        seen = runs.first_seen(build.folder, every, start)
    name = f"seen-{fresh_name()}"
    write_array(build.folder / f"{name}{ENDING}", seen.values)
    return name


def _damaged(build: Build, examined: Examined, cause: Unreadable) -> None:
    place = (*examined.table.place, "path")
    build.problems.add(cause.code, cause.summary, place, detail=cause.detail, hint=cause.hint)
