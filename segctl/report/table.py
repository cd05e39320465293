"""Tables that fit: a narrow terminal loses columns, and is told so; no word and no number is broken or cut.

Where not even the columns that must be there have room, every row is a block of lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from segctl.report.hanging import WORD, Hanging, broken

GAP = 2
LEAST_WRAPPED = 36

Cell = str | Text


@dataclass(frozen=True)
class Column:
    """A column; `spare` ones are left out where there is no room for them, the highest first.

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
        widths = self._widths(shown, options.max_width)
        if widths is None:
            yield from self._blocks()
            return
        yield self._table(shown, widths)
        hidden = [column.name for column in self.columns if column not in shown]
        if hidden:
            yield Hanging([(0, Text(f"no room for: {', '.join(hidden)}", style="dim"))])

    def fitting(self, width: int) -> list[Column]:
        """The columns that there is room for, and those that must be there."""
        needed = {column: self._needed(place, column) + GAP for place, column in enumerate(self.columns)}
        shown = {column for column in self.columns if not column.spare}
        for column in sorted(self.columns, key=lambda column: column.spare):
            if sum(needed[one] for one in {*shown, column}) - GAP <= width:
                shown.add(column)
        return [column for column in self.columns if column in shown]

    def _table(self, shown: Sequence[Column], widths: Mapping[Column, int]) -> RenderableType:
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold", highlight=False)
        for column in shown:
            justify = "right" if column.right else "left"
            table.add_column(column.name, justify=justify, no_wrap=True, width=widths[column])  # type: ignore[arg-type]
        places = [(self.columns.index(column), column) for column in shown]
        for row in self.cells:
            table.add_row(*(_wrapped(row[at], widths[one]) if one.wraps else row[at] for at, one in places))
        return table

    def _widths(self, shown: Sequence[Column], width: int) -> dict[Column, int] | None:
        """The width of each column, what is left over given to those that wrap; None where they have no room."""
        ranges = {column: self._range(self.columns.index(column), column) for column in shown}
        widths = {column: least for column, (least, _) in ranges.items()}
        left = width - sum(widths.values()) - GAP * (len(shown) - 1)
        if left < 0:
            return None
        for column, (least, natural) in ranges.items():
            more = min(left, natural - least)
            widths[column] += more
            left -= more
        return widths

    def _blocks(self) -> Iterator[RenderableType]:
        """Each row as lines, a name and a value on each; nothing for what is empty."""
        width = max(len(column.name) for column in self.columns) + GAP
        for number, row in enumerate(self.cells):
            if number:
                yield Text()
            pairs = [(column.name, cell) for column, cell in zip(self.columns, row, strict=True) if str(cell)]
            lines = [(0, Text(name.ljust(width), style="bold").append_text(_text(cell))) for name, cell in pairs]
            yield Hanging(lines, step=width)

    def _needed(self, place: int, column: Column) -> int:
        """What a column should have."""
        least, natural = self._range(place, column)
        return max(least, min(natural, LEAST_WRAPPED))

    def _range(self, place: int, column: Column) -> tuple[int, int]:
        """What a column must have, and what it can use."""
        texts = [str(row[place]) for row in self.cells]
        natural = max([cell_len(column.name), *map(cell_len, texts)])
        if not column.wraps:
            return natural, natural
        words = (cell_len(word) for text in texts for word in WORD.findall(text))
        return max([cell_len(column.name), *words]), natural


def _text(cell: Cell) -> Text:
    return cell.copy() if isinstance(cell, Text) else Text(cell, style="not bold")


def _wrapped(cell: Cell, width: int) -> Text:
    text = cell.copy() if isinstance(cell, Text) else Text(cell)
    return Text("\n").join(broken(text, width, width))
