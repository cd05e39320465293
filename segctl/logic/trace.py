"""Why a user is in or out: the condition as it was written, with the user's own values at every step."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from segctl.load.document import Key
from segctl.logic import bound, nodes
from segctl.logic.algebra import EVERYONE
from segctl.logic.bind import Binder
from segctl.logic.interpret import (
    User,
    World,
    holds,
    matching,
)
from segctl.logic.members import among
from segctl.logic.nodes import Node
from segctl.logic.outcome import Outcome, Seen
from segctl.logic.own_values import own_value, plain
from segctl.logic.references import Resolve, given_only, references, upstream

DEEPEST = 50
"""Segments in segments are opened this far; nobody reads further."""


@dataclass(frozen=True)
class Tracer:
    """Traces conditions of one user.

    `binder` leaves references to be given. `resolve` says what a reference stands for; one that it does
    not know is looked up among the memberships that `world` gives, which also knows where ranks begin.
    Those in `published` are given too, as of the instant (UTC microseconds) that stands there: `resolve`
    says what they would be now.
    """

    binder: Binder
    user: User
    world: World
    resolve: Resolve = given_only
    published: Mapping[Key, int] = field(default_factory=dict)

    def trace(self, node: Node) -> Outcome:
        """The condition and everything below it; what is referred to several times is opened the first time."""
        world = among(self._logic(node), self.binder, [self.user], self.world)
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
        condition, begins = self.binder.bind(node), None
        if isinstance(condition, bound.RankTest) and condition not in self.world.small:
            begins = plain(self.world.cuts.get(condition), condition.of.type)
        actual = own_value(node, self.binder, self.user, self.world)
        return Outcome(node, holds(condition, self.user, self.world), actual, (), seen, None, begins)

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
