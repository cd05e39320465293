"""Brings the index up to date with the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import Span
from segctl.index.reader import Index
from segctl.model.project import Project
from segctl.progress import Progress

Spans = Callable[[Sequence[str | int]], Span | None]


@dataclass(frozen=True)
class Options:
    """`spans` finds a place in the project file (`document.span`); the others follow the data if None."""

    spans: Spans | None = None
    shards: int | None = None
    run_rows: int = 1 << 22


def update(root: Path, project: Project, folder: Path, progress: Progress, options: Options = Options()) -> Index:
    """Index what is new in the project's files: ids, times, names and types.

    `root` is the project's folder, `folder` the index's own.

    Raises:
        InvalidInput: everything that is wrong with the data, at once.
    """
    raise NotImplementedError
