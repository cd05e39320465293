"""`segctl explain`: one user through a definition, with the user's own values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from segctl.index.column import Bits
from segctl.load.document import Key
from segctl.logic import nodes
from segctl.logic.bind import Binder
from segctl.logic.columns import Attributes
from segctl.logic.interpret import World
from segctl.logic.lower import lower
from segctl.logic.needs import Needs, needs
from segctl.logic.outcome import Outcome
from segctl.logic.problem import Problem
from segctl.logic.settings import settings_of
from segctl.logic.trace import Tracer
from segctl.logic.types import Schema
from segctl.progress import Progress
from segctl.workflow.as_of import instant
from segctl.workflow.compared import compared
from segctl.workflow.evaluate import Data, checked, open_data
from segctl.workflow.lists import read_list
from segctl.workflow.naming import find
from segctl.workflow.opened import Opened, opened
from segctl.workflow.profile import catalogs, profile
from segctl.workflow.request import Request
from segctl.workflow.stored import Stored


@dataclass(frozen=True)
class Explained:
    """Whether a user is in, and the condition tree that says why; `as_of_us` is UTC microseconds."""

    key: Key
    user: str
    as_of_us: int
    zone: str
    outcome: Outcome


def explain(start: Path, name: str, user: str, request: Request, progress: Progress) -> Explained:
    """Why a user is in or out by the definitions on disk; extensions stand as they were published.

    Raises:
        InvalidInput: definitions or data that are wrong.
        SegctlError: no such name, or no such user.
    """
    project = opened(start)
    key = find(name, project.defined)
    as_of_us = instant(request.as_of, project.zone, request.now_us)
    data = open_data(project.definitions, as_of_us, progress)
    opening = _Opening(project, data, _published(project, data))
    node = lower(project.definitions.documents[key], settings_of(project.definitions))
    needed = _needed(node, opening, data.index.schema)
    data.index.ensure(needed, progress)
    view = data.index.at(as_of_us)
    person = profile(view, needed, user)
    world = World(as_of_us, catalogs(view, needed, person), opening.given(needed, user))
    outcome = Tracer(Binder(data.index.schema), person, world, opening.resolve).trace(node)
    return Explained(key, user, as_of_us, project.zone, outcome)


@dataclass(frozen=True, eq=False)
class _Opening:
    """What references stand for: published extensions and lists are given, all else is its logic."""

    project: Opened
    data: Data
    published: Mapping[Key, Bits]

    def resolve(self, reference: nodes.Reference) -> nodes.Node | None:
        """The logic below a reference; None where the membership is given."""
        key = (reference.kind, reference.name)
        if reference.kind == "list" or key in self.published:
            return None
        return lower(self.project.definitions.documents[key], settings_of(self.project.definitions))

    def given(self, needed: Needs, user: str) -> dict[Key, frozenset[str]]:
        """The memberships that are given, with this user in them or nobody."""
        population = self.data.population
        place = int(population.index_of(pa.array([user], pa.string()))[0])
        found = {key: self._bits(key) for key in needed.given}
        return {key: frozenset([user] if place >= 0 and bits[place] else []) for key, bits in found.items()}

    def _bits(self, key: Key) -> Bits:
        if key in self.published:
            return self.published[key]
        return read_list(self.project.definitions.documents[key], self.data.root, self.data.population).bits


def _published(project: Opened, data: Data) -> dict[Key, Bits]:
    """Extensions that are defined as they were published, as of then."""
    comparison = compared(project)
    stored = Stored(project.state, comparison.snapshots, data.population)
    keys = (key for key in project.defined if key[0] == "extension" and key not in comparison.moving)
    bits = ((key, stored.bits(key)) for key in keys)
    return {key: found for key, found in bits if found is not None}


def _needed(node: nodes.Node, opening: _Opening, schema: Schema) -> Needs:
    """What the condition reads, and every attribute that it names: those that decide nothing are shown too."""
    binder = Binder(schema, opening.resolve)
    found = needs([binder.bind(node)])
    checked(binder.diagnostics)
    columns = [Attributes(schema).column(path) for path in _attributes(node, opening)]
    named = {column.path for column in columns if not isinstance(column, Problem)}
    return replace(found, attributes=found.attributes | named)


def _attributes(node: nodes.Node, opening: _Opening) -> Iterator[tuple[str, ...]]:
    """The attributes of a condition and of all that it refers to."""
    waiting: list[nodes.Node | None] = [node]
    seen: set[tuple[str, str]] = set()
    while waiting:
        match waiting.pop():
            case nodes.Value(path=path):
                yield path
            case nodes.All(of) | nodes.Any(of):
                waiting.extend(of)
            case nodes.Not(of):
                waiting.append(of)
            case nodes.Reference() as reference if (reference.kind, reference.name) not in seen:
                seen.add((reference.kind, reference.name))
                waiting.append(opening.resolve(reference))
            case _:
                pass
