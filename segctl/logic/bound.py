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
from dataclasses import dataclass
from fractions import Fraction

from segctl.logic.bound_tests import (
    At,
    Between,
    Date,
    Day,
    During,
    Elements,
    Equals,
    Exactly,
    HasLength,
    Instant,
    IsBlank,
    IsPresent,
    LocalMidnight,
    LocalMonday,
    Matches,
    Never,
    OnDays,
    RelativeYearDays,
    Test,
    Text,
    Today,
    Versions,
    YearDays,
)
from segctl.logic.keyed import Condition, Keyed
from segctl.logic.nodes import MeasureKind
from segctl.logic.types import Scalar, Type

__all__ = [
    "NUMERIC",
    "All",
    "Any",
    "Arithmetic",
    "At",
    "Between",
    "Bucket",
    "Column",
    "Computed",
    "ComputedTest",
    "Condition",
    "Date",
    "Day",
    "During",
    "ElementTest",
    "Elements",
    "EngagementTest",
    "Equals",
    "EventMissing",
    "EventTest",
    "Everyone",
    "Exactly",
    "Expression",
    "Given",
    "HasLength",
    "Inside",
    "Instant",
    "IsBlank",
    "IsPresent",
    "LocalMidnight",
    "LocalMonday",
    "Matches",
    "Measure",
    "Measured",
    "Missing",
    "Near",
    "Never",
    "Node",
    "Not",
    "Number",
    "OnDays",
    "PlaceTest",
    "RankTest",
    "RelativeYearDays",
    "RfmTest",
    "Rows",
    "Scope",
    "Sequence",
    "Share",
    "Somewhere",
    "Step",
    "Test",
    "Text",
    "Today",
    "ValueTest",
    "Versions",
    "YearDays",
]


class Scope(enum.StrEnum):
    """Where a column lives."""

    ATTRIBUTE = "attribute"
    PROPERTY = "property"
    CATALOG = "catalog"
    ELEMENT = "element"


@dataclass(frozen=True, slots=True)
class Column:
    """A typed value: of the user, of the event row, or of the catalogue row the event points to.

    `path` starts below the catalogue's name where `catalog` is set, and at the element of a list in the
    conditions of an `AnyElement`, where the empty path is the element itself.
    `type` is a scalar, a list, or (for `IsPresent` only) an `Opaque`, which stands for structs too.
    """

    scope: Scope
    path: tuple[str, ...]
    type: Type
    catalog: str | None = None


# --- conditions ----------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, eq=False)
class ElementTest(Condition):
    """One element of the list meets the condition, whose columns are of `Scope.ELEMENT`."""

    column: Column | Computed
    where: Node


@dataclass(frozen=True, slots=True)
class Near:
    """At most so many metres from a point in degrees, by the haversine on a sphere of 6,371,008.8 m."""

    lat: float
    lon: float
    metres: float


@dataclass(frozen=True, slots=True)
class Inside:
    """In a polygon and in none of its holes, borders included; corners are (longitude, latitude), not repeated."""

    polygon: tuple[tuple[float, float], ...]
    holes: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Somewhere:
    """There is a place: both coordinates are there, latitude within 90 and longitude within 180 degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTest(Condition):
    """A test on a place; false where there is none."""

    lat: Column
    lon: Column
    test: Near | Inside | Somewhere


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows with one of the names (sorted), that pass `where`, in [start, end), before as_of."""

    names: tuple[str, ...]
    where: Node
    start: Instant | None = None
    end: Instant | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure; `column` where the kind needs one, `zone` for local days, of periods their length and least rows."""

    kind: MeasureKind
    column: Column | None = None
    zone: str | None = None
    every_us: int | None = None
    each: int | None = None


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


@dataclass(frozen=True, slots=True)
class Step:
    """A row more than, and at most, so long after the row of the step before; or, if absent, no such row (law 8)."""

    rows: Rows
    absent: bool = False
    more_than_us: int | None = None
    within_us: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sequence(Condition):
    """A chain of rows, one for each step that is not absent, whose last is at most so long after the first."""

    steps: tuple[Step, ...]
    complete_within_us: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EngagementTest(Condition):
    """The share of the messages sent in [end - lookback, end - 24 h] that were responded to before `end` passes.

    `sent` and `responses` are rows without a window of their own, with the columns of the message's id
    (None where no row has one: then no message is responded to). `test` None asks for users who were sent none.
    """

    sent: Rows
    sent_id: Column | None
    responses: Rows
    response_id: Column | None
    end: LocalMonday
    lookback_us: int
    test: Exactly | None


@dataclass(frozen=True, slots=True, eq=False)
class Measured(Keyed):
    """A measure over the rows of the user."""

    rows: Rows
    measure: Measure


@dataclass(frozen=True, slots=True, eq=False)
class Number(Keyed):
    """A number in a formula."""

    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Missing(Keyed):
    """Nothing, for everybody: what is computed of events that the data does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic(Keyed):
    """One of + - * / on two doubles; missing where one is, where the divisor is 0, or where the result is no number."""

    sign: str
    left: Expression
    right: Expression


Expression = Measured | Number | Missing | Arithmetic


@dataclass(frozen=True, slots=True)
class Computed:
    """A value of the user that is computed from the events, typed like a column."""

    expression: Expression
    type: Type


@dataclass(frozen=True, slots=True, eq=False)
class ComputedTest(Condition):
    """A test on a computed value, the same as if it were an attribute."""

    of: Computed
    test: Test


@dataclass(frozen=True, slots=True, eq=False)
class RankTest(Condition):
    """Among the users of the population with the greatest (`top`) or least values, with all that tie with the last.

    A share of the users with a value, rounded up to whole users, or a number of them.
    """

    of: Column | Computed
    top: bool
    share: Fraction | None = None
    users: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RfmTest(Condition):
    """The scores (recency, frequency, money) by quartile among the users with rows are one of these triples.

    Without a column of money, everybody spent nothing.
    """

    rows: Rows
    money: Column | None
    scores: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Share(Condition):
    """xxh3_64("campaign:user_id") mod 10,000 lies in [low, high): a variant of a campaign (law 11)."""

    campaign: str
    low: int
    high: int


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


Node = (
    Everyone | All | Any | Not | ValueTest | ElementTest | PlaceTest | EventTest | EventMissing | Sequence
    | EngagementTest | ComputedTest | RankTest | RfmTest | Given | Bucket | Share
)  # fmt: skip

NUMERIC = frozenset({Scalar.INT, Scalar.FLOAT})
