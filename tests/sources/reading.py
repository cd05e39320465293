"""Reads a table's files as columns of plain values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from segctl.logic.types import Type
from segctl.sources.declared import Reading, Table
from segctl.sources.files import find
from segctl.sources.format import Request
from segctl.sources.problems import Problems
from segctl.sources.settle import examine, settle
from segctl.sources.table import Source


def read(root: Path, pattern: str, start: int = 0, zones: dict[str, str] | None = None) -> dict[str, list[Any]]:
    """The columns of all files that match, from row `start` of each file on."""
    source, files = opened(root, pattern, zones)
    problems = Problems()
    columns: dict[str, list[Any]] = {name: [] for name in source.types}
    for file in files:
        for batch in source.typed(file, Request(tuple(source.types), start, source.codable()), problems):
            for name, array in batch.columns.items():
                columns[name] += array.to_pylist()
    problems.check()
    return columns


def types(root: Path, pattern: str) -> dict[str, Type]:
    """The types of all columns."""
    return dict(opened(root, pattern)[0].types)


def opened(root: Path, pattern: str, zones: dict[str, str] | None = None) -> tuple[Source, Iterable[Any]]:
    """A table whose first column is its id."""
    problems = Problems()
    files = find(root, pattern, (), problems)
    declared = Table("users", ("users",), pattern, Reading("id", ("users", "id")), zones=zones or {})
    shapes = {file.name: found for file in files if (found := examine(declared, file, problems)) is not None}
    settled = settle(declared, shapes, problems)
    problems.check()
    return Source(declared, settled, shapes), files
