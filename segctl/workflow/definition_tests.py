"""The definitions' own tests: given rows, expected members, and why where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segctl.diagnostics import Diagnostic, Span, did_you_mean
from segctl.graph import Graph
from segctl.load.document import Document, Key
from segctl.load.project import Definitions, project_of
from segctl.logic.bind import Binder
from segctl.logic.given import Setting, setting
from segctl.logic.interpret import User
from segctl.logic.keys import id_text
from segctl.logic.lower import lower, traits_among
from segctl.logic.members import members
from segctl.logic.nodes import Node, Reference
from segctl.logic.outcome import Outcome
from segctl.logic.references import Traits
from segctl.logic.settings import settings_of
from segctl.logic.trace import Tracer
from segctl.model.resources import DefinitionTest
from segctl.workflow.given_names import misspelt

_WITHOUT_LOGIC = ("list", "trait")
"""What is given, or is no condition but a value."""


@dataclass(frozen=True)
class Expectation:
    """That a user is, or is not, a member; `span` is where the test says so."""

    key: Key
    user: str
    member: bool
    span: Span | None


@dataclass(frozen=True)
class Wrong:
    """An expectation that is not met, and what every condition makes of the user."""

    expected: Expectation
    outcome: Outcome


@dataclass(frozen=True)
class TestResult:
    """One test: how many expectations it has, those that are not met, and what is wrong with the test itself."""

    __test__ = False  # pytest takes classes by their name

    name: str
    span: Span | None
    expectations: int
    wrong: tuple[Wrong, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation is met, and the test is right."""
        return not self.wrong and not any(d.is_error for d in self.diagnostics)


def run_tests(definitions: Definitions, graph: Graph) -> tuple[TestResult, ...]:
    """All tests, by name."""
    documents = definitions.documents
    return tuple(run_test(documents[key], definitions, graph) for key in sorted(documents) if key[0] == "test")


def run_test(document: Document, definitions: Definitions, graph: Graph) -> TestResult:
    """One test: what it expects, evaluated on what it gives.

    Extensions are those given, else computed from their conditions as of the test; a list that is not
    given is empty.
    """
    test = prepare(document, definitions, graph)
    diagnostics = list(test.diagnostics)
    wrong: tuple[Wrong, ...] = ()
    if not any(d.is_error for d in diagnostics):
        binder = test.binder()
        wrong = tuple(_failures(test, binder))
        diagnostics += binder.diagnostics
    return TestResult(document.key[1], document.span(), len(test.expected), wrong, tuple(diagnostics))


@dataclass(frozen=True)
class Runnable:
    """A test that can be run: what it gives and expects, and the logic it needs, each after what it refers to.

    `traits` are those of the definitions.
    """

    given: Setting
    expected: tuple[Expectation, ...]
    logic: Mapping[Key, Node]
    traits: Traits
    diagnostics: tuple[Diagnostic, ...]

    def binder(self) -> Binder:
        """Fits conditions to what is given; what they refer to is given to it."""
        return Binder(self.given.schema, traits=self.traits)


def prepare(document: Document, definitions: Definitions, graph: Graph) -> Runnable:
    """A test before it is run; with an error among the diagnostics it cannot be."""
    project = project_of(definitions.project)
    given = setting(document, project)
    expected = tuple(_expectations(document, graph))
    logic = _logic(document, definitions, graph, given)
    traits = traits_among(definitions.documents, settings_of(definitions))
    values = [trait for kind, name in graph.upstream(document.key) if kind == "trait" and (trait := traits(name))]
    doubts = misspelt(document, given.schema, project, (logic.values(), values))
    return Runnable(given, expected, logic, traits, (*given.diagnostics, *_strangers(expected, given), *doubts))


def _expectations(document: Document, graph: Graph) -> Iterator[Expectation]:
    """Every id that the test names, in the order in which it is written."""
    keys = {link.key[1]: link.key for link in graph.links[document.key] if link.path[0] == "expect"}
    if not isinstance(document.resource, DefinitionTest):
        return
    for name, one in document.resource.expect.items():
        for word, ids, member in (("in", one.in_, True), ("out", one.out, False)):
            for number, user in enumerate(ids):
                span = document.span(("expect", name, word, number))
                yield Expectation(keys[name], id_text(user) or "", member, span)


def _strangers(expected: Iterable[Expectation], given: Setting) -> Iterator[Diagnostic]:
    """Expectations of users that the test does not give."""
    users = {user.id for user in given.users}
    for one in expected:
        if one.user not in users:
            hint = did_you_mean(one.user, users) or "add it to the given users"
            yield Diagnostic("unknown-user", f"`{one.user}` is none of the given users", one.span, "", hint)


def _logic(document: Document, definitions: Definitions, graph: Graph, given: Setting) -> Mapping[Key, Node]:
    """All conditions that the test needs, each after those it refers to; not what is given."""
    needed, around = graph.upstream(document.key), settings_of(definitions)
    return {
        key: lower(definitions.documents[key], around)
        for key in graph.order
        if key in needed and key[0] not in _WITHOUT_LOGIC and key not in given.world.given
    }


def _failures(test: Runnable, binder: Binder) -> Iterator[Wrong]:
    world = members(test.logic, binder, test.given.users, test.given.world)
    users: Mapping[str, User] = {user.id: user for user in test.given.users}

    def opened(reference: Reference) -> Node | None:
        return test.logic.get((reference.kind, reference.name))

    for one in test.expected:
        if (one.user in world.given.get(one.key, ())) is not one.member:
            tracer = Tracer(binder, users[one.user], world, opened)
            yield Wrong(one, tracer.trace(Reference(*one.key)))
