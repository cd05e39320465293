"""Comments that allow what would be warned about: `# segctl: allow RULE: reason`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import yaml

from segctl.diagnostics import Span
from segctl.load.document import Placed
from segctl.load.node import Node, walk
from segctl.load.parse import LOADER

MARK = "segctl:"
MOST = 1_000
"""The most comments that are taken of a file."""

_BETWEEN = ("---", "...")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*segctl:[ \t]*(?P<said>.*)$")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A comment that begins with `segctl:`. Of one that cannot be read there are no `rules`.

    It is about the `lines` of its file, from the first up to the last: the one that it stands on, or where it
    stands alone what is right below; above a document that is all of it.
    """

    span: Span
    rules: tuple[str, ...]
    reason: str
    lines: tuple[int, int]

    def covers(self, span: Span | None) -> bool:
        """Whether it is about this place."""
        return span is not None and span.file == self.span.file and self.lines[0] <= span.line <= self.lines[1]


def allowances(text: str, file: str) -> tuple[Allowance, ...]:
    """The comments of a file that begin with `segctl:`, from top to bottom; a `#` inside a text is none.

    Of very many in one file the first ones are taken.
    """
    if MARK not in text:
        return ()
    lines = text.split("\n")
    every = ((n, match) for n, line in enumerate(lines) if MARK in line and (match := _COMMENT.search(line)))
    found = list(islice(every, MOST))
    texts = list(_texts(text)) if found else []
    blocks = _Blocks(lines)
    return tuple(
        _allowance(blocks, number, match, file)
        for number, match in found
        if not _inside((number, match.start()), texts)
    )


def _allowance(blocks: _Blocks, number: int, match: re.Match[str], file: str) -> Allowance:
    verb, _, rest = match["said"].strip().partition(" ")
    names, _, reason = rest.partition(":") if verb == "allow" else ("", "", "")
    rules = tuple(name.strip() for name in names.split(",")) if names.strip() else ()
    alone = not blocks.lines[number][: match.start()].strip()
    about = blocks.below(number) if alone else (number + 1, number + 1)
    return Allowance(Span(file, number + 1, match.start() + 1), rules, reason.strip(), about)


class _Blocks:
    """The lines of a file, by how deep they are indented."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._full = [n for n, line in enumerate(lines) if not _is_bare(line)]
        self._ends: dict[int, int] = {}

    def below(self, number: int) -> tuple[int, int]:
        """The next line that holds more than a comment, with what hangs below it; counted from 1.

        Below the first line of a document that is all of it.
        """
        first = self._next(number)
        if first not in self._ends:
            self._ends[first] = self._end(first)
        return first + 1, self._ends[first] + 1

    def _next(self, number: int) -> int:
        place = bisect_right(self._full, number)
        return self._full[place] if place < len(self._full) else number

    def _end(self, first: int) -> int:
        begins = self._begins_document(first)
        last = first
        for n in islice(self._full, bisect_right(self._full, first), None):
            line = self.lines[n]
            if line.startswith(_BETWEEN) or not (begins or _hangs_below(line, self.lines[first])):
                break
            last = n
        return last

    def _begins_document(self, first: int) -> bool:
        """Whether nothing of its document stands above the line."""
        place = bisect_left(self._full, first)
        return place == 0 or self.lines[self._full[place - 1]].startswith(_BETWEEN)


def apart_from(comments: Iterable[Allowance], documents: Iterable[Placed]) -> Iterator[Allowance]:
    """The comments that are about something else than these documents."""
    places = [(one.file, *_extent(one.node)) for one in documents if one.node is not None]
    for comment in comments:
        span = comment.span
        inside = (span.file == file and first <= span.line <= last for file, first, last in places)
        above = (comment.covers(Span(file, first)) for file, first, _ in places)
        if not any(inside) and not any(above):
            yield comment


def _extent(node: Node) -> tuple[int, int]:
    """The first and the last line on which something of it begins."""
    lines = [part.place[0] for _, part in walk(node)]
    return min(lines), max(lines)


def _hangs_below(line: str, head: str) -> bool:
    """Whether a line is a part of what the head begins: indented deeper, or an item of its list."""
    item = line.lstrip().startswith("- ") and not head.lstrip().startswith("- ")
    return _indent(line) > _indent(head) or (item and _indent(line) == _indent(head))


def _is_bare(line: str) -> bool:
    """Whether nothing but a comment stands on the line."""
    return not line.strip() or line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


Place = tuple[int, int]


def _texts(text: str) -> Iterator[tuple[Place, Place]]:
    """Where quoted and block texts begin and end, as far as the file can be read."""
    parser: Any = LOADER(text)
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, yaml.ScalarEvent) and event.style:
                yield _place(event.start_mark), _place(event.end_mark)
    except yaml.YAMLError:
        return
    finally:
        parser.dispose()


def _place(mark: Any) -> Place:
    return mark.line, mark.column


def _inside(place: Place, texts: Sequence[tuple[Place, Place]]) -> bool:
    """Whether a place lies in one of the texts, which are in order."""
    number = bisect_right([start for start, _ in texts], place)
    return number > 0 and place < texts[number - 1][1]
