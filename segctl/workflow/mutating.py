"""`segctl test --mutate`: which little changes of definitions a test would notice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from segctl.diagnostics import SegctlError, Span, did_you_mean
from segctl.edges.guess import guess
from segctl.edges.mutations import Mutant, Mutation, mutants
from segctl.graph import TESTED, Graph
from segctl.load.document import Document, Key
from segctl.load.project import Definitions, find_root, project_of
from segctl.logic import bound
from segctl.logic.bind import Binder
from segctl.logic.interpret import World
from segctl.logic.lower import lower, lower_trait, traits_among
from segctl.logic.members import members
from segctl.logic.nodes import Node
from segctl.logic.prove import equivalent
from segctl.logic.references import Traits
from segctl.logic.settings import Settings, settings_of
from segctl.logic.types import Schema
from segctl.progress import Progress
from segctl.workflow.definition_tests import Runnable, prepare
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
    keys = [key for key in definitions.documents if _can_be_tested(key, graph)]
    chosen = {key for name in names for key in _named(name, keys)} if names else set(keys)
    return tried(definitions, graph, sorted(chosen), progress)


def _can_be_tested(key: Key, graph: Graph) -> bool:
    """Whether a test can see the definition: a trait only through what uses it."""
    return key[0] in TESTED or (key[0] == "trait" and any(kind in TESTED for kind, _ in graph.downstream(key)))


def _named(name: str, keys: Collection[Key]) -> list[Key]:
    found = [key for key in keys if name in (key[1], ".".join(key))]
    if not found:
        hint = did_you_mean(name, [key[1] for key in keys]) or "name a segment, a campaign, an extension or a trait"
        raise SegctlError(f"there is no definition `{name}` that a test could be about", hint=hint)
    return found


def tried(definitions: Definitions, graph: Graph, keys: Sequence[Key], progress: Progress) -> Mutated:
    """All mutants of these definitions, against all tests that need them."""
    tests = {key: _Ready(prepare(definitions.documents[key], definitions, graph)) for key in _tests(definitions)}
    failing = tuple(key[1] for key, test in tests.items() if not test.passes)
    usable = {key: test for key, test in tests.items() if test.passes}
    found = _Tally()
    progress.start("Changing definitions", len(keys))
    for key in keys:
        needing = [test for name, test in usable.items() if key in graph.upstream(name)]
        needing = [test for test in needing if key not in test.prepared.given.world.given]
        if not needing:
            found.untested.append(key)
        judge = _Judge(definitions, graph, key, needing)
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

    def __init__(self, prepared: Runnable) -> None:
        self.prepared = prepared
        binder = prepared.binder()
        self.world = members(prepared.logic, binder, prepared.given.users, prepared.given.world)
        wrong = any(d.is_error for d in (*prepared.diagnostics, *binder.diagnostics))
        self.passes = not wrong and not self.differs(self.world)

    def differs(self, world: World) -> bool:
        """Whether somebody is not where the test expects."""
        expected = self.prepared.expected
        return any((one.user in world.given.get(one.key, ())) is not one.member for one in expected)

    def notices(self, changed: Mapping[Key, Node], traits: Traits) -> bool:
        """Whether the test fails with these definitions changed; what does not fit its rows is noticed by nobody."""
        binder = Binder(self.prepared.given.schema, traits=traits)
        order = {key: changed[key] for key in self.prepared.logic if key in changed}
        world = members(order, binder, self.prepared.given.users, self.world)
        wrong = any(d.is_error for d in binder.diagnostics)
        return not wrong and self.differs(world)


@dataclass
class _Judge:
    """The mutants of one definition before the tests that need it."""

    definitions: Definitions
    graph: Graph
    key: Key
    tests: list[_Ready]

    def verdicts(self) -> Iterator[tuple[Mutant, bool]]:
        """Every mutant that is another definition, and whether a test notices it."""
        documents = self.definitions.documents
        schema = self._schema()
        was = self._bound(documents, schema)
        for mutant in mutants(documents[self.key], self._settings):
            changed = {**documents, self.key: mutant.document}
            now = self._bound(changed, schema)
            if now is None or (was is not None and all(map(equivalent, now, was))):
                continue
            logic, traits = self._logic(changed, self._affected()), traits_among(changed, self._settings)
            yield mutant, any(test.notices(logic, traits) for test in self.tests)

    @cached_property
    def _settings(self) -> Settings:
        return settings_of(self.definitions)

    def _affected(self) -> list[Key]:
        """The definition and all that depends on it, as far as they are conditions."""
        keys = {self.key, *self.graph.downstream(self.key)}
        return [key for key in self.graph.order if key in keys and key[0] in TESTED]

    def _logic(self, documents: Mapping[Key, Document], keys: Sequence[Key]) -> dict[Key, Node]:
        return {key: lower(documents[key], self._settings) for key in keys}

    def _bound(self, documents: Mapping[Key, Document], schema: Schema) -> list[bound.Node] | None:
        """The conditions in which a mutant shows, on the columns they are about; None if they do not fit."""
        binder = Binder(schema, traits=traits_among(documents, self._settings))
        keys = self._affected() if self.key[0] == "trait" else [self.key]
        found = [binder.bind(node) for node in self._logic(documents, keys).values()]
        return None if any(d.is_error for d in binder.diagnostics) else found

    def _schema(self) -> Schema:
        """The columns that the definitions are about: all of them together say it best."""
        documents, order = self.definitions.documents, self.graph.order
        conditions = self._logic(documents, [key for key in order if key[0] in TESTED]).values()
        traits = [lower_trait(documents[key], self._settings) for key in order if key[0] == "trait"]
        return guess(conditions, project_of(self.definitions.project), traits)
