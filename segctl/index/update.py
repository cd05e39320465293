"""Brings the index up to date with the files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segctl.diagnostics import SegctlError
from segctl.index.build import Build, build_catalog, build_events, build_seen, build_users
from segctl.index.examine import Examined, Look, examine_table
from segctl.index.identity import Confirming
from segctl.index.known import KnownUsers
from segctl.index.layout import layout
from segctl.index.lock import nobody_reading, writing
from segctl.index.manifest import Manifest, TableRecord, folders, load, save
from segctl.index.reader import Index, Origin
from segctl.index.reshard import reshard, shards_wanted
from segctl.load.access import ANYWHERE, Access
from segctl.model.project import Project
from segctl.model.values import plain
from segctl.progress import Progress
from segctl.sources.declared import CatalogTable, Declared, EventsTable, declared
from segctl.sources.problems import Problems, Spans

_DATA_KEYS = ("kind", "name", "timezone", "users", "events", "catalogs")
_OURS = ("run-", "users-", "catalog-", "known-", "seen-", "manifest.json.")


@dataclass(frozen=True)
class Options:
    """`spans` finds a place in the project file (`document.span`); the others follow the data if None.

    `access` says which files the project may name.
    """

    spans: Spans | None = None
    shards: int | None = None
    run_rows: int = 1 << 21
    access: Access = ANYWHERE


def update(root: Path, project: Project, folder: Path, progress: Progress, options: Options = Options()) -> Index:
    """Index what is new in the project's files: ids, times, names and types.

    `root` is the project's folder, `folder` the index's own. What was indexed of files that are
    as they were is not read again. An index of another version is made anew.

    Raises:
        InvalidInput: everything that is wrong with the data, at once; the index stays as it was.
        IndexDamage: a file of the index is not as it was written.
        SegctlError: the index cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with writing(folder) as now_ns:
            before, known = _usable(folder, options)
            manifest = _bring(Asked(root, project, folder, progress, options, now_ns), before, known)
            if manifest != before:
                save(folder, manifest)
            with nobody_reading(folder) as alone:
                if alone:
                    _sweep(folder, manifest)
            return Index(folder, manifest, Origin(root, options.spans))
    except OSError as cause:
        where = cause.filename or folder
        raise SegctlError(f"cannot write the index: {cause.strerror or cause}: {where}") from cause


def _usable(folder: Path, options: Options) -> tuple[Manifest | None, KnownUsers]:
    """What the last update wrote, if all of it is there, and the users that are known."""
    fresh = None, KnownUsers(options.shards or 1)
    before = load(folder)
    if before is None or (options.shards is not None and before.shards != options.shards):
        return fresh
    if not all((folder / name).exists() for name in folders(before)):
        return fresh
    return before, KnownUsers.load(folder, before.known)


@dataclass(frozen=True)
class Asked:
    """What an update was asked for, and when it began by the clock of the filesystem."""

    root: Path
    project: Project
    folder: Path
    progress: Progress
    options: Options
    now_ns: int


def _bring(asked: Asked, before: Manifest | None, known: KnownUsers) -> Manifest:
    folder, options = asked.folder, asked.options
    problems = Problems(options.spans, asked.root)
    tables = declared(asked.project)
    look = Look(options.access, asked.now_ns)
    examined = {t.key: examine_table(asked.root, t, before, problems, look) for t in tables.tables}
    build = Build(folder, before, known, problems, asked.progress, options.run_rows)
    records = _records(build, tables, examined, options.shards)
    _confirm(build, examined, asked.now_ns)
    data: Mapping[str, Any] = {key: value for key, value in plain(asked.project).items() if key in _DATA_KEYS}
    if not problems:
        layout(Manifest(data, tables=records), problems)
    problems.check()
    if options.shards is None and (shards := shards_wanted(build.known)) != build.known.shards:
        new = build.known.reshard(shards)
        records = reshard(folder, records, build.known, new)
        build.known = new
    seen = build_seen(build, records) if tables.users is None else ""
    name = build.known.save(folder)
    return Manifest(data, tuple(build.known.counts.tolist()), name, seen, records)


def _records(
    build: Build, tables: Declared, examined: Mapping[str, Examined | None], shards: int | None
) -> dict[str, TableRecord]:
    records: dict[str, TableRecord] = {}
    for table in tables.tables:
        found = examined[table.key]
        if found is None:
            continue
        made: TableRecord | None
        if isinstance(table, EventsTable):
            made = build_events(build, found)
        elif isinstance(table, CatalogTable):
            made = build_catalog(build, found)
        else:
            made = build_users(build, found, shards)
        if made is not None:
            records[table.key] = made
    return records


def _confirm(build: Build, examined: Mapping[str, Examined | None], now_ns: int) -> None:
    """Make sure that every file that was read is what its record says, whatever else is wrong with it."""
    confirming = Confirming(now_ns)
    for key, names in build.read.items():
        found = examined[key]
        if found is not None:
            for name in sorted(names):
                confirming.content(found.files[name], found.records[name])


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove what no manifest names: of runs that were replaced, and of updates that were killed."""
    named = folders(manifest)
    for path in folder.iterdir():
        if path.name in named or not path.name.startswith(_OURS):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
