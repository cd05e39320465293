"""What is wrong with the data, collected: one diagnostic per kind and column, with count and examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput, Span
from segctl.disclosure import example
from segctl.sources.lines import line_numbers

Place = tuple[str | int, ...]
"""A path in the project file, such as ("events", 0, "time")."""

Spans = Callable[[Sequence[str | int]], Span | None]
"""Finds a place in the project file."""

_EXAMPLES = 3
_FILES = 3
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of wrong value. `summary` is said of `{column}`; `{rows}` is "2 rows of a.csv".

    `hint` may name the `{column}` too; a brace of its own is written twice. Values `of_ids` are not shown as
    examples, only their shape is.
    """

    code: str
    summary: str
    hint: str = ""
    of_ids: bool = False


@dataclass
class _Found:
    """The wrong values of one kind and column so far: per file the count and the first examples."""

    count: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[tuple[int, str | None]]] = field(default_factory=dict)


class Problems:
    """Collects diagnostics of all tables; what was found in which order never shows."""

    def __init__(self, spans: Spans | None = None, root: Path | None = None) -> None:
        """`root` is the folder that names of files start from; without it rows have no lines."""
        self._spans = spans
        self._root = root
        self._diagnostics: list[Diagnostic] = []
        self._found: dict[tuple[Trouble, Place, str], _Found] = {}

    def add(self, code: str, summary: str, place: Place, *, detail: str = "", hint: str = "") -> None:
        """One thing that is wrong."""
        self._diagnostics.append(Diagnostic(code, summary, self._span(place), detail, hint))

    def rows(self, trouble: Trouble, place: Place, column: str, wrong: Wrong) -> None:
        """Wrong values of a column in some rows of a file."""
        if not wrong.count:
            return
        found = self._found.setdefault((trouble, place, column), _Found())
        found.count[wrong.file] = found.count.get(wrong.file, 0) + wrong.count
        examples = [*found.examples.get(wrong.file, []), *wrong.examples]
        found.examples[wrong.file] = sorted(examples, key=lambda e: e[0])[:_EXAMPLES]

    def apart(self) -> Problems:
        """A collection for one part of the work."""
        return Problems(self._spans, self._root)

    def include(self, other: Problems) -> None:
        """What another collection found, in columns that this one has not."""
        self._diagnostics += other._diagnostics
        self._found.update(other._found)

    def __bool__(self) -> bool:
        return bool(self._diagnostics or self._found)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found."""
        grouped = [self._diagnostic(*key, found) for key, found in self._found.items()]
        return (*self._diagnostics, *grouped)

    def check(self) -> None:
        """Raise what was found, if anything.

        Raises:
            InvalidInput: something was found.
        """
        if self:
            raise InvalidInput(self.diagnostics())

    def _diagnostic(self, trouble: Trouble, place: Place, column: str, found: _Found) -> Diagnostic:
        files = sorted(found.count)
        total = sum(found.count.values())
        rows = f"{counted(total, 'row')} of {name_files(files)}"
        examples = [(f, row, text) for f in files for row, text in found.examples[f]][:_EXAMPLES]
        places = self._places([(file, row) for file, row, _ in examples], several=len(files) > 1)
        texts = ("" if text is None else f": `{text}`" for *_, text in examples)
        detail = ", ".join(f"{place}{text}" for place, text in zip(places, texts, strict=True))
        summary = trouble.summary.format(column=f"`{column}`", rows=rows)
        return Diagnostic(trouble.code, summary, self._span(place), detail, trouble.hint.format(column=column))

    def _places(self, rows: Sequence[tuple[str, int]], *, several: bool) -> Iterator[str]:
        """Where rows stand: by line where the file has lines."""
        for file, group in groupby(rows, key=lambda one: one[0]):
            numbers = [row for _, row in group]
            lines = line_numbers(self._root / file, numbers) if self._root else None
            named = f"{file} " if several else ""
            yield from (f"{named}line {line}" for line in lines or ())
            yield from (f"{named}row {row + 1}" for row in (numbers if lines is None else ()))

    def _span(self, place: Place) -> Span | None:
        return self._spans(place) if self._spans else None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Wrong rows of a file: how many, and some by row (from 0, without a header) and value."""

    file: str
    count: int
    examples: Sequence[tuple[int, str | None]]

    @classmethod
    def of(cls, file: str, rows: Sequence[int], value: Callable[[int], object]) -> Wrong:
        """The wrong rows, counted from 0; `value` gives what stands there (None shows no value)."""
        return cls(file, len(rows), [(int(row), _shown(value(int(row)))) for row in rows[:_EXAMPLES]])


def _shown(value: object) -> str | None:
    """A value as an example of what is wrong."""
    return None if value is None else shorten(example(" ".join(str(value).split()) or repr(str(value))))


def shorten(value: object) -> str | None:
    """A value as a short text on one line."""
    if value is None:
        return None
    text = " ".join(str(value).split()) or repr(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def counted(number: int, what: str) -> str:
    """A number of things: "1 row", "1,234 rows"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def name_files(files: Iterable[str]) -> str:
    """Some file names as a text: all of few, the first of many."""
    names = sorted(files)
    if len(names) <= _FILES:
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{len(names)} files ({', '.join(names[:_FILES])}, …)"
