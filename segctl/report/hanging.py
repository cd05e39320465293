"""Lines that fit: what is too long for the terminal goes on below, indented once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

STEP = 2
_LEAST = 24


@dataclass(frozen=True)
class Hanging:
    """Lines, each with the blanks before it."""

    lines: Sequence[tuple[int, Text]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines in whatever width there is."""
        for indent, line in self.lines:
            room = max(options.max_width - indent - STEP, _LEAST)
            first, *more = line.wrap(console, room) if line.plain else [line]
            yield Text(" " * indent).append_text(first)
            for rest in more:
                yield Text(" " * (indent + STEP)).append_text(rest)


def plain(lines: Sequence[tuple[int, Text]]) -> Text:
    """The same as one text, nothing wrapped."""
    text = Text()
    for indent, line in lines:
        text.append(" " * indent).append_text(line).append("\n")
    return text
