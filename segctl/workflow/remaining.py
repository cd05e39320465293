"""Where ids still stand outside of the state: in the project's data, its lists, its definitions, saved plans.

Nothing of it is altered: it is the project's own, and what its owner does not change comes back with the next refresh.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from segctl.load.files import definition_files, shown
from segctl.load.project import Survey, project_of, survey
from segctl.load.text import decode
from segctl.model.project import Cast
from segctl.model.resources import StaticList
from segctl.plan.saved import looks_saved
from segctl.progress import Progress
from segctl.sources.declared import CatalogTable, Table, declared
from segctl.sources.endings import format_of
from segctl.sources.files import File, find
from segctl.sources.format import Request, Unreadable
from segctl.sources.ids import id_texts, ids_of
from segctl.sources.problems import Problems
from segctl.sources.sought import SoughtIds

_LINED = (".csv", ".jsonl")
"""Files whose lines an editor counts."""


class Kind(enum.StrEnum):
    """What holds an id."""

    USERS = "users"
    EVENTS = "events"
    LIST = "list"
    DEFINITION = "definition"
    SAVED_PLAN = "saved plan"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Remaining:
    """A place that holds ids: a file or `file:line`, with `rows` of a data file. `detail` says why one was not read."""

    kind: Kind
    place: str
    rows: int = 0
    detail: str = ""

    @property
    def comes_back(self) -> bool:
        """Whether the next refresh publishes it again."""
        return self.kind in {Kind.USERS, Kind.EVENTS, Kind.LIST}


def remaining(root: Path, sought: SoughtIds, progress: Progress) -> tuple[Remaining, ...]:
    """Every place of the project that holds one of the ids; the data files are read for it."""
    surveyed = survey(root)
    return (*_data(surveyed, sought, progress), *_lists(surveyed, sought), *_texts(root, sought))


@dataclass(frozen=True)
class _Column:
    """The column of ids of a file."""

    file: File
    kind: Kind
    name: str
    cast: Cast | None = None


def _data(surveyed: Survey, sought: SoughtIds, progress: Progress) -> Iterator[Remaining]:
    if surveyed.project is None:
        return
    tables = [t for t in declared(project_of(surveyed.project)).tables if not isinstance(t, CatalogTable)]
    columns = [column for table in tables for column in _columns(surveyed.root, table)]
    progress.start("searching the data", len(columns))
    try:
        for column in columns:
            yield from _rows(column, sought)
            progress.advance()
    finally:
        progress.finish()


def _columns(root: Path, table: Table) -> Iterator[_Column]:
    kind = Kind.USERS if table.key == Kind.USERS else Kind.EVENTS
    for file in find(root, table.pattern, table.place, Problems()):
        yield _Column(file, kind, table.ident.column, table.ident.cast)


def _lists(surveyed: Survey, sought: SoughtIds) -> Iterator[Remaining]:
    """Lists by line where their file has lines."""
    here = Path.cwd()
    for document in surveyed.documents.values():
        static = document.resource
        if not isinstance(static, StaticList):
            continue
        for file in find(surveyed.root, static.path, ("path",), Problems()):
            found = tuple(_rows(_Column(file, Kind.LIST, static.id), sought))
            if any(one.rows for one in found) and file.name.endswith(_LINED):
                text = file.path.read_text(encoding="utf-8", errors="replace")
                yield from _lines(Kind.LIST, shown(file.path, here), text, sought)
            else:
                yield from found


def _rows(column: _Column, sought: SoughtIds) -> Iterator[Remaining]:
    """How many rows of a file are of one of the ids."""
    try:
        rows = sum(int((sought.numbers(ids) >= 0).sum()) for ids in _ids(column))
    except (Unreadable, pa.ArrowException, OSError) as cause:
        yield Remaining(Kind.UNREADABLE, column.file.name, detail=str(cause))
        return
    if rows:
        yield Remaining(column.kind, column.file.name, rows)


def _ids(column: _Column) -> Iterator[pa.StringArray]:
    known = format_of(column.file.name)
    if known is None:
        raise Unreadable("unknown-format", "it has an unknown format")
    shapes = known.shapes(column.file)
    if column.name not in shapes:
        raise Unreadable("missing-column", f"it has no column `{column.name}`")
    for batch in known.batches(column.file, Request((column.name,), shapes=shapes)):
        yield id_texts(ids_of(batch.column(column.name), column.cast).array)


def _texts(root: Path, sought: SoughtIds) -> Iterator[Remaining]:
    here = Path.cwd()
    for source in definition_files(root, here):
        text = decode(source.content, source.file) if isinstance(source.content, bytes) else source.content
        if isinstance(text, str):
            yield from _lines(Kind.DEFINITION, source.file, text, sought)
        else:
            yield Remaining(Kind.UNREADABLE, source.file, detail=text.summary)
    for path in _saved_plans(root):
        if sought.named_in(path.read_text(encoding="utf-8", errors="replace")):
            yield Remaining(Kind.SAVED_PLAN, shown(path, here))


def _lines(kind: Kind, file: str, text: str, sought: SoughtIds) -> Iterator[Remaining]:
    if not sought.named_in(text):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if sought.named_in(line):
            yield Remaining(kind, f"{file}:{number}")


def _saved_plans(root: Path) -> Iterable[Path]:
    """Those in the project's own folder: they hold no members, but definitions before and after."""
    return (path for path in sorted(root.glob("*.json")) if path.is_file() and looks_saved(path.read_bytes()))
