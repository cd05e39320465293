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

Literal = bool | int | Decimal | str
Path = tuple[str, ...]


# --- instants -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ago:
    """as_of minus `us` microseconds."""

    us: int


@dataclass(frozen=True, slots=True)
class Midnight:
    """Local midnight, `days_before` days before as_of's local date."""

    days_before: int


@dataclass(frozen=True, slots=True)
class Written:
    """A date or an instant as written; a date is a whole local day (law 6)."""

    text: str
    origin: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows' times count: [start, end), open-ended where None.

    A date as start means its start, a date as end means its end (law 6).
    """

    start: Ago | Midnight | Written | None = None
    end: Ago | Written | None = None


# --- tests on one value ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value equals one of the literals. Normalised: sorted, distinct."""

    values: tuple[Literal, ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """The value lies between two bounds, each inclusive unless open, either may be None."""

    low: Literal | None = None
    high: Literal | None = None
    low_open: bool = False
    high_open: bool = False


class TextKind(enum.StrEnum):
    """How a text is searched."""

    CONTAINS = "contains"
    STARTS = "starts_with"
    ENDS = "ends_with"


@dataclass(frozen=True, slots=True)
class TextMatch:
    """The text contains, starts or ends with one of the texts. Normalised: sorted, distinct."""

    kind: TextKind
    texts: tuple[str, ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """There is a value: not null, not absent, not NaN."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Null, the empty text, or the empty list."""


@dataclass(frozen=True, slots=True)
class Includes:
    """The list includes any, or all, of the literals. Normalised: sorted, distinct."""

    every: bool
    values: tuple[Literal, ...]
    ignore_case: bool = False


class Moment(enum.StrEnum):
    """The time operators."""

    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    WITHIN_LAST = "within_last"
    OLDER_THAN = "older_than"
    WITHIN_NEXT = "within_next"
    LATER_THAN = "later_than"


@dataclass(frozen=True, slots=True)
class TimeTest:
    """The date or time meets a time operator; `than` is text as written, or microseconds."""

    moment: Moment
    than: str | int


ValueTest = OneOf | Range | TextMatch | Present | Blank | Includes | TimeTest


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
    DISTINCT = "distinct"
    DAYS = "days"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure, of a property where the kind needs one."""

    kind: MeasureKind
    of: Path | None = None


@dataclass(frozen=True, slots=True)
class EventTest:
    """The measure over the rows is present and passes a `Range`; first and last a `TimeTest` or a `Range` of texts."""

    rows: Rows
    measure: Measure
    test: Range | TimeTest
    origin: Span | None = field(default=None, compare=False, repr=False)
    literals: tuple[Span | None, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EventMissing:
    """The measure over the rows is missing (never so for count, sum, distinct and days)."""

    rows: Rows
    measure: Measure


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


Node = Everyone | All | Any | Not | Value | EventTest | EventMissing | Reference | Bucket
NOBODY = Not(Everyone())
