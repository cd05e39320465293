"""Bound conditions, one user at a time, plainly: what they mean, without a thought for speed.

It serves `explain` and `segctl test`, and the engine is tested against it. Values are plain Python in
their physical form: bool, int, float, str, dates as days and times as microseconds since 1970 (UTC),
lists, and mappings for structs; None and NaN are missing (law 3).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction

import xxhash

from segctl.logic import bound, exact, interpret_messages, interpret_sequences, interpret_values, ranks, times
from segctl.logic.bound import (
    All,
    Any,
    Bucket,
    Column,
    During,
    EventMissing,
    EventTest,
    Exactly,
    Given,
    Measure,
    Node,
    Not,
    Rows,
    Scope,
    ValueTest,
)
from segctl.logic.interpret_places import place_passes
from segctl.logic.keys import id_text
from segctl.logic.needs import SUMMED
from segctl.logic.nodes import MeasureKind
from segctl.logic.passing import Number, from_to, passes, within

Fields = Mapping[str, object]


@dataclass(frozen=True)
class Row:
    """One event of a user."""

    name: str
    time_us: int
    properties: Fields = field(default_factory=dict)


@dataclass(frozen=True)
class User:
    """A user of the population, with all events in any order."""

    id: str
    attributes: Fields = field(default_factory=dict)
    events: Sequence[Row] = ()


@dataclass(frozen=True)
class Element:
    """One element of a list; null has no value of anything."""

    value: object


Subject = User | Row | Element
"""Of what a column is read."""


@dataclass(frozen=True)
class Catalog:
    """A catalogue: the path of the property that holds the key, and the rows by the key's text."""

    on: tuple[str, ...]
    rows: Mapping[str, Fields]


@dataclass(frozen=True)
class World:
    """What is the same for all users: as_of, the catalogues, memberships that are given, and where ranks begin.

    Of `small` ranks it is not told where they begin: that is the value of one of a few users.
    """

    as_of_us: int
    catalogs: Mapping[str, Catalog] = field(default_factory=dict)
    given: Mapping[tuple[str, str], AbstractSet[str]] = field(default_factory=dict)
    cuts: Mapping[Node, ranks.Cut] = field(default_factory=dict)
    small: AbstractSet[Node] = frozenset()


def holds(node: Node, user: User, world: World) -> bool:
    """Whether the condition is true for the user."""
    return _holds(node, user, user, world)


def _holds(node: Node, subject: Subject, user: User, world: World) -> bool:
    """The same, where values are those of the user, of one row, or of one element."""
    match node:
        case All(of):
            result = all(_holds(part, subject, user, world) for part in of)
        case Any(of):
            result = any(_holds(part, subject, user, world) for part in of)
        case Not(of):
            result = not _holds(of, subject, user, world)
        case ValueTest(column, test):
            result = passes(test, value_of(column, subject, world), world.as_of_us)
        case bound.PlaceTest(lat, lon, place):
            result = place_passes(place, value_of(lat, subject, world), value_of(lon, subject, world))
        case bound.ElementTest(column, where):
            values = value_of(column, subject, world) if isinstance(column, Column) else computed(column, user, world)
            elements = values if isinstance(values, list) else []
            result = any(_holds(where, Element(value), user, world) for value in elements)
        case _:
            result = _user_holds(node, user, world)
    return result


def _user_holds(node: Node, user: User, world: World) -> bool:
    """What only a user can be asked."""
    match node:
        case EventTest(rows, measure, test):
            result = _measure_passes(test, measured(rows, measure, user, world), world.as_of_us)
        case EventMissing(rows, measure):
            result = measured(rows, measure, user, world) is None
        case Given(kind, name):
            result = user.id in world.given.get((kind, name), frozenset())
        case bound.Sequence():
            result = _chained(node, user, world)
        case bound.EngagementTest():
            result = _engaged(node, user, world)
        case bound.Share():
            result = interpret_messages.in_share(node, user.id)
        case bound.ComputedTest() | bound.RankTest() | bound.RfmTest():
            result = _value_holds(node, user, world)
        case Bucket(low, high):
            result = low <= bucket(user.id) <= high
        case _:
            result = True
    return result


