"""Tables that fit: a narrow terminal loses whole columns, and is told so; a number is never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

GAP = 2
LEAST_WRAPPED = 36

Cell = str | Text


@dataclass(frozen=True)
class Column:
    """A column; `spare` ones are left out where there is no room for them, in their order.

    `wraps` lets long cells go over several lines.
    """

    name: str
    right: bool = False
    wraps: bool = False
    spare: int = 0


@dataclass(frozen=True)
class Rows:
    """A table as rich renders it, in whatever width there is."""

    columns: Sequence[Column]
    cells: Sequence[Sequence[Cell]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, and which columns it has no room for."""
        shown = self.fitting(options.max_width)
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold", highlight=False)
        for column in shown:
            justify = "right" if column.right else "left"
            table.add_column(column.name, justify=justify, no_wrap=not column.wraps, overflow="fold")  # type: ignore[arg-type]
        places = [self.columns.index(column) for column in shown]
        for row in self.cells:
            table.add_row(*(row[place] for place in places))
        yield table
        hidden = [column.name for column in self.columns if column not in shown]
        if hidden:
            yield Text(f"no room for: {', '.join(hidden)}", style="dim")

    def fitting(self, width: int) -> list[Column]:
        """The columns that there is room for."""
        needed = {column: self._needed(place, column) + GAP for place, column in enumerate(self.columns)}
        shown = {column for column in self.columns if not column.spare}
        for column in sorted(self.columns, key=lambda column: column.spare):
            if sum(needed[one] for one in {*shown, column}) - GAP <= width:
                shown.add(column)
        return [column for column in self.columns if column in shown]

    def _needed(self, place: int, column: Column) -> int:
        widest = max((cell_len(str(row[place])) for row in self.cells), default=0)
        natural = max(widest, cell_len(column.name))
        return min(natural, LEAST_WRAPPED) if column.wraps else natural
