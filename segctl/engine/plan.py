"""The distinct work of many conditions, as plain data: what every shard does, and Spark too."""

from __future__ import annotations

import enum
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from segctl.logic.bound import (
    Bucket,
    Column,
    ElementTest,
    Everyone,
    Exactly,
    Given,
    Node,
    PlaceTest,
    Share,
    Test,
    ValueTest,
)
from segctl.logic.leaves import Leaf
from segctl.logic.nodes import MeasureKind
from segctl.logic.types import Type

Label = TypeVar("Label", bound=Hashable)
"""What the caller calls a condition: a resource's key, or a key of old definitions."""

Name = str


@dataclass(frozen=True, slots=True)
class Span:
    """Instants in [start, end), UTC microseconds."""

    start: int
    end: int

    def union(self, other: Span) -> Span:
        """The shortest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


class TallyKind(enum.Enum):
    """What is kept per user while rows are gone through."""

    ROWS = "rows"
    VALUES = "values"
    SUM = "sum"
    LEAST = "least"
    GREATEST = "greatest"
    DISTINCT = "distinct"
    DAYS = "days"
    MEDIAN = "median"
    PERIODS = "periods"
    FIRST = "first"
    LAST = "last"
    OCCURRENCES = "occurrences"


@dataclass(frozen=True, slots=True)
class Tally:
    """One number per user over the rows of a row set in a span."""

    kind: TallyKind
    span: Span
    column: Column | None = None
    zone: str | None = None
    every_us: int | None = None
    each: int | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """True where the measure over the tallies is there and passes; without a test, where it is missing.

    One tally, or for an average the sum and the number of values. Spans test instants.
    """

    tallies: tuple[Tally, ...]
    test: Exactly | Span | None


@dataclass(frozen=True, slots=True)
class Gauge:
    """The measure over the tallies as a column of values of a type."""

    kind: MeasureKind
    tallies: tuple[Tally, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class RowSet:
    """The rows with one of the names that pass `where`, in the widest span that is asked of them."""

    names: tuple[Name, ...]
    where: Node
    span: Span


@dataclass(frozen=True, slots=True)
class RowWork:
    """All that is asked of one row set: its tallies, which step each threshold answers, which value each gauge is."""

    rows: RowSet
    tallies: tuple[Tally, ...]
    thresholds: Mapping[int, Threshold]
    gauges: Mapping[int, Gauge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Junction:
    """True where every one, or any one, of other steps is."""

    every: bool
    of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """True where another step is false."""

    of: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Answered by a threshold over the tallies of a row set."""

    rows: tuple[tuple[Name, ...], Node]
    threshold: Threshold


@dataclass(frozen=True, slots=True)
class Link:
    """A step of a sequence: its rows, or that there are none; how long after the row before (law 8)."""

    rows: RowSet
    absent: bool = False
    more_than_us: int | None = None
    within_us: int | None = None


@dataclass(frozen=True, slots=True)
class Chained:
    """True where a chain of rows matches all links, the last row at most so long after the first."""

    links: tuple[Link, ...]
    complete_within_us: int | None


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages that were sent and the responses that count, with the columns of the messages' ids."""

    sent: RowSet
    sent_id: Column | None
    responses: RowSet
    response_id: Column | None


@dataclass(frozen=True, slots=True)
class Engaged:
    """True where the share of the messages that were responded to passes; without a test, where none was sent."""

    messages: Messages
    test: Exactly | None


@dataclass(frozen=True, slots=True)
class Tested:
    """A test on a computed value, by the value's number."""

    value: int
    test: Test


@dataclass(frozen=True, slots=True)
class ListTested:
    """A condition on one element of a computed list, by the value's number."""

    value: int
    where: Node


Step = (
    Everyone | ValueTest | PlaceTest | ElementTest | Given | Bucket | Share | Junction | Negation | Counted | Tested
    | ListTested | Chained | Engaged
)  # fmt: skip


def own_rows(step: Step) -> tuple[RowSet, ...]:
    """The rows that a step goes over by itself."""
    match step:
        case Chained(links=links):
            return tuple(link.rows for link in links)
        case Engaged(messages=messages):
            return (messages.sent, messages.responses)
    return ()


@dataclass(frozen=True, slots=True)
class Gauged:
    """A value that is measured over the rows of a row set."""

    rows: tuple[tuple[Name, ...], Node]
    gauge: Gauge


@dataclass(frozen=True, slots=True)
class Constant:
    """The same number for everybody, or for everybody none."""

    number: float | None
    type: Type


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic on two other values, of doubles."""

    sign: str
    left: int
    right: int


Value = Gauged | Constant | Operation


@dataclass(frozen=True)
class Plan:
    """Steps in an order in which each uses only earlier ones; equal work is there once.

    `outputs` is the step of each label, in the order of `labels`. `spans` says for a test on the rows
    of an event name over which span somebody needs it, `instants` where spans start and end. `values`
    are what is computed, each of earlier ones, `columns` those of them that are asked for.
    """

    steps: tuple[Step, ...]
    labels: tuple[Hashable, ...]
    outputs: tuple[int, ...]
    work: tuple[RowWork, ...]
    spans: Mapping[tuple[Name, Leaf], Span]
    instants: tuple[int, ...]
    as_of_us: int
    values: tuple[Value, ...] = ()
    columns: tuple[int, ...] = ()
