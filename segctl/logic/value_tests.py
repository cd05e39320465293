"""Logic on one value: instants, and the tests that a value, a time or a place may be put to.

All are positive (law 2): a test is false on a missing value, and negative operators are `nodes.Not` of these.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from segctl.diagnostics import Span

if TYPE_CHECKING:
    from segctl.logic.nodes import Node

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


@dataclass(frozen=True, slots=True)
class Pattern:
    """One of the RE2 patterns is found in the text. Normalised: sorted, distinct."""

    patterns: tuple[str, ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """The list has so many elements, null ones included."""

    test: Range


@dataclass(frozen=True, slots=True)
class AnyElement:
    """One element meets the condition, whose paths begin at the element; the empty path is the element itself."""

    where: Node


@dataclass(frozen=True, slots=True)
class YearlyWithin:
    """The day of the year lies in so many days ahead from today, or up to today where negative; today included."""

    days: int


@dataclass(frozen=True, slots=True)
class YearlyBetween:
    """The day of the year lies from `low` to `high`, months and days; across the year's end if `high` is earlier."""

    low: tuple[int, int]
    high: tuple[int, int]


@dataclass(frozen=True, slots=True)
class VersionRange:
    """The text is a version between two, each inclusive unless open; without bounds, any version."""

    low: str | None = None
    high: str | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Rank:
    """Among the users with the greatest (`top`) or least values: a share from 0 to 1, or a number of them."""

    top: bool
    share: Decimal | None = None
    users: int | None = None


ValueTest = (
    OneOf | Range | TextMatch | Pattern | Present | Blank | Includes | Length | AnyElement
    | TimeTest | YearlyWithin | YearlyBetween | VersionRange | Rank
)  # fmt: skip

MeasureTest = Range | TimeTest | OneOf | YearlyWithin | YearlyBetween
"""A test on what is measured of events: of a number a range, of the first or last time any of these."""


# --- tests on a place ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Somewhere:
    """There is a place: both coordinates, on the earth."""


@dataclass(frozen=True, slots=True)
class Near:
    """At most so many metres from a point, on the sphere."""

    lat: Decimal
    lon: Decimal
    metres: Decimal


Ring = tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """In a polygon and in none of its holes, borders included; corners are (longitude, latitude), not repeated."""

    polygon: Ring
    holes: tuple[Ring, ...] = ()


PlaceTest = Somewhere | Near | Inside
