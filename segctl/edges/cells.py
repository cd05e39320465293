"""What is decided about a made-up user, or a row: cells with values, to which more are added."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segctl.logic.bound import Column, Scope
from segctl.logic.interpret import Row

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A value: of the user or the row, or of the row of a catalogue that the row points to."""

    path: Path
    catalog: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether the user is in a list or an extension."""

    kind: str
    name: str


class Whole(enum.Enum):
    """What a user has one of."""

    ROWS = "rows"
    BUCKET = "bucket"


ELEMENT = "[]"
"""In place of a catalogue: the spot is in an element of a list."""

Cell = Spot | Membership | Whole
Cells = Mapping[Cell, object]
"""None is a value that is missing; a cell that is not there has not been decided, and is missing as well."""


def spot(column: Column) -> Spot:
    """The cell of a column."""
    if column.scope is Scope.ELEMENT:
        return Spot(column.path, ELEMENT)
    return Spot(column.path, column.catalog if column.scope is Scope.CATALOG else None)


def with_cell(cells: Cells, cell: Cell, value: object) -> Cells:
    """The cells with one more decided."""
    return {**cells, cell: value}


def rows_of(cells: Cells) -> tuple[Row, ...]:
    """The rows of a user."""
    rows = cells.get(Whole.ROWS, ())
    return rows if isinstance(rows, tuple) else ()


def with_rows(cells: Cells, rows: Iterable[Row]) -> Cells:
    """The cells with more rows."""
    return {**cells, Whole.ROWS: (*rows_of(cells), *rows)}


def fields(cells: Cells, catalog: str | None = None) -> dict[str, object]:
    """The values as nested fields, those that are missing left out."""
    found: dict[str, object] = {}
    for cell, value in cells.items():
        if isinstance(cell, Spot) and cell.catalog == catalog and value is not None:
            _put(found, cell.path, value)
    return found


def _put(into: dict[str, object], path: Path, value: object) -> None:
    for part in path[:-1]:
        below = into.setdefault(part, {})
        if not isinstance(below, dict):
            return
        into = below
    if not isinstance(into.get(path[-1]), dict):
        into[path[-1]] = dict(value) if isinstance(value, dict) else value


def value_at(cells: Cells, cell: Spot) -> object:
    """The value at a cell, None if it is missing."""
    if cell in cells and not isinstance(cells[cell], dict):
        return cells[cell]
    value: object = fields(cells, cell.catalog)
    for part in cell.path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
