"""Which files each table has now, and which of them are known from before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segctl.index.identity import is_settled, is_unchanged
from segctl.index.manifest import FileRecord, Manifest, TableRecord
from segctl.index.threads import threads
from segctl.load.access import Access
from segctl.logic.types import Type
from segctl.sources.declared import Table
from segctl.sources.files import File, digest, find
from segctl.sources.problems import Problems
from segctl.sources.settle import examine, settle
from segctl.sources.table import Source

_THREADS = 2


@dataclass(frozen=True)
class Look:
    """Which files the project may name, and when it is, in nanoseconds by the clock of the filesystem."""

    access: Access
    now_ns: int


@dataclass(frozen=True)
class Examined:
    """A table as its files are now. `same` are names of files whose content was indexed before."""

    table: Table
    files: Mapping[str, File]
    records: Mapping[str, FileRecord]
    types: Mapping[str, Type]
    same: frozenset[str]
    before: TableRecord | None

    @property
    def source(self) -> Source:
        """For reading its rows."""
        return Source(self.table, self.types, {name: record.shapes for name, record in self.records.items()})

    @property
    def unchanged(self) -> bool:
        """The very files that were indexed before, and no others."""
        return self.before is not None and len(self.same) == len(self.files) == len(self.before.files)

    def record(self, **made: Any) -> TableRecord:
        """The table's record, with what was made of its rows."""
        return TableRecord(self.table.identity(), tuple(self.records.values()), self.types, **made)


def examine_table(
    root: Path, table: Table, manifest: Manifest | None, problems: Problems, look: Look
) -> Examined | None:
    """Find the files, look into those that are new; None, and problems, if there are none that can be read."""
    mine = problems.apart()
    before = manifest.tables.get(table.key) if manifest else None
    if before is not None and before.identity != table.identity():
        before = None
    files = {file.name: file for file in find(root, table.pattern, (*table.place, "path"), mine, look.access)}
    old = {record.name: record for record in before.files} if before else {}
    records: dict[str, FileRecord] = {}
    same = set()
    with threads(_THREADS) as pool:
        looked = pool.map(lambda file: _look(look, table, file, old.get(file.name), problems.apart()), files.values())
    for name, (record, known, own) in zip(files, looked, strict=True):
        mine.include(own)
        if record is not None:
            records[name] = record
            same |= {name} if known else set()
    types = settle(table, {name: record.shapes for name, record in records.items()}, mine) if records else {}
    problems.include(mine)
    if mine:  # what can be read is read all the same: all that is wrong is told at once
        needed = {reading.column for reading in table.needed}
        records = {name: record for name, record in records.items() if needed <= set(record.shapes)}
        hopeless = not records or any(diagnostic.code == "not-a-time" for diagnostic in mine.diagnostics())
        return None if hopeless else Examined(table, {n: files[n] for n in records}, records, types, frozenset(), None)
    return Examined(table, files, records, types, frozenset(same), before)


def _look(
    look: Look, table: Table, file: File, before: FileRecord | None, problems: Problems
) -> tuple[FileRecord | None, bool, Problems]:
    """The record of a file, whether its content was indexed before, and what is wrong with it."""
    record, known = _record(look, table, file, before, problems)
    return record, known, problems


def _record(
    look: Look, table: Table, file: File, before: FileRecord | None, problems: Problems
) -> tuple[FileRecord | None, bool]:
    if before is not None and is_unchanged(before, file):
        return before, True
    settled = is_settled(file, look.now_ns)
    content = _digest(table, file, problems)
    if content is None:
        return None, False
    if before is not None and before.digest == content:
        return before.of(file, settled=settled), True
    shapes = examine(table, file, problems)
    if shapes is None:
        return None, False
    return FileRecord(file.name, file.size, file.changed, content, shapes).of(file, settled=settled), False


def _digest(table: Table, file: File, problems: Problems) -> str | None:
    try:
        return digest(file)
    except OSError as cause:
        hint = "check the file's permissions"
        summary = f"{file.name} cannot be opened: {cause.strerror}"
        problems.add("unreadable-file", summary, (*table.place, "path"), hint=hint)
        return None
