"""Lines that fit: what is too long for the terminal goes on below, indented once more; a word is never broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

STEP = 2
WORD = re.compile(r"\S+(?: %(?!\S*\w))?")
"""What may not be broken: a word, and a number with its percent sign."""

_LEAST = 24


@dataclass(frozen=True)
class Hanging:
    """Lines, each with the blanks before it; `step` is how much more those have that go on below."""

    lines: Sequence[tuple[int, Text]]
    step: int = STEP

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines in whatever width there is."""
        for indent, line in self.lines:
            below = indent + self.step
            first, *more = broken(line, options.max_width - indent, options.max_width - below)
            yield _whole(Text(" " * indent).append_text(first))
            for rest in more:
                yield _whole(Text(" " * below).append_text(rest))


@dataclass(frozen=True)
class Flow:
    """A text of many lines, each with its own blanks in front; unless it says `no_wrap`, as a command does."""

    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines in whatever width there is."""
        for line in self.text.split("\n", allow_blank=True):
            if self.text.no_wrap or cell_len(line.plain) <= options.max_width:
                yield _whole(line)
            else:
                indent = len(line.plain) - len(line.plain.lstrip(" "))
                yield from Hanging([(indent, line[indent:])]).__rich_console__(console, options)


def broken(line: Text, first: int, below: int) -> list[Text]:
    """A line broken at blanks alone, to the width of the first and of those below; a longer word stays whole."""
    offsets, start, width = list[int](), 0, max(first, _LEAST)
    for place, word in enumerate(WORD.finditer(line.plain)):
        if place and cell_len(line.plain[start : word.end()]) > width:
            start, width = word.start(), max(below, _LEAST)
            offsets.append(start)
    parts = line.divide(offsets)
    for part in parts if offsets else ():
        part.rstrip()
    return list(parts) or [line]


def plain(lines: Sequence[tuple[int, Text]]) -> Text:
    """The same as one text, nothing wrapped."""
    text = Text()
    for indent, line in lines:
        text.append(" " * indent).append_text(line).append("\n")
    return text


def _whole(line: Text) -> Text:
    """The line as it is: rich neither breaks nor cuts it."""
    line.no_wrap, line.overflow = True, "ignore"
    return line