def bucket(user_id: str) -> int:
    """The user's bucket, of 0 to 9,999 (law 11)."""
    return xxhash.xxh3_64_intdigest(user_id.encode()) % interpret_messages.BUCKETS


# --- values ----------------------------------------------------------------------------------------


def value_of(column: Column, subject: Subject, world: World) -> object:
    """The value of a column, None if it is missing."""
    fields: object
    if isinstance(subject, Element):
        fields = subject.value
    elif isinstance(subject, User):
        fields = subject.attributes
    elif column.scope is Scope.CATALOG:
        fields = _catalog_row(world.catalogs.get(column.catalog or ""), subject)
    else:
        fields = subject.properties
    return _read(_at(fields, column.path))


def _catalog_row(catalog: Catalog | None, row: Row) -> object:
    if catalog is None:
        return None
    key = id_text(_at(row.properties, catalog.on))
    return None if key is None else catalog.rows.get(key)


def _at(fields: object, path: tuple[str, ...]) -> object:
    for part in path:
        fields = fields.get(part) if isinstance(fields, Mapping) else None
    return fields


def _read(value: object) -> object:
    """NaN is missing; integers among floats stay what they are, and are compared as exact numbers (law 4)."""
    if isinstance(value, list | tuple):
        return [_read(element) for element in value]
    return None if isinstance(value, float) and math.isnan(value) else value


# --- events ----------------------------------------------------------------------------------------


def matching(rows: Rows, user: User, world: World) -> list[Row]:
    """The user's rows that count; those at or after as_of never do (law 5)."""
    start = None if rows.start is None else times.instant_of(rows.start, world.as_of_us)
    end = None if rows.end is None else times.instant_of(rows.end, world.as_of_us)
    return [
        row
        for row in user.events
        if row.name in rows.names
        and row.time_us < world.as_of_us
        and from_to(row.time_us, start, end)
        and _holds(rows.where, row, user, world)
    ]


def _engaged(condition: bound.EngagementTest, user: User, world: World) -> bool:
    sent = _messages(condition.sent, condition.sent_id, user, world)
    responses = _messages(condition.responses, condition.response_id, user, world)
    share = interpret_messages.share_of_responses(condition, sent, responses, world.as_of_us)
    if share is None or condition.test is None:
        return share is None and condition.test is None
    return within(condition.test, share)


def _messages(rows: Rows, ident: Column | None, user: User, world: World) -> list[interpret_messages.Message]:
    found = matching(rows, user, world)
    return [(row.time_us, None if ident is None else id_text(value_of(ident, row, world))) for row in found]


def _chained(sequence: bound.Sequence, user: User, world: World) -> bool:
    events = sorted(user.events, key=lambda row: row.time_us)
    alone = [User(user.id, user.attributes, (row,)) for row in events]
    found = [[n for n, one in enumerate(alone) if matching(step.rows, one, world)] for step in sequence.steps]
    instants = [row.time_us for row in events]
    return interpret_sequences.chained(sequence, interpret_sequences.Rows(instants, found, world.as_of_us))


def measured(rows: Rows, measure: Measure, user: User, world: World) -> Number | None:
    """The measure of the rows, None if it is missing; of first and last the instant."""
    found = matching(rows, user, world)
    if measure.column is not None:
        values = [value_of(measure.column, row, world) for row in found]
        return _of_values(measure.kind, [value for value in values if value is not None])
    instants = [row.time_us for row in found]
    match measure.kind:
        case MeasureKind.COUNT:
            return len(found)
        case MeasureKind.DAYS:
            return len({times.local_day(instant, measure.zone or "UTC") for instant in instants})
        case MeasureKind.PERIODS:
            return _periods(instants, measure.every_us or 1, measure.each or 1, world.as_of_us)
        case MeasureKind.FIRST:
            return min(instants, default=None)
        case _:
            return max(instants, default=None)


