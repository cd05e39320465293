"""What a bound condition asks that depends on as_of, and what of the user's it asks it of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass

from segctl.logic import bound, times
from segctl.logic.interpret import Row, User, World, matching, value_of
from segctl.logic.types import ListOf, Scalar
from segctl.logic.value_tests import Ago

_MOMENTS = frozenset({Scalar.DATE, Scalar.TIME})


@dataclass
class Relative:
    """The limits that move with as_of: lengths in microseconds, local days, Mondays, and days of the year.

    `days` are whole local days from a value's own day to today, where something changes. `yearly` are spans
    in days around the day of the year.
    """

    lengths: set[int] = field(default_factory=set)
    days: set[int] = field(default_factory=set)
    mondays: set[int] = field(default_factory=set)
    yearly: set[int] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)
    rows: list[bound.Rows] = field(default_factory=list)
    columns: list[bound.Column] = field(default_factory=list)
    lists: list[bound.ElementTest] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything moves, the horizon of what is seen aside."""
        return bool(self.lengths or self.days or self.mondays or self.yearly)


def relative(condition: object) -> Relative:
    """All of it, of a condition or a part of one."""
    found = Relative()
    for part in _parts(condition, set()):
        _note(part, found)
    return found


def _parts(value: object, seen: set[int]) -> Iterator[object]:
    """The value and everything inside it; what is shared by many places (a trait by formulas) once."""
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    if isinstance(value, tuple):
        for one in value:
            yield from _parts(one, seen)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _parts(getattr(value, one.name), seen)


def _note(part: object, found: Relative) -> None:
    match part:
        case Ago(us):
            found.lengths.add(us)
        case bound.LocalMidnight(days_before, zone):
            found.days.add(days_before)
            found.zones.add(zone)
        case bound.Today(plus, zone):
            found.days.add(-plus)
            found.zones.add(zone)
        case bound.RelativeYearDays(zone, days):
            found.yearly |= {0, days or 0}
            found.zones.add(zone)
        case bound.EngagementTest():
            found.mondays.add(part.end.weeks_before + -(-part.lookback_us // times.DAY_US // 7))
            found.zones.add(part.end.zone)
        case _:
            _note_rows(part, found)


def _note_rows(part: object, found: Relative) -> None:
    match part:
        case bound.Rows():
            found.rows.append(part)
        case bound.Step():
            limits = [limit for limit in (part.more_than_us, part.within_us) if limit is not None]
            found.lengths |= {length for limit in limits for length in (limit - 1, limit)}  # the limit is included
        case bound.EventTest(rows, measure) | bound.EventMissing(rows, measure) | bound.Measured(rows, measure):
            found.lengths |= set(_periods(rows, measure))
        case bound.Column() if _kind(part) in _MOMENTS:
            found.columns.append(part)
        case bound.ElementTest():
            found.lists.append(part)
        case _:
            pass


def _periods(rows: bound.Rows, measure: bound.Measure) -> Iterable[int]:
    """A row is in another period whenever one has passed."""
    if measure.every_us is None or not isinstance(rows.start, Ago):
        return ()
    return range(measure.every_us, rows.start.us + 1, measure.every_us)


def _kind(column: bound.Column) -> object:
    return column.type.element if isinstance(column.type, ListOf) else column.type


# --- what it is asked of ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Anchors:
    """Instants (UTC microseconds) and days (since 1970) of the user's that limits can pass."""

    instants: frozenset[int]
    days: frozenset[int]


def rows_of(found: Relative, user: User, world: World) -> list[Row]:
    """The rows that can ever count, those that are not seen yet too."""
    rows = {id(row): row for one in found.rows for row in _rows(one, user, world)}
    return [row for row in user.events if id(row) in rows]


def anchors(found: Relative, user: User, world: World) -> Anchors:
    """The user's rows, and every date and time that is read of the user and of them."""
    moments = list(_moments(found, user, user.events, world))
    instants = {row.time_us for row in user.events} | {value for kind, value in moments if kind is Scalar.TIME}
    return Anchors(frozenset(instants), frozenset(value for kind, value in moments if kind is Scalar.DATE))


def _rows(rows: bound.Rows, user: User, world: World) -> Iterable[Row]:
    if relative(rows.where):
        return (row for row in user.events if row.name in rows.names)
    last = max((row.time_us for row in user.events), default=0)
    every = World(last + 1, world.catalogs, world.given)
    return matching(bound.Rows(rows.names, rows.where), user, every)


def _moments(found: Relative, user: User, rows: Iterable[Row], world: World) -> Iterator[tuple[object, int]]:
    """The dates and times that are read of the user, of the rows, and of the elements of lists."""
    subjects: list[User | Row] = [user, *rows]
    for column in found.columns:
        for subject in subjects if column.scope is not bound.Scope.ELEMENT else ():
            yield from _typed(column, _values(column, subject, world))
    for test in found.lists:
        inner = [column for column in relative(test.where).columns if column.scope is bound.Scope.ELEMENT]
        listed = [test.column] if isinstance(test.column, bound.Column) else []
        elements = [one for subject in subjects for column in listed for one in _values(column, subject, world)]
        for column in inner:
            yield from _typed(column, [_at(element, column.path) for element in elements])


def _values(column: bound.Column, subject: User | Row, world: World) -> list[object]:
    if isinstance(subject, User) is not (column.scope is bound.Scope.ATTRIBUTE):
        return []
    value = value_of(column, subject, world)
    return value if isinstance(value, list) else [value]


def _typed(column: bound.Column, values: Iterable[object]) -> Iterator[tuple[object, int]]:
    return ((_kind(column), value) for value in values if isinstance(value, int) and not isinstance(value, bool))


def _at(element: object, path: tuple[str, ...]) -> object:
    for part in path:
        element = element.get(part) if isinstance(element, Mapping) else None
    return element
