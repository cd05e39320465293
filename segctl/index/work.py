"""What indexing works with, and the columns that it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from segctl.index.identity import Confirming
from segctl.index.layout import ColumnPath, Layout
from segctl.index.lock import writing
from segctl.index.manifest import TableRecord
from segctl.index.threads import threads
from segctl.logic.types import Type
from segctl.progress import Progress
from segctl.sources.declared import Table
from segctl.sources.files import File
from segctl.sources.problems import Problems, Spans
from segctl.sources.table import Source

_THREADS = 2


@dataclass(frozen=True)
class Origin:
    """What the index was made of: the project's folder, and the places of its file."""

    root: Path
    spans: Spans | None = None


@dataclass(frozen=True)
class Wanted:
    """A column: where it is, its type, the name of its files."""

    path: ColumnPath
    type: Type
    stem: str


@dataclass(frozen=True)
class Indexing:
    """Folders, what lies where, and the threads of one piece of work."""

    folder: Path
    root: Path
    layout: Layout
    problems: Problems
    progress: Progress
    pool: ThreadPoolExecutor
    confirming: Confirming

    def source(self, table: Table, record: TableRecord) -> Source:
        """A table as it was indexed."""
        return Source(table, record.types, {file.name: file.shapes for file in record.files})

    def files(self, record: TableRecord) -> Mapping[str, File]:
        """The files of a table as they were indexed, by name."""
        return {f.name: f.at(self.root / f.name) for f in record.files}


@contextmanager
def indexing(folder: Path, origin: Origin, layout: Layout, progress: Progress) -> Iterator[Indexing]:
    """The index's lock, and threads, for one piece of work.

    Raises:
        InvalidInput: everything that is wrong with the columns that were read, at the end.
    """
    problems = Problems(origin.spans, origin.root)
    with writing(folder) as now_ns, threads(_THREADS) as pool:
        yield Indexing(folder, origin.root, layout, problems, progress, pool, Confirming(now_ns))
    problems.check()
