"""Why a user is in or out: the condition as it was written, with the user's own values at every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from segctl.logic import nodes
from segctl.logic.bind import Binder
from segctl.logic.columns import Attributes
from segctl.logic.exact import MILLION
from segctl.logic.interpret import User, World, bucket, holds, measured, value_of
from segctl.logic.measures import INSTANTS
from segctl.logic.members import members
from segctl.logic.nodes import Node
from segctl.logic.normalise import NEVER_MISSING
from segctl.logic.problem import Problem
from segctl.logic.references import Resolve, given_only, upstream
from segctl.logic.types import ListOf, Scalar, Type

DEEPEST = 50
"""Segments in segments are opened this far; nobody reads further."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """One condition for one user.

    `actual` is the user's own value: of a value the value itself (dates as `date`, times as UTC
    `datetime`, None if missing), of events what was measured (an exact number is an `int`, a `Decimal`,
    or a `Fraction` where no decimal of six places holds it), of a bucket its number; None for the rest.
    `children` are the parts, or the one condition that a reference stands for.
    """

    node: Node
    holds: bool
    actual: object = None
    children: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class Tracer:
    """Traces conditions of one user.

    `binder` leaves references to be given. `resolve` says what a reference stands for; one that it does
    not know is looked up among the memberships that `world` gives.
    """

    binder: Binder
    user: User
    world: World
    resolve: Resolve = given_only

    def trace(self, node: Node) -> Outcome:
        """The condition and everything below it; what is referred to several times is opened the first time."""
        world = members(upstream(node, self.resolve), self.binder, [self.user], self.world)
        return _Trace(self.binder, self.user, world, self.resolve).outcome(node)


@dataclass
class _Trace:
    """One way through a condition; every membership is given."""

    binder: Binder
    user: User
    world: World
    resolve: Resolve
    depth: int = 0
    opened: set[tuple[str, str]] = field(default_factory=set)

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
                return Outcome(node, holds(self.binder.bind(node), self.user, self.world), self._actual(node))

    def _parts(self, of: tuple[Node, ...]) -> tuple[Outcome, ...]:
        return tuple(self.outcome(part) for part in of)

    def _reference(self, node: nodes.Reference) -> Outcome:
        key = (node.kind, node.name)
        member = self.user.id in self.world.given.get(key, frozenset())
        logic = None if key in self.opened or self.depth >= DEEPEST else self.resolve(node)
        if logic is None:
            return Outcome(node, member)
        self.opened.add(key)
        self.depth += 1
        part = self.outcome(logic)
        self.depth -= 1
        return Outcome(node, member, None, (part,))

    def _actual(self, node: Node) -> object:
        match node:
            case nodes.Value():
                return self._value(node)
            case nodes.EventTest() | nodes.EventMissing():
                return self._measure(node)
            case nodes.Bucket():
                return bucket(self.user.id)
            case _:
                return None

    def _value(self, node: nodes.Value) -> object:
        column = Attributes(self.binder.schema).column(node.path)
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
