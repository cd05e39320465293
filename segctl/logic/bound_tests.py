"""Bound logic on one value: instants and days, and tests whose literals have the physical form of their column."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from segctl.logic.value_tests import Ago, TextKind

# --- instants and days that depend on as_of --------------------------------------------------


@dataclass(frozen=True, slots=True)
class At:
    """A fixed instant, UTC microseconds since 1970."""

    us: int


@dataclass(frozen=True, slots=True)
class LocalMidnight:
    """Local midnight in `zone`, `days_before` days before as_of's local date."""

    days_before: int
    zone: str


@dataclass(frozen=True, slots=True)
class Date:
    """A fixed date, days since 1970."""

    days: int


@dataclass(frozen=True, slots=True)
class Today:
    """as_of's local date in `zone`, plus `plus` days."""

    plus: int
    zone: str


@dataclass(frozen=True, slots=True)
class LocalMonday:
    """Monday 00:00 in `zone` at or before as_of, or that so many weeks before."""

    weeks_before: int
    zone: str


Instant = At | Ago | LocalMidnight
Day = Date | Today


# --- tests on one value ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Equals:
    """A bool, int, float or str equal to one of the values, which have the column's own type."""

    values: tuple[bool | int | float | str, ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """An int or float between bounds of the column's own type, inclusive unless open."""

    low: int | float | None = None
    high: int | float | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class During:
    """A time in [start, end), open-ended where None."""

    start: Instant | None = None
    end: Instant | None = None


@dataclass(frozen=True, slots=True)
class OnDays:
    """A date in [start, end), open-ended where None."""

    start: Day | None = None
    end: Day | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text that contains, starts or ends with one of the texts."""

    kind: TextKind
    texts: tuple[str, ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class IsPresent:
    """Not null, not NaN."""


@dataclass(frozen=True, slots=True)
class IsBlank:
    """Null, the empty text, or the empty list."""


@dataclass(frozen=True, slots=True)
class Never:
    """False: no value of the column's type can pass, such as an integer equal to 2.5."""


@dataclass(frozen=True, slots=True)
class Matches:
    """One of the RE2 patterns is found in the text."""

    patterns: tuple[str, ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Versions:
    """The text is a version between two, each inclusive unless open; without bounds, any version."""

    low: str | None = None
    high: str | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class HasLength:
    """The number of the list's elements, null ones included, passes."""

    test: Exactly


@dataclass(frozen=True, slots=True)
class YearDays:
    """The local day of the year of a date or a time lies between two days of the year, both included.

    Days are keys, month * 100 + day; the range goes across the year's end if `low` is above `high`. In a
    common year (`common`) 29 February counts as 1 March, in values and in bounds. Values are times, or
    (`of_dates`) days since 1970.
    """

    low: int
    high: int
    common: bool
    zone: str
    of_dates: bool = False


@dataclass(frozen=True, slots=True)
class RelativeYearDays:
    """`YearDays` that depend on as_of's local date: `days` from today where set, else between two fixed days.

    `days` is so many days from today ahead, or up to today where negative; today included.
    """

    zone: str
    days: int | None = None
    low: int = 0
    high: int = 0
    of_dates: bool = False


@dataclass(frozen=True, slots=True)
class Elements:
    """A list in which every test (or, if not `every`, one of them) is passed by some element."""

    every: bool
    tests: tuple[Equals | Between | During | OnDays | Never, ...]


@dataclass(frozen=True, slots=True)
class Exactly:
    """A computed number between exact rational bounds, inclusive unless open; None is unbounded."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False


Test = (
    Equals | Between | During | OnDays | Text | Matches | Versions | IsPresent | IsBlank | Never | Elements
    | HasLength | YearDays | RelativeYearDays
)  # fmt: skip
