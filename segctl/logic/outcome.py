"""What a condition comes to for one user: a tree with the user's own values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segctl.logic.nodes import Node


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows that an event condition looked at, in brief; instants are UTC microseconds.

    `total` rows have one of the names and lie before as_of, `matching` of them pass `where`, `counted` of
    these lie in the window. `first_us` and `last_us` are of the matching ones; `later` rows have one of the
    names and lie at or after as_of, so that they are not seen yet.
    """

    as_of_us: int
    total: int = 0
    matching: int = 0
    counted: int = 0
    first_us: int | None = None
    last_us: int | None = None
    later: int = 0


@dataclass(frozen=True)
class Outcome:
    """One condition for one user.

    `actual` is the user's own value: of a value the value itself (dates as `Date`, times as
    `At`, None if missing), of events what was measured (an exact number is an `int`, a `Decimal`,
    or a `Fraction` where no decimal of six places holds it), of a sequence how many of its steps there are,
    of engagement the share of the messages, of scores the three of them, of a bucket its number; None for
    the rest. `begins` is the last value that is in a rank, unless it is that of one of a few.
    `children` are the parts, or the one condition that a reference stands for. `seen` is of conditions on
    events. A reference with `published_us` stands as it was published then, as of that instant; its child
    says what it would be now.
    """

    node: Node
    holds: bool
    actual: object = None
    children: tuple[Outcome, ...] = ()
    seen: Seen | None = None
    published_us: int | None = None
    begins: object = None

    @property
    def decided(self) -> bool:
        """Whether the outcome follows from those of the children."""
        return bool(self.children) and self.published_us is None

    def walk(self) -> Iterator[Outcome]:
        """This one and all below it, in the order in which they were written."""
        yield self
        for child in self.children:
            yield from child.walk()
