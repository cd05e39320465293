"""What conditions read, so that the index holds that and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from segctl.logic.bound import (
    All,
    Any,
    Arithmetic,
    Column,
    Computed,
    ComputedTest,
    ElementTest,
    EngagementTest,
    EventMissing,
    EventTest,
    Expression,
    Given,
    Measure,
    Measured,
    Node,
    Not,
    PlaceTest,
    RankTest,
    RfmTest,
    Rows,
    Scope,
    Sequence,
    ValueTest,
)
from segctl.logic.leaves import Leaf, columns_of
from segctl.logic.nodes import MeasureKind

Path = tuple[str, ...]

SUMMED = frozenset({MeasureKind.SUM, MeasureKind.AVERAGE, MeasureKind.MEDIAN})
"""Measures of whole millionths."""


@dataclass(frozen=True)
class Needs:
    """Columns by where they live.

    `properties` has every event name whose rows are looked at, with the paths read of them, if any;
    an event may lack a property that another of the same condition has. `catalogs` has the fields read
    of each catalogue, `joins` the catalogues that an event's rows are joined to. `sums` are the
    properties that are added up, by event name. `given` are memberships that are handed in.
    """

    attributes: frozenset[Path] = frozenset()
    properties: Mapping[str, frozenset[Path]] = field(default_factory=dict)
    catalogs: Mapping[str, frozenset[Path]] = field(default_factory=dict)
    sums: Mapping[str, frozenset[Path]] = field(default_factory=dict)
    joins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    given: frozenset[tuple[str, str]] = frozenset()


def needs(conditions: Iterable[Node], values: Iterable[Computed] = ()) -> Needs:
    """All that these conditions and values read."""
    found = _Found()
    found.expressions(value.expression for value in values)
    for node in distinct(conditions):
        match node:
            case ValueTest() | PlaceTest() | ElementTest():
                found.leaf(node, ())
            case EventTest(rows, measure, _) | EventMissing(rows, measure):
                found.measure(rows, measure)
            case Sequence(steps=steps):
                for step in steps:
                    found.rows(step.rows)
            case EngagementTest():
                found.messages(node)
            case Given(kind, name):
                found.given.add((kind, name))
            case ComputedTest(of, _) | RankTest(of):
                found.value(of)
            case RfmTest(rows, money, _):
                found.measure(rows, Measure(MeasureKind.SUM, money))
            case _:
                pass
    return found.needs()


def measured_in(values: Iterable[Expression]) -> Iterator[Measured]:
    """Every different measure in these values, each once, however deep."""
    seen: set[str] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value.key in seen:
            continue
        seen.add(value.key)
        if isinstance(value, Measured):
            yield value
        elif isinstance(value, Arithmetic):
            waiting += [value.left, value.right]


def distinct(conditions: Iterable[Node]) -> Iterator[Node]:
    """Every different condition among these and inside them, each once; not those on rows."""
    seen: set[str] = set()
    waiting = list(conditions)
    while waiting:
        node = waiting.pop()
        if node.key in seen:
            continue
        seen.add(node.key)
        yield node
        if isinstance(node, All | Any):
            waiting.extend(node.of)
        elif isinstance(node, Not):
            waiting.append(node.of)


class _Found:
    """What has been found so far."""

    def __init__(self) -> None:
        self.attributes: set[Path] = set()
        self.properties: dict[str, set[Path]] = defaultdict(set)
        self.catalogs: dict[str, set[Path]] = defaultdict(set)
        self.sums: dict[str, set[Path]] = defaultdict(set)
        self.joins: dict[str, set[str]] = defaultdict(set)
        self.given: set[tuple[str, str]] = set()

    def messages(self, test: EngagementTest) -> None:
        for rows, column in ((test.sent, test.sent_id), (test.responses, test.response_id)):
            self.rows(rows)
            if column is not None:
                self.column(column, rows.names, summed=False)

    def rows(self, rows: Rows) -> None:
        for name in rows.names:
            self.properties.setdefault(name, set())
        for node in distinct([rows.where]):
            if isinstance(node, ValueTest | PlaceTest | ElementTest):
                self.leaf(node, rows.names)

    def leaf(self, test: Leaf, names: tuple[str, ...]) -> None:
        for column in columns_of(test):
            self.column(column, names, summed=False)
        if isinstance(test, ElementTest) and isinstance(test.column, Computed):
            self.expressions([test.column.expression])

    def measure(self, rows: Rows, measure: Measure) -> None:
        self.rows(rows)
        if measure.column is not None:
            self.column(measure.column, rows.names, summed=measure.kind in SUMMED)

    def value(self, of: Column | Computed) -> None:
        if isinstance(of, Column):
            self.attributes.add(of.path)
        else:
            self.expressions([of.expression])

    def expressions(self, values: Iterable[Expression]) -> None:
        for one in measured_in(values):
            self.measure(one.rows, one.measure)

    def column(self, column: Column, names: tuple[str, ...], *, summed: bool) -> None:
        if column.catalog is not None:
            self.catalogs[column.catalog].add(column.path)
            for name in names:
                self.joins[name].add(column.catalog)
        elif column.scope is Scope.ATTRIBUTE:
            self.attributes.add(column.path)
        elif column.scope is Scope.PROPERTY:
            for name in names:
                self.properties[name].add(column.path)
                if summed:
                    self.sums[name].add(column.path)

    def needs(self) -> Needs:
        return Needs(
            frozenset(self.attributes),
            {name: frozenset(paths) for name, paths in self.properties.items()},
            {name: frozenset(paths) for name, paths in self.catalogs.items()},
            {name: frozenset(paths) for name, paths in self.sums.items()},
            {name: frozenset(catalogs) for name, catalogs in self.joins.items()},
            frozenset(self.given),
        )
