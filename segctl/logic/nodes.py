"""Logic: what a definition means, free of the data's types. Small frozen nodes.

All nodes are two-valued (law 2): a test is false on a missing value, and every negative
operator has been lowered to `Not` of its positive twin, `or_missing` to `Any` with `Not(Present)`.
`origin` says where in a file a node was written, `literals` where its literals were, one by one in
their order; neither takes part in equality or hashes. Python holds `True`, `1` and `Decimal(1)` for
equal: compare nodes by `fingerprint.encode`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from decimal import Decimal

from segctl.diagnostics import Span
from segctl.logic.value_tests import (
    Ago,
    AnyElement,
    Blank,
    Includes,
    Inside,
    Length,
    Literal,
    MeasureTest,
    Midnight,
    Moment,
    Near,
    OneOf,
    Path,
    Pattern,
    PlaceTest,
    Present,
    Range,
    Rank,
    Ring,
    Somewhere,
    TextKind,
    TextMatch,
    TimeTest,
    ValueTest,
    VersionRange,
    Window,
    Written,
    YearlyBetween,
    YearlyWithin,
)

__all__ = [
    "NOBODY",
    "Ago",
    "All",
    "Any",
    "AnyElement",
    "Arithmetic",
    "Blank",
    "Bucket",
    "Engagement",
    "EventMissing",
    "EventTest",
    "Everyone",
    "Expression",
    "Faulty",
    "Includes",
    "Inside",
    "Length",
    "Literal",
    "Measure",
    "MeasureKind",
    "MeasureTest",
    "Measured",
    "Midnight",
    "Moment",
    "Names",
    "Near",
    "Node",
    "Not",
    "Number",
    "OneOf",
    "Path",
    "Pattern",
    "Place",
    "PlaceTest",
    "Present",
    "Range",
    "Rank",
    "Reference",
    "Rfm",
    "Ring",
    "Rows",
    "Sequence",
    "Share",
    "Somewhere",
    "Step",
    "TextKind",
    "TextMatch",
    "TimeTest",
    "TraitOf",
    "TraitValue",
    "Value",
    "ValueTest",
    "VersionRange",
    "Window",
    "Written",
    "YearlyBetween",
    "YearlyWithin",
]

# --- conditions: on a user, or on one event row inside `Rows.where` ---------------------------


@dataclass(frozen=True, slots=True)
class Everyone:
    """True."""


@dataclass(frozen=True, slots=True)
class All:
    """True where all are. Normalised: flat, sorted, distinct, at least two."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True where one is. Normalised: flat, sorted, distinct, at least two."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the other is false."""

    of: Node


@dataclass(frozen=True, slots=True)
class Value:
    """A test on an attribute of the user; inside `Rows.where`, on a property of the row."""

    path: Path
    test: ValueTest
    origin: Span | None = field(default=None, compare=False, repr=False)
    literals: tuple[Span | None, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A test on two coordinates, of the user or inside `Rows.where` of the row."""

    lat: Path
    lon: Path
    test: PlaceTest
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TraitValue:
    """A test on a trait of the user."""

    name: str
    test: ValueTest
    origin: Span | None = field(default=None, compare=False, repr=False)
    literals: tuple[Span | None, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Names:
    """Which events by name: any of `exact`, or of a prefix ("" is every event). Normalised: sorted, distinct."""

    exact: tuple[str, ...] = ()
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The event rows of a user that count; rows at or after as_of never do (law 5)."""

    names: Names
    where: Node
    window: Window
    origin: Span | None = field(default=None, compare=False, repr=False)


class MeasureKind(enum.StrEnum):
    """What is computed over the rows (law 7 says what nothing gives)."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    DISTINCT = "distinct"
    DAYS = "days"
    PERIODS = "periods"
    FIRST = "first"
    LAST = "last"
    FIRST_VALUE = "first_value"
    LAST_VALUE = "last_value"
    MOST_FREQUENT = "most_frequent"
    UNIQUE_LIST = "unique_list"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure, of a property where the kind needs one; of periods their length and the rows that each needs.

    `origin` is where the property was written.
    """

    kind: MeasureKind
    of: Path | None = None
    every_us: int | None = None
    each: int | None = None
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EventTest:
    """The measure over the rows is present and passes a `Range`; first and last any of these tests, of texts."""

    rows: Rows
    measure: Measure
    test: MeasureTest
    origin: Span | None = field(default=None, compare=False, repr=False)
    literals: tuple[Span | None, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EventMissing:
    """The measure over the rows is missing (never so for count, sum, distinct, days and periods)."""

    rows: Rows
    measure: Measure


@dataclass(frozen=True, slots=True)
class Step:
    """A row after the row of the step before: more than, and at most, so long after it; or, if absent, no such row.

    The window of the rows is the first step's look-back; later steps have one only where it was asked for.
    """

    rows: Rows
    absent: bool = False
    more_than_us: int | None = None
    within_us: int | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A chain of rows, one for each step that is not absent, whose last is at most so long after the first (law 8)."""

    steps: tuple[Step, ...]
    complete_within_us: int | None = None
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Engagement:
    """The user's level by law 13: the share of e-mails opened or clicked, or that none was received.

    `low` and `high` bound the share, from 0 to 1, `low` included and `high` not; `none` asks for users
    who received none. `previous` looks a week further back.
    """

    sent: str
    responses: tuple[str, ...]
    message: Path
    lookback_us: int
    previous: bool = False
    none: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """xxh3_64("campaign:user_id") mod 10,000 lies in [low, high): a variant of a campaign (law 11)."""

    campaign: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Rfm:
    """The user's scores of recency, frequency and money (of a property) are one of these triples, each 0 to 3.

    `origin` is where the property was written.
    """

    rows: Rows
    of: Path
    scores: tuple[tuple[int, int, int], ...]
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Faulty:
    """What cannot mean anything in this project; it is told when the definition is bound, and means nobody."""

    code: str
    summary: str
    hint: str = ""
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """Membership in another resource: a segment, an extension or a list."""

    kind: str
    name: str
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The user's bucket lies from `low` to `high`, both included (law 11)."""

    low: int
    high: int
    origin: Span | None = field(default=None, compare=False, repr=False)


Node = (
    Everyone | All | Any | Not | Value | Place | TraitValue | EventTest | EventMissing | Sequence | Engagement
    | Rfm | Reference | Bucket | Share | Faulty
)  # fmt: skip


# --- values: what a trait is --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over the rows of the user."""

    rows: Rows
    measure: Measure


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a formula."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class TraitOf:
    """The value of another trait."""

    name: str
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One of + - * / on two numbers; missing where one is, or where the divisor is 0."""

    sign: str
    left: Expression
    right: Expression


Expression = Measured | Number | TraitOf | Arithmetic
"""What a trait is, for one user."""

NOBODY = Not(Everyone())
