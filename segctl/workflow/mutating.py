"""`segctl test --mutate`: which little changes of definitions a test would notice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from segctl.diagnostics import SegctlError, Severity, Span, did_you_mean
from segctl.edges.guess import guess
from segctl.edges.mutations import Mutant, Mutation, mutants
from segctl.graph import TESTED, Graph
from segctl.load.document import Document, Key
from segctl.load.project import Definitions, find_root
from segctl.logic import bound
from segctl.logic.bind import Binder
from segctl.logic.interpret import World
from segctl.logic.lower import lower, traits_among
from segctl.logic.members import members
from segctl.logic.nodes import Expression, Node
from segctl.logic.prove import equivalent
from segctl.logic.settings import Settings, settings_of
from segctl.logic.types import Schema
from segctl.progress import Progress
from segctl.workflow.definition_tests import Prepared, prepare
from segctl.workflow.opened import project_of
from segctl.workflow.validate import validate


@dataclass(frozen=True)
class Survivor:
    """A mutation that no test notices, and where the definition stands that it is of."""

    key: Key
    mutation: Mutation
    span: Span | None


@dataclass(frozen=True)
class Mutated:
    """What became of the mutants: of each definition how many there are and how many were noticed.

    `untested` are the definitions that no test expects anything of; `failing` the tests that fail as it
    is, and can notice nothing.
    """

    mutants: Mapping[Key, int]
    noticed: Mapping[Key, int]
    survivors: tuple[Survivor, ...]
    untested: tuple[Key, ...]
    failing: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The share of the mutants that a test notices, from 0 to 1; 1 if there is none."""
        total = sum(self.mutants.values())
        return sum(self.noticed.values()) / total if total else 1.0


def mutate(start: Path, names: Sequence[str], progress: Progress) -> Mutated:
    """Change the definitions of these names, or all, one little thing at a time, and run their tests.

    Raises:
        InvalidInput: definitions that are wrong.
        SegctlError: a name that is of no definition.
    """
    definitions, graph, _ = validate(find_root(start))
    keys = [key for key in definitions.documents if key[0] in TESTED]
    chosen = {key for name in names for key in _named(name, keys)} if names else set(keys)
    return tried(definitions, graph, sorted(chosen), progress)


def _named(name: str, keys: Collection[Key]) -> list[Key]:
    found = [key for key in keys if name in (key[1], ".".join(key))]
    if not found:
        hint = did_you_mean(name, [key[1] for key in keys]) or "name a segment, a campaign or an extension"
        raise SegctlError(f"there is no definition `{name}` that a test could be about", hint=hint)
    return found


def tried(definitions: Definitions, graph: Graph, keys: Sequence[Key], progress: Progress) -> Mutated:
    """All mutants of these definitions, against all tests that need them."""
    around = settings_of(definitions)
    tests = {key: _Ready(prepare(definitions.documents[key], definitions, graph)) for key in _tests(definitions)}
    failing = tuple(key[1] for key, test in tests.items() if not test.passes)
    usable = {key: test for key, test in tests.items() if test.passes}
    found = _Tally()
    progress.start("Changing definitions", len(keys))
    for key in keys:
        needing = [test for test in usable.values() if key in test.prepared.logic]
        if not needing:
            found.untested.append(key)
        judge = _Judge(definitions, graph, key, around, needing)
        for mutant, noticed in judge.verdicts():
            found.take(key, definitions.documents[key], mutant.mutation, noticed=noticed)
        progress.advance(1)
    return Mutated(found.mutants, found.noticed, tuple(found.survivors), tuple(found.untested), failing)


def _tests(definitions: Definitions) -> list[Key]:
    return sorted(key for key in definitions.documents if key[0] == "test")


@dataclass
class _Tally:
    mutants: dict[Key, int] = field(default_factory=dict)
    noticed: dict[Key, int] = field(default_factory=dict)
    survivors: list[Survivor] = field(default_factory=list)
    untested: list[Key] = field(default_factory=list)

    def take(self, key: Key, document: Document, mutation: Mutation, *, noticed: bool) -> None:
        self.mutants[key] = self.mutants.get(key, 0) + 1
        self.noticed[key] = self.noticed.get(key, 0) + noticed
        if not noticed:
            span = document.key_span(mutation.at) if mutation.on_key else document.span(mutation.at)
            self.survivors.append(Survivor(key, mutation, span))


class _Ready:
    """A test with the memberships as they are."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        binder = prepared.binder()
        self.world = members(prepared.logic, binder, prepared.given.users, prepared.given.world)
        wrong = any(d.severity is Severity.ERROR for d in (*prepared.diagnostics, *binder.diagnostics))
        self.passes = not wrong and not self.differs(self.world)

    def differs(self, world: World) -> bool:
        """Whether somebody is not where the test expects."""
        expected = self.prepared.expected
        return any((one.user in world.given.get(one.key, ())) is not one.member for one in expected)

    def notices(self, changed: Mapping[Key, Node]) -> bool | None:
        """Whether the test fails with these definitions changed; None if they do not fit what it gives."""
        binder = self.prepared.binder()
        order = {key: changed.get(key, node) for key, node in self.prepared.logic.items() if key in changed}
        world = members(order, binder, self.prepared.given.users, self.world)
        if any(d.severity is Severity.ERROR for d in binder.diagnostics):
            return None
        return self.differs(world)


@dataclass
class _Judge:
    """The mutants of one definition before the tests that need it."""

    definitions: Definitions
    graph: Graph
    key: Key
    around: Settings
    tests: list[_Ready]

    def verdicts(self) -> Iterator[tuple[Mutant, bool]]:
        """Every mutant that is another definition, and whether a test notices it."""
        document = self.definitions.documents[self.key]
        schema = guess(self._conditions(), project_of(self.definitions.project), self._traits())
        was = self._binder(schema).bind(self._lowered(document))
        for mutant in mutants(document, self.around):
            node = self._lowered(mutant.document)
            if self._is_other(node, schema, was):
                verdicts = [test.notices(self._changed(node, test)) for test in self.tests]
                yield mutant, any(verdict is True for verdict in verdicts)

    def _is_other(self, node: Node, schema: Schema, was: bound.Node) -> bool:
        """Whether the mutant fits the columns that the definition is about, and is not surely the same on them."""
        binder = self._binder(schema)
        condition = binder.bind(node)
        wrong = any(d.severity is Severity.ERROR for d in binder.diagnostics)
        return not wrong and not equivalent(condition, was)

    def _conditions(self) -> list[Node]:
        """All conditions of the project: together they say best what columns there are."""
        keys = (key for key in self.graph.order if key[0] in TESTED)
        return [self._lowered(self.definitions.documents[key]) for key in keys]

    def _traits(self) -> list[Expression]:
        traits = traits_among(self.definitions.documents, self.around)
        found = (traits(name) for kind, name in self.graph.order if kind == "trait")
        return [trait for trait in found if trait is not None]

    def _binder(self, schema: Schema) -> Binder:
        return Binder(schema, traits=traits_among(self.definitions.documents, self.around))

    def _lowered(self, document: Document) -> Node:
        return lower(document, self.around)

    def _changed(self, node: Node, test: _Ready) -> dict[Key, Node]:
        """The mutant, and what depends on it as it is."""
        logic = test.prepared.logic
        below = {key: logic[key] for key in self.graph.downstream(self.key) if key in logic}
        return {self.key: node, **below}
