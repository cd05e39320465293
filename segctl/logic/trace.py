"""Why a user is in or out: the condition as it was written, with the user's own values at every step."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from segctl.load.document import Key
from segctl.logic import bound, nodes
from segctl.logic.algebra import EVERYONE
from segctl.logic.bind import Binder
from segctl.logic.columns import Attributes
from segctl.logic.exact import MILLION
from segctl.logic.interpret import (
    User,
    World,
    bucket,
    computed,
    holds,
    matching,
    measured,
    rfm_scores,
    value_of,
)
from segctl.logic.measures import INSTANTS
from segctl.logic.members import members
from segctl.logic.nodes import Node
from segctl.logic.normalise import NEVER_MISSING
from segctl.logic.outcome import Outcome, Seen
from segctl.logic.problem import Problem
from segctl.logic.references import Resolve, given_only, references, upstream
from segctl.logic.types import ListOf, Scalar, Type

DEEPEST = 50
"""Segments in segments are opened this far; nobody reads further."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tracer:
    """Traces conditions of one user.

    `binder` leaves references to be given. `resolve` says what a reference stands for; one that it does
    not know is looked up among the memberships that `world` gives. Those in `published` are given too, as
    of the instant (UTC microseconds) that stands there: `resolve` says what they would be now.
    """

    binder: Binder
    user: User
    world: World
    resolve: Resolve = given_only
    published: Mapping[Key, int] = field(default_factory=dict)

    def trace(self, node: Node) -> Outcome:
        """The condition and everything below it; what is referred to several times is opened the first time."""
        world = members(self._logic(node), self.binder, [self.user], self.world)
        return _Trace(self, world).outcome(node)

    def standing(self, reference: nodes.Reference) -> Node | None:
        """What a reference stands for, None for what is given."""
        return None if (reference.kind, reference.name) in self.published else self.resolve(reference)

    def _logic(self, node: Node) -> dict[Key, Node]:
        """All that is to be evaluated, in its order; also what published memberships would be now."""
        found: dict[Key, Node] = {}
        waiting, seen = [node], set[Key]()
        while waiting:
            one = waiting.pop()
            inner = upstream(one, self.standing)
            found |= {key: logic for key, logic in inner.items() if key not in found}
            for reference in (r for logic in (one, *inner.values()) for r in references(logic)):
                key = (reference.kind, reference.name)
                live = self.resolve(reference) if key in self.published and key not in seen else None
                seen.add(key)
                waiting += [live] if live is not None else []
        return found


@dataclass
class _Trace:
    """One way through a condition; every membership is given."""

    tracer: Tracer
    world: World
    depth: int = 0
    opened: set[Key] = field(default_factory=set)

    @property
    def binder(self) -> Binder:
        return self.tracer.binder

    @property
    def user(self) -> User:
        return self.tracer.user

    def outcome(self, node: Node) -> Outcome:
        match node:
            case nodes.All(of):
                parts = self._parts(of)
                return Outcome(node, all(part.holds for part in parts), None, parts)
            case nodes.Any(of):
                parts = self._parts(of)
                return Outcome(node, any(part.holds for part in parts), None, parts)
            case nodes.Not(of):
                parts = self._parts((of,))
                return Outcome(node, not parts[0].holds, None, parts)
            case nodes.Reference():
                return self._reference(node)
            case _:
                return self._leaf(node)

    def _leaf(self, node: Node) -> Outcome:
        seen = self._seen(node) if isinstance(node, nodes.EventTest | nodes.EventMissing) else None
        return Outcome(node, holds(self.binder.bind(node), self.user, self.world), self._actual(node), (), seen)

    def _parts(self, of: tuple[Node, ...]) -> tuple[Outcome, ...]:
        return tuple(self.outcome(part) for part in of)

    def _reference(self, node: nodes.Reference) -> Outcome:
        key = (node.kind, node.name)
        member = self.user.id in self.world.given.get(key, frozenset())
        published = self.tracer.published.get(key)
        logic = None if key in self.opened or self.depth >= DEEPEST else self.tracer.resolve(node)
        if logic is None:
            return Outcome(node, member, published_us=published)
        self.opened.add(key)
        self.depth += 1
        part = self.outcome(logic)
        self.depth -= 1
        return Outcome(node, member, None, (part,), None, published)

    def _seen(self, node: nodes.EventTest | nodes.EventMissing) -> Seen:
        """The rows in brief; none where the data has no such event."""
        rows = self.binder.rows(node.rows)
        as_of = self.world.as_of_us
        if rows is None:
            return Seen(as_of)
        every = matching(bound.Rows(rows.names, EVERYONE), self.user, self.world)
        passing = matching(dataclasses.replace(rows, start=None, end=None), self.user, self.world)
        instants = [row.time_us for row in passing]
        later = sum(row.name in rows.names and row.time_us >= as_of for row in self.user.events)
        counted = matching(rows, self.user, self.world)
        return Seen(
            as_of,
            len(every),
            len(passing),
            len(counted),
            min(instants, default=None),
            max(instants, default=None),
            later,
        )

    def _actual(self, node: Node) -> object:  # noqa: PLR0911 one for each kind of condition
        match node:
            case nodes.Value():
                return self._value(node)
            case nodes.EventTest() | nodes.EventMissing():
                return self._measure(node)
            case nodes.TraitValue(name=name):
                of = self.binder.trait(name)
                return None if of is None else plain(computed(of, self.user, self.world), of.type)
            case nodes.Place(lat, lon):
                return [self._at(lat), self._at(lon)]
            case nodes.Bucket():
                return bucket(self.user.id)
            case nodes.Rfm():
                test = self.binder.bind(node)
                return _scores(test, self.user, self.world) if isinstance(test, bound.RfmTest) else None
            case _:
                return None

    def _value(self, node: nodes.Value) -> object:
        return self._at(node.path)

    def _at(self, path: nodes.Path) -> object:
        column = Attributes(self.binder.schema).column(path)
        if isinstance(column, Problem):
            return None
        return plain(value_of(column, self.user, self.world), column.type)

    def _measure(self, node: nodes.EventTest | nodes.EventMissing) -> object:
        found = self.binder.measured(node)
        if found is None:
            return 0 if node.measure.kind in NEVER_MISSING else None
        value = measured(*found, self.user, self.world)
        if node.measure.kind in INSTANTS:
            return plain(value, Scalar.TIME)
        return _number(value) if isinstance(value, Fraction) else value


def _scores(test: bound.RfmTest, user: User, world: World) -> list[int] | None:
    """Of recency, frequency and money."""
    found = rfm_scores(test, user, world)
    return None if found is None else list(found)


def _number(value: Fraction) -> int | Decimal | Fraction:
    """The shortest exact form."""
    if value.denominator == 1:
        return int(value)
    return Decimal(int(value * MILLION)).scaleb(-6).normalize() if MILLION % value.denominator == 0 else value


def plain(value: object, kind: Type) -> object:
    """A physical value as Python knows it: a `date`, a UTC `datetime`; what its clock cannot say stays as it is."""
    if isinstance(value, list) and isinstance(kind, ListOf):
        return [plain(element, kind.element) for element in value]
    try:
        if isinstance(value, int) and kind == Scalar.DATE:
            return _EPOCH.date() + timedelta(days=value)
        if isinstance(value, int) and kind == Scalar.TIME:
            return _EPOCH + timedelta(microseconds=value)
    except OverflowError:
        pass
    return value
