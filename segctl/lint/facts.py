"""What rules know of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from segctl.logic.bound import Scope
from segctl.logic.types import Schema

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of texts, or of lists of texts: of the users, of an event name, or of a catalogue (`of`)."""

    scope: Scope
    path: Path
    of: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows of an event name: how many there are, and the instants of the first and the last one."""

    rows: int
    first_us: int
    last_us: int


def _nothing(_: TextColumn) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Facts:
    """The data as of an instant.

    `texts` are all texts that a column has in any row, for columns that are compared with texts and are not
    full of different ones; `shareable` gives those that a message may show. `events` has the event names with
    a row.
    """

    schema: Schema
    as_of_us: int
    users: int = 0
    events: Mapping[str, Seen] = field(default_factory=dict)
    texts: Mapping[TextColumn, frozenset[str]] = field(default_factory=dict)
    shareable: Callable[[TextColumn], frozenset[str]] = field(default=_nothing, compare=False)

    @property
    def first_us(self) -> int | None:
        """The instant of the first row of all."""
        return min((seen.first_us for seen in self.events.values()), default=None)
