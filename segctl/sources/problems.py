"""What is wrong with the data, collected: one diagnostic per kind and column, with count and examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from segctl.diagnostics import Diagnostic, InvalidInput, Span

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

    `hint` may name the `{column}` too; a brace of its own is written twice.
    """

    code: str
    summary: str
    hint: str = ""


@dataclass
class _Found:
    """The wrong values of one kind and column so far: per file the count and the first examples."""

    count: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[tuple[int, str | None]]] = field(default_factory=dict)


class Problems:
    """Collects diagnostics of all tables; what was found in which order never shows."""

    def __init__(self, spans: Spans | None = None) -> None:
        self._spans = spans
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
        return Problems(self._spans)

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
        detail = ", ".join(_example(f if len(files) > 1 else "", row, text) for f, row, text in examples)
        summary = trouble.summary.format(column=f"`{column}`", rows=rows)
        return Diagnostic(trouble.code, summary, self._span(place), detail, trouble.hint.format(column=column))

    def _span(self, place: Place) -> Span | None:
        return self._spans(place) if self._spans else None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Wrong rows of a file: how many, and some by row (from 1, without a header) and value."""

    file: str
    count: int
    examples: Sequence[tuple[int, str | None]]

    @classmethod
    def of(cls, file: str, rows: Sequence[int], value: Callable[[int], object]) -> Wrong:
        """The wrong rows, counted from 0; `value` gives what stands there (None shows no value)."""
        return cls(file, len(rows), [(int(row) + 1, shorten(value(int(row)))) for row in rows[:_EXAMPLES]])


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


def _example(file: str, row: int, text: str | None) -> str:
    place = f"{file} row {row}" if file else f"row {row}"
    return place if text is None else f"{place}: `{text}`"
