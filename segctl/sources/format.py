"""What every file format offers, and how it says that a file cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from segctl.disclosure import are_names
from segctl.sources.files import File
from segctl.sources.problems import shorten
from segctl.sources.shape import Shape

Shapes = Mapping[str, Shape]


@dataclass(frozen=True)
class Request:
    """Columns that the file has, from row `start` on; `coded` ones may come dictionary-encoded.

    `shapes` are what `Format.shapes` found in the file.
    """

    columns: tuple[str, ...]
    start: int = 0
    coded: frozenset[str] = frozenset()
    shapes: Shapes = field(default_factory=dict)


class Format(Protocol):
    """A file format. Nothing is held in memory but the batch at hand."""

    def shapes(self, file: File) -> Shapes:
        """The columns, in the file's order, each with what its values could be.

        Raises:
            Unreadable: the file is not what its ending says, or is damaged.
        """

    def rows(self, file: File) -> int:
        """How many rows there are, as far as that is known without reading them; else 0. For progress only."""

    def batches(self, file: File, request: Request) -> Iterator[pa.RecordBatch]:
        """The rows, as the file holds them.

        Raises:
            Unreadable: the file is damaged.
        """


class Unreadable(Exception):
    """A file that cannot be read: becomes a diagnostic that names the file."""

    def __init__(self, code: str, summary: str, *, detail: str = "", hint: str = "") -> None:
        super().__init__(summary)
        self.code, self.summary, self.detail, self.hint = code, summary, detail, hint


def damaged(file: File, what: str, cause: Exception | str) -> Unreadable:
    """A file whose content is not what its ending says, or not all of it."""
    return Unreadable("unreadable-file", f"{file.name} cannot be read as {what}", detail=shorten(cause) or "")


def empty(file: File, hint: str = "remove the file, or write it again") -> Unreadable:
    """A file without a single byte."""
    return Unreadable("empty-file", f"{file.name} is empty: 0 bytes", hint=hint)


def unique_names(file: File, names: Sequence[str]) -> None:
    """Refuse two columns of one name.

    Raises:
        Unreadable: there are.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice and not are_names(names):
        hint = "its first row may hold values instead of names: write the names of the columns there"
        raise Unreadable("duplicate-column", f"{file.name} has more than one column of one name", hint=hint)
    if twice:
        listed = ", ".join(f"`{name}`" for name in twice)
        raise Unreadable("duplicate-column", f"{file.name} has more than one column {listed}", hint="rename one")


def skip(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The batches without the first rows."""
    for batch in batches:
        if rows >= batch.num_rows:
            rows -= batch.num_rows
            continue
        yield batch.slice(rows) if rows else batch
        rows = 0
