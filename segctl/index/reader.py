"""What the engine reads: shards of dense users, and per event name columns sorted by time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from segctl.diagnostics import SegctlError
from segctl.index.column import ColumnData
from segctl.index.files import ENDING, open_batches, read_array
from segctl.index.layout import ColumnPath, EventsLayout, Layout, layout
from segctl.index.lock import Reading
from segctl.index.manifest import Manifest, TableRecord, load
from segctl.index.mapped import Columns, MappedRun
from segctl.index.per_user import PerUser
from segctl.index.physical import missing
from segctl.index.table_columns import wanted_field
from segctl.index.users import load_rows
from segctl.index.view import Shard, Slice, View
from segctl.index.work import Origin
from segctl.logic.needs import Needs
from segctl.logic.types import NOTHING, Schema
from segctl.progress import Progress
from segctl.sources.problems import Problems

_NEVER = (1 << 63) - 1


@dataclass(frozen=True)
class TableReport:
    """Rows read, rows left out because they have no user id, rows of users outside the population."""

    rows: int
    without_user: int = 0
    outside: int = 0


@dataclass(frozen=True)
class DataReport:
    """What was read, by table: "users", "events[0]", "catalogs.product"."""

    tables: Mapping[str, TableReport]


class Index:
    """The data, brought into columns. `at` gives the view that evaluations read.

    Opening is cheap: files are mapped when they are first read. As long as it lives, no update
    removes what it reads. It can be shared by threads, and pickled (for reading).
    """

    def __init__(self, folder: Path, manifest: Manifest, origin: Origin | None = None) -> None:
        self.folder = folder
        self.manifest = manifest
        self._origin = origin
        self._reading = Reading(folder)
        self._runs: dict[str, MappedRun] = {}
        self._tables: dict[str, Columns] = {}

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Open what the last update wrote, for reading only.

        Raises:
            SegctlError: there is no index that can be read.
        """
        held = Reading(folder) if folder.is_dir() else None
        manifest = load(folder)
        if manifest is None or held is None:
            raise SegctlError(f"there is no index in {folder}", hint="an update makes it")
        return cls(folder, manifest)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Index, (self.folder, self.manifest))

    @cached_property
    def layout(self) -> Layout:
        """Where columns lie."""
        return layout(self.manifest, Problems())

    @property
    def schema(self) -> Schema:
        """The types of attributes, of properties by event name, of catalogues."""
        return self.layout.schema

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return self.manifest.shards

    @cached_property
    def tables(self) -> Mapping[str, str]:
        """A digest of each table's content and declaration, by its key; "users" also where they are derived."""
        found = {key: _digest(_content(key, record, self.manifest)) for key, record in self.manifest.tables.items()}
        if "users" not in found:
            found["users"] = _digest([self.manifest.project["users"], sorted(found.items())])
        return found

    @property
    def data_digest(self) -> str:
        """A digest of all tables."""
        return _digest([self.manifest.project.get("timezone", "UTC"), sorted(self.tables.items())])

    @property
    def report(self) -> DataReport:
        """How many rows were read, and how many of them are not in the population."""
        return DataReport({key: _report(record) for key, record in self.manifest.tables.items()})

    def ensure(self, needs: Needs, progress: Progress) -> None:
        """Index the columns that are needed and not yet there, and only those.

        Raises:
            InvalidInput: what is wrong with the values of these columns.
            SegctlError: a file changed since the update, or the index cannot be written.
        """
        from segctl.index.ensure import ensure

        if self._origin is None:
            raise SegctlError("this index was opened for reading only")
        try:
            ensure(self.folder, self._origin, self.layout, needs, progress)
        except OSError as cause:
            where = cause.filename or self.folder
            raise SegctlError(f"cannot write the index: {cause.strerror or cause}: {where}") from cause

    def at(self, as_of_us: int) -> View:
        """The data as of an instant.

        Where the population is derived from the events, its users are those with an event before
        the instant, and derived attributes are the last or first values seen before it (law 5).
        """
        return View(self, as_of_us)

    def catalog_column(self, catalog: str, path: ColumnPath) -> ColumnData:
        """A column of a catalogue, one value per row of it."""
        record = self.manifest.tables[f"catalogs.{catalog}"]
        wanted = wanted_field(record, path)
        if wanted is None:
            return missing(NOTHING, record.rows)
        return self.columns(record.folder).column(wanted.stem, wanted.type)

    def sum_bound(self, name: str, path: ColumnPath) -> int:
        """The sum of the absolute millionths of a property over all rows of one event name (law 7)."""
        total = 0
        for table, run in self.runs():
            kind = table.type_at(path)
            if name in run.names and kind is not None and kind != NOTHING:
                total += run.sums(table.stem(path, kind)).get(name, 0)
        return total

    # --- for views ---------------------------------------------------------------------------

    def runs(self) -> list[tuple[EventsLayout, MappedRun]]:
        """All runs with their tables."""
        return [(table, self._run(run.folder, table)) for table in self.layout.events for run in table.record.runs]

    def _run(self, folder: str, table: EventsLayout) -> MappedRun:
        if folder not in self._runs:
            run = next(run for run in table.record.runs if run.folder == folder)
            self._runs[folder] = MappedRun(self.folder, run)
        return self._runs[folder]

    def columns(self, folder: str) -> Columns:
        """The columns of the users table or a catalogue."""
        if folder not in self._tables:
            self._tables[folder] = Columns(self.folder / folder)
        return self._tables[folder]

    def known(self, shard: int) -> pa.RecordBatch:
        """The users of a shard: id, hash, and their numbers in the order of populations."""
        return self._known.get_batch(shard)

    @cached_property
    def _known(self) -> Any:
        return open_batches(self.folder / f"{self.manifest.known}{ENDING}")

    @cached_property
    def users_rows(self) -> PerUser | None:
        """The row of every user in the users table, if there is one."""
        record = self.manifest.tables.get("users")
        return load_rows(self.folder, record.folder) if record else None

    @cached_property
    def seen(self) -> PerUser:
        """When every user was first seen, where the population is derived."""
        return PerUser(read_array(self.folder / f"{self.manifest.seen}{ENDING}"), self.manifest.counts, _NEVER)


def _report(record: TableRecord) -> TableReport:
    if not record.runs:
        return TableReport(record.rows)
    read = sum(run.read for run in record.runs)
    kept = sum(run.rows for run in record.runs)
    return TableReport(read, read - kept, sum(run.outside for run in record.runs))


def _content(key: str, record: TableRecord, manifest: Manifest) -> list[Any]:
    """What a table's rows hold and how it is read; where they lie has no part in it."""
    declared: Any = None
    if key.startswith("events["):
        declared = manifest.project["events"][int(key[len("events[") : -1])].get("properties")
    elif key.startswith("catalogs."):
        declared = manifest.project["catalogs"][key[len("catalogs.") :]].get("on")
    return [record.identity, declared, sorted(file.digest for file in record.files)]


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


__all__ = ["DataReport", "Index", "Origin", "Shard", "Slice", "TableReport", "View"]
