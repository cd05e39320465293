"""Tests that are generated for random definitions: they load, they pass, and they have users in and out."""

from __future__ import annotations

from random import Random

import pytest

from segctl.diagnostics import Severity
from segctl.edges.generate import Subject, generate, members, yaml
from segctl.load.document import Document
from segctl.load.parse import parse
from segctl.load.validate import validate
from segctl.logic.bind import Binder
from segctl.logic.given import setting
from segctl.logic.interpret import holds
from segctl.logic.lower import lower
from segctl.logic.nodes import Node
from segctl.logic.ranking import ranked
from segctl.model.project import Project
from segctl.model.resources import DefinitionTest
from tests.language import document, random_definition
from tests.strategies import Case, random_case

SEEDS = range(60)


def project(case: Case) -> Project:
    return Project.model_validate({
        "kind": "project", "name": "p", "timezone": case.schema.zone, "users": {"path": "u.csv", "id": "id"},
        "catalogs": {"product": {"path": "p.csv", "key": "product_id"}},
    })  # fmt: skip


def read(text: str) -> Document:
    parsed = parse(text, "test.yaml")
    assert not parsed.diagnostics
    test, wrong = validate(parsed.documents[0], DefinitionTest, "test.yaml")
    assert test is not None, wrong
    return Document(("test", "s_edges"), test, parsed.documents[0].data)


def passes(test: Document, node: Node, of: Project) -> bool:
    """Whether everybody is where the file says, read as any other test is."""
    given = setting(test, of)
    binder = Binder(given.schema)
    condition = binder.bind(node)
    assert not [d for d in (*given.diagnostics, *binder.diagnostics) if d.severity is Severity.ERROR]
    assert isinstance(test.resource, DefinitionTest)
    expected = test.resource.expect["s"]
    world = ranked([condition], given.users, given.world)
    inside = [user.id for user in given.users if holds(condition, user, world)]
    return inside == expected.in_ and {user.id for user in given.users} == {*expected.in_, *expected.out}


@pytest.mark.parametrize("seeds", [SEEDS[n : n + 30] for n in range(0, len(SEEDS), 30)], ids=str)
def test_a_generated_test_passes_and_has_whoever_can_be(seeds: range) -> None:
    for seed in seeds:
        rng = Random(seed)  # noqa: S311 not for secrets
        case = random_case(rng)
        node = lower(document(random_definition(rng, case)))
        subject = Subject(("segment", "s"), node, lambda _: None)
        test = generate(subject, "s_edges", case.schema, case.as_of_us)
        inside = members(test, subject, project(case))
        assert passes(read(yaml(test, node, inside)), node, project(case)), seed
        bound = Binder(case.schema).bind(node)
        world = ranked([bound], case.users, case.world)
        possible = {holds(bound, user, world) for user in case.users}
        assert possible <= {person.id in inside for person in test.people}, seed


def test_the_same_definition_gives_the_same_file() -> None:
    rng = Random(7)  # noqa: S311 not for secrets
    case = random_case(rng)
    node = lower(document(random_definition(rng, case)))
    subject = Subject(("segment", "s"), node, lambda _: None)
    one, other = (generate(subject, "s_edges", case.schema, case.as_of_us) for _ in range(2))
    assert yaml(one, node, ()) == yaml(other, node, ())
