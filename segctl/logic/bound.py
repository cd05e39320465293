"""Bound logic: logic whose names and literals have been fitted to the data's schema.

The engine evaluates it over columns, the interpreter over one user at a time. Literals are in
the physical form of their column (times: UTC microseconds, dates: days since 1970), so a test
is one comparison without a cast (law 4). All nodes are two-valued; a test is false on a missing
value. References to segments have been replaced by the segments' own logic, or by `Given`.

Conditions carry a digest of what they say: equal digests are equal conditions, in every process.
It is made from the digests of the parts when a condition is built, so that equality and hashes cost
the same for a deep or shared condition as for a small one.
"""

from __future__ import annotations

import enum
import functools
import hashlib
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction
from typing import Any as AnyType

from segctl.logic.nodes import Ago, MeasureKind, TextKind
from segctl.logic.types import Scalar, Type


class Scope(enum.StrEnum):
    """Where a column lives."""

    ATTRIBUTE = "attribute"
    PROPERTY = "property"
    CATALOG = "catalog"


@dataclass(frozen=True, slots=True)
class Column:
    """A typed value: of the user, of the event row, or of the catalogue row the event points to.

    `path` starts below the catalogue's name where `catalog` is set.
    `type` is a scalar, a list, or (for `IsPresent` only) an `Opaque`, which stands for structs too.
    """

    scope: Scope
    path: tuple[str, ...]
    type: Type
    catalog: str | None = None


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
class Elements:
    """A list in which every test (or, if not `every`, one of them) is passed by some element."""

    every: bool
    tests: tuple[Equals | Between | During | OnDays | Never, ...]


Test = Equals | Between | During | OnDays | Text | IsPresent | IsBlank | Never | Elements


# --- conditions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """What all conditions have: `key`, 32 hex digits that stand for the condition."""

    key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", hashlib.blake2b(_said(self).encode(), digest_size=16).hexdigest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _said(value: object) -> str:
    """An unambiguous text of a value's type and fields, with the keys of the conditions inside."""
    if isinstance(value, tuple):
        return f"({','.join(map(_part, value))})"
    kind: AnyType = type(value)
    names = _names(kind)
    if names is None:
        return repr(value)
    return f"{kind.__name__}({','.join([_part(getattr(value, name)) for name in names])})"


def _part(value: object) -> str:
    return value.key if isinstance(value, Condition) else _said(value)


@functools.cache
def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass; None for a type that is none."""
    return tuple(field.name for field in fields(kind) if field.init) if is_dataclass(kind) else None


@dataclass(frozen=True, slots=True, eq=False)
class Everyone(Condition):
    """True."""


@dataclass(frozen=True, slots=True, eq=False)
class All(Condition):
    """True where all are; without children true."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Any(Condition):
    """True where one is; without children false."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not(Condition):
    """True where the other is false."""

    of: Node


@dataclass(frozen=True, slots=True, eq=False)
class ValueTest(Condition):
    """A test on a column."""

    column: Column
    test: Test


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows with one of the names (sorted), that pass `where`, in [start, end), before as_of."""

    names: tuple[str, ...]
    where: Node
    start: Instant | None = None
    end: Instant | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure; `column` where the kind needs one, `zone` for local days."""

    kind: MeasureKind
    column: Column | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Exactly:
    """A computed number between exact rational bounds, inclusive unless open; None is unbounded."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class EventTest(Condition):
    """The measure over the rows is present and passes: `During` for first and last, else `Exactly`."""

    rows: Rows
    measure: Measure
    test: Exactly | During


@dataclass(frozen=True, slots=True, eq=False)
class EventMissing(Condition):
    """The measure over the rows is missing."""

    rows: Rows
    measure: Measure


@dataclass(frozen=True, slots=True, eq=False)
class Given(Condition):
    """A membership that is handed to the evaluation: a list, or an extension as of its refresh."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Bucket(Condition):
    """The user's bucket lies from `low` to `high`, both included (law 11)."""

    low: int
    high: int


Node = Everyone | All | Any | Not | ValueTest | EventTest | EventMissing | Given | Bucket

NUMERIC = frozenset({Scalar.INT, Scalar.FLOAT})
