"""What references stand for when one user is looked at: extensions as they were published, lists as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa

from segctl.disclosure import MIN_BEARERS
from segctl.engine import evaluate as engine
from segctl.engine.ranks import cuts
from segctl.index.column import Bits
from segctl.index.view import View
from segctl.load.document import Key
from segctl.logic import bound, nodes
from segctl.logic.bind import Binder
from segctl.logic.columns import Attributes
from segctl.logic.interpret import User, World
from segctl.logic.lower import lower, traits_among
from segctl.logic.needs import Needs, distinct, needs
from segctl.logic.problem import Problem
from segctl.logic.references import Resolve, given_only
from segctl.logic.settings import Settings, settings_of
from segctl.logic.trace import Tracer
from segctl.progress import Progress
from segctl.workflow.compared import Compared, compared
from segctl.workflow.evaluate import Data, checked
from segctl.workflow.levels import PREBUILT
from segctl.workflow.lists import read_list
from segctl.workflow.opened import Opened
from segctl.workflow.profile import catalogs, profile
from segctl.workflow.stored import Stored

_WITHOUT_LOGIC = ("list", "trait")


@dataclass(frozen=True, eq=False)
class Asked:
    """What conditions read, and the conditions themselves as they are fitted to the data."""

    needs: Needs
    conditions: tuple[bound.Node, ...]


@dataclass(frozen=True, eq=False)
class Opening:
    """The definitions on disk over a project's data."""

    project: Opened
    data: Data

    @cached_property
    def settings(self) -> Settings:
        """What the words of definitions mean in this project."""
        return settings_of(self.project.definitions)

    @cached_property
    def comparison(self) -> Compared:
        """The definitions on disk against what is applied."""
        return compared(self.project)

    @cached_property
    def stored(self) -> Stored:
        """What is published, on today's users."""
        return Stored(self.project.state, self.comparison.snapshots, self.data.population)

    @cached_property
    def extensions(self) -> Mapping[Key, Bits]:
        """Extensions that are defined as they were published, as of then."""
        return self.stored.resting(self.project.defined, self.comparison.moving)

    @property
    def published(self) -> Mapping[Key, int]:
        """As of when these were published, in UTC microseconds."""
        return {key: self.comparison.snapshots[key].as_of_us for key in self.extensions}

    def logic(self, key: Key) -> nodes.Node:
        """What a definition means; also a level of engagement, which nobody has to define."""
        return lower(PREBUILT.get(key) or self.project.definitions.documents[key], self.settings)

    def resolve(self, reference: nodes.Reference) -> nodes.Node | None:
        """The logic of a reference, of a published extension what it would be now; None for what has none."""
        return None if reference.kind in _WITHOUT_LOGIC else self.logic((reference.kind, reference.name))

    def standing(self, reference: nodes.Reference) -> nodes.Node | None:
        """The logic of a reference; None where the membership is given."""
        return None if (reference.kind, reference.name) in self.extensions else self.resolve(reference)

    def trait(self, name: str) -> nodes.Expression | None:
        """What a trait is, None where there is none of that name."""
        return traits_among(self.project.definitions.documents, self.settings)(name)

    def binder(self, resolve: Resolve | None = None) -> Binder:
        """Binds conditions as they stand, or with other references."""
        return Binder(self.data.index.schema, resolve or self.standing, self.trait)

    # --- one user -------------------------------------------------------------------------------------

    def asked(self, conditions: Iterable[nodes.Node], traits: Iterable[str] = ()) -> Asked:
        """What conditions and traits ask, and every attribute that they name: those that decide nothing are shown too.

        Raises:
            InvalidInput: conditions that do not fit the data.
        """
        wanted = list(conditions)
        standing, live = self.binder(), self.binder(self.resolve)
        found = [binder.bind(node) for binder in (standing, live) for node in wanted]
        values = [value for value in map(standing.trait, traits) if value is not None]
        leaves = list(self._leaves(wanted))
        found += [part for leaf in leaves for part in _alone(leaf, standing)]
        checked((*standing.diagnostics, *live.diagnostics))
        every = needs(found, values)
        named = frozenset(_named(leaves, Attributes(self.data.index.schema)))
        return Asked(replace(every, attributes=every.attributes | named), tuple(found))

    def tracer(self, asked: Asked, user: str, progress: Progress) -> Tracer:
        """Traces conditions of a user that ask no more than is asked.

        Raises:
            SegctlError: no such user.
        """
        self.data.index.ensure(asked.needs, progress)
        view = self.data.index.at(self.data.as_of_us)
        person = profile(view, asked.needs, user)
        world = World(
            self.data.as_of_us, catalogs(view, asked.needs, person), self._given(asked.needs, person),
            cuts(view, asked.conditions, progress=progress), self._small(view, asked.conditions, progress),
        )  # fmt: skip
        return Tracer(self.binder(given_only), person, world, self.resolve, self.published)

    def _small(self, view: View, conditions: Iterable[bound.Node], progress: Progress) -> frozenset[bound.Node]:
        """The ranks with so few users in or out that where they begin is the value of somebody in particular."""
        ranks = {node: node for node in distinct(conditions) if isinstance(node, bound.RankTest)}
        if not ranks:
            return frozenset()
        found = engine.evaluate(view, ranks, {}, progress=progress).memberships
        sizes = {node: int(bits.sum()) for node, bits in found.items()}
        users = len(self.data.population)
        return frozenset(node for node, size in sizes.items() if min(size, users - size) < MIN_BEARERS)

    def _given(self, needed: Needs, user: User) -> dict[Key, frozenset[str]]:
        """The memberships that are given, with this user in them or nobody."""
        return {key: frozenset([user.id] if self.is_in(self._bits(key), user.id) else []) for key in needed.given}

    def is_in(self, bits: Bits, user: str) -> bool:
        """Whether a user is in a membership over today's users."""
        place = self.place(user)
        return place >= 0 and bool(bits[place])

    def place(self, user: str) -> int:
        """The user's place in the population, -1 outside."""
        return int(self.data.population.index_of(pa.array([user], pa.string()))[0])

    def _bits(self, key: Key) -> Bits:
        if key in self.extensions:
            return self.extensions[key]
        data = self.data
        return read_list(self.project.definitions.documents[key], data.root, data.population, data.access).bits

    def _leaves(self, wanted: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
        """The single conditions of these and of all that they refer to."""
        waiting: list[nodes.Node | None] = list(wanted)
        seen: set[Key] = set()
        while waiting:
            match waiting.pop():
                case nodes.All(of) | nodes.Any(of):
                    waiting.extend(of)
                case nodes.Not(of):
                    waiting.append(of)
                case nodes.Reference() as reference:
                    key = (reference.kind, reference.name)
                    waiting += [] if key in seen else [self.resolve(reference)]
                    seen.add(key)
                case None:
                    pass
                case leaf:
                    yield leaf


def _alone(leaf: nodes.Node, binder: Binder) -> Iterator[bound.Node]:
    """What a condition reads by itself, whatever the conditions around it make of it."""
    yield binder.bind(leaf)
    if isinstance(leaf, nodes.EventTest | nodes.EventMissing):
        rows, measured = binder.rows(leaf.rows), binder.measured(leaf)
        if rows is not None:
            yield bound.EventMissing(rows, bound.Measure(nodes.MeasureKind.COUNT))
        if measured is not None:
            yield bound.EventMissing(*measured)


def _named(leaves: Iterable[nodes.Node], columns: Attributes) -> Iterator[tuple[str, ...]]:
    """Every attribute that conditions name, also where it decides nothing."""
    for leaf in leaves:
        paths = [leaf.path] if isinstance(leaf, nodes.Value) else []
        paths += [leaf.lat, leaf.lon] if isinstance(leaf, nodes.Place) else []
        for column in map(columns.column, paths):
            if not isinstance(column, Problem):
                yield column.path