def _periods(instants: Sequence[int], every_us: int, each: int, as_of_us: int) -> int:
    """In how many periods, counted back from as_of, there are enough rows."""
    rows = Counter((as_of_us - instant - 1) // every_us for instant in instants)
    return sum(count >= each for count in rows.values())


def _of_values(kind: MeasureKind, values: list[object]) -> Number | None:
    """A measure of the present values (law 7)."""
    if kind is MeasureKind.DISTINCT:
        return len(set(values))
    numbers = [value for value in values if isinstance(value, int | float)]
    total = Fraction(sum(exact.millionths(n) for n in numbers), exact.MILLION) if kind in SUMMED else Fraction(0)
    match kind:
        case MeasureKind.SUM:
            return total
        case MeasureKind.AVERAGE:
            return total / len(numbers) if numbers else None
        case MeasureKind.MEDIAN:
            return _median(sorted(exact.millionths(number) for number in numbers))
        case MeasureKind.MIN:
            return min(numbers, default=None)
        case _:
            return max(numbers, default=None)


def _median(numbers: Sequence[int]) -> Fraction | None:
    """The middle one of sorted millionths, or the mean of the middle two."""
    middle = len(numbers) // 2
    if not numbers:
        return None
    low = numbers[middle] if len(numbers) % 2 else numbers[middle - 1]
    return Fraction(low + numbers[middle], 2 * exact.MILLION)


def _measure_passes(test: Exactly | During, number: Number | None, as_of_us: int) -> bool:
    if number is None:
        return False
    return within(test, number) if isinstance(test, Exactly) else passes(test, number, as_of_us)


# --- traits and ranks --------------------------------------------------------------------------------


def _value_holds(node: bound.ComputedTest | bound.RankTest | bound.RfmTest, user: User, world: World) -> bool:
    match node:
        case bound.ComputedTest(of, test):
            return passes(test, computed(of, user, world), world.as_of_us)
        case bound.RankTest():
            return ranks.reaches(node, ranked_value(node, user, world), world.cuts[node])
        case bound.RfmTest(scores=scores):
            return rfm_scores(node, user, world) in scores


def computed(of: bound.Computed, user: User, world: World) -> object:
    """The value of a trait, None if it is missing."""
    return interpret_values.evaluated(of, lambda part: _value_measured(part, user, world))


def _value_measured(part: bound.Measured, user: User, world: World) -> object:
    column = part.measure.column
    if column is None or part.measure.kind not in interpret_values.OF_ROWS:
        return measured(part.rows, part.measure, user, world)
    found = [(row.time_us, value_of(column, row, world)) for row in matching(part.rows, user, world)]
    present = [(instant, value) for instant, value in found if value is not None]
    return interpret_values.of_rows(part.measure.kind, column.type, present)


def ranked_value(test: bound.RankTest, user: User, world: World) -> object:
    """What a user is ranked by, None if it is missing."""
    return value_of(test.of, user, world) if isinstance(test.of, Column) else computed(test.of, user, world)


def spending(test: bound.RfmTest, user: User, world: World) -> tuple[int, int, int] | None:
    """The instant of the last row, the number of rows and the sum in millionths; None without a row."""
    rows = matching(test.rows, user, world)
    values = [] if test.money is None else [value_of(test.money, row, world) for row in rows]
    money = sum(exact.millionths(value) for value in values if isinstance(value, int | float))
    return (max(row.time_us for row in rows), len(rows), money) if rows else None


def rfm_scores(test: bound.RfmTest, user: User, world: World) -> tuple[int, int, int] | None:
    """The scores of recency, frequency and money by the quartiles of the population; None without a row."""
    figures, cuts = spending(test, user, world), world.cuts[test]
    if figures is None or not isinstance(cuts, tuple):
        return None
    recency, frequency, money = map(ranks.score, figures, cuts)
    return recency, frequency, money
