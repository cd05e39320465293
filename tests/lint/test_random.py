"""Findings over random projects: none is told wrongly, and nothing that can be written upsets the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from segctl.graph import examine
from segctl.lint.facts import Facts, Seen
from segctl.lint.run import findings
from segctl.lint.subject import Definition, Subject, traits_of
from segctl.lint.verdicts import Verdict, verdicts
from segctl.load.document import Document, Key
from segctl.logic.bind import Binder
from segctl.logic.interpret import holds
from segctl.logic.lower import lower, lower_trait
from segctl.logic.nodes import Node, Reference
from segctl.logic.prove import contradiction, implied, tautology
from segctl.logic.ranking import ranked
from tests.language import document, random_library
from tests.laws.agreement import bind_all, settings_around
from tests.strategies import Case, random_case

randoms = st.integers(0, 2**32 - 1).map(Random)
"""A failing example is named by its seed."""

many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


def facts_of(case: Case) -> Facts:
    times: dict[str, list[int]] = {}
    for user in case.users:
        for row in user.events:
            times.setdefault(row.name, []).append(row.time_us)
    events = {name: Seen(len(all_), min(all_), max(all_)) for name, all_ in times.items()}
    return Facts(case.schema, case.as_of_us, len(case.users), events)


def subject_of(case: Case, documents: Mapping[Key, Document]) -> Subject:
    graph, _ = examine(documents)
    around = settings_around(case, documents)
    logic = {
        key: Definition(one, lower_trait(one, around) if key[0] == "trait" else lower(one, around))
        for key, one in documents.items()
    }
    return Subject(logic, graph, facts_of(case))


def members(case: Case, subject: Subject, node: Node) -> frozenset[str]:
    logic = {key: one.logic for key, one in subject.definitions.items() if isinstance(one.logic, Node)}

    def resolve(reference: Reference) -> Node | None:
        return logic.get((reference.kind, reference.name))

    bound = Binder(case.schema, resolve, traits_of(subject.definitions)).bind(node)
    world = ranked([bound], case.users, case.world)
    return frozenset(user.id for user in case.users if holds(bound, user, world))


def wrongly_told(case: Case, subject: Subject) -> Iterator[Verdict]:
    """Verdicts that a user shows to be wrong; those on rows are only asked whether somebody is in after all."""
    everyone = frozenset(user.id for user in case.users)
    for verdict in verdicts(subject):
        whole = subject.definitions[verdict.key].logic
        if verdict.nobody and isinstance(whole, Node) and members(case, subject, whole):
            yield verdict
        if not verdict.on_rows and members(case, subject, verdict.node) != (everyone if verdict.holds else frozenset()):
            yield verdict


@many
@given(randoms)
def test_what_is_told_of_random_projects_is_true(rng: Random) -> None:
    case = random_case(rng)
    written = [document(data) for data in random_library(rng, case, 8)]
    subject = subject_of(case, {one.key: one for one in written})
    assert list(wrongly_told(case, subject)) == []
    assert all(found.summary for found in findings(subject))


@many
@given(randoms)
def test_proofs_about_the_whole_language_hold_for_every_user(rng: Random) -> None:
    case = random_case(rng)
    written = [document(data) for data in random_library(rng, case, 6)]
    conditions = list(bind_all(case, {one.key: one for one in written}).values())

    world = ranked(conditions, case.users, case.world)
    found = [frozenset(user.id for user in case.users if holds(node, user, world)) for node in conditions]
    for node, ids in zip(conditions, found, strict=True):
        assert not contradiction(node) or not ids
        assert not tautology(node) or len(ids) == len(case.users)
    for one, ids in zip(conditions, found, strict=True):
        for other, others in zip(conditions, found, strict=True):
            assert not implied(one, other) or ids <= others
