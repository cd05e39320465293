"""The interpreter, one user at a time, says what plain SQL says: so `explain` and `segctl test` can be believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from segctl.index.view import View
from segctl.load.document import Document, Key
from segctl.logic import nodes
from segctl.logic.bind import Binder
from segctl.logic.bound import Node
from segctl.logic.interpret import User, World, holds
from segctl.logic.lower import lower, lower_trait
from segctl.logic.needs import Needs, needs
from segctl.logic.times import written_us
from segctl.progress import Silent
from segctl.workflow.evaluate import open_data
from segctl.workflow.lists import read_list
from segctl.workflow.opened import opened
from segctl.workflow.profile import catalogs, profile
from tests.real.answers import Answer, Members, differences
from tests.real.engine import ids, memberships
from tests.real.instants import CLICKSTREAM_INSTANTS, RETAIL_INSTANTS
from tests.real.places import needs_data

pytestmark = needs_data
At = Callable[[str], Answer]
RANKED = frozenset({"deep_sessions", "top_two_percent", "least_fifty", "champions", "fresh_but_small"})
"""Whose members follow from all users; here only some are asked."""


def interpreted(root: Path, as_of: str, every: int) -> tuple[Members, dict[str, set[str]]]:
    """Every so many users of the population, and which of them are in what."""
    project = opened(root)
    data = open_data(project.definitions, written_us(as_of, project.zone), Silent())
    documents = project.definitions.documents
    binder = Binder(
        data.index.schema, lambda reference: _logic(documents, reference), lambda name: _trait(documents, name)
    )
    asked_for = [key for key in memberships(project.definitions) if key[1] not in RANKED]
    conditions = {key: binder.bind(lower(documents[key])) for key in asked_for}
    needed = needs(conditions.values())
    data.index.ensure(needed, Silent())
    lists = {key: ids(data.population, read_list(documents[key], root, data.population).bits) for key in needed.given}
    asked = sorted(data.population.ids.to_pylist())[::every]
    view = data.index.at(data.as_of_us)
    people = [(user, World(data.as_of_us, catalogs(view, needed, user), lists)) for user in _users(view, needed, asked)]
    return frozenset(asked), {key[1]: _holding(condition, people) for key, condition in conditions.items()}


def _logic(documents: Mapping[Key, Document], reference: nodes.Reference) -> nodes.Node | None:
    return None if reference.kind == "list" else lower(documents[reference.kind, reference.name])


def _trait(documents: Mapping[Key, Document], name: str) -> nodes.Expression | None:
    return lower_trait(documents["trait", name]) if ("trait", name) in documents else None


def _users(view: View, needed: Needs, asked: Sequence[str]) -> list[User]:
    return [profile(view, needed, user) for user in asked]


def _holding(condition: Node, people: Sequence[tuple[User, World]]) -> set[str]:
    return {user.id for user, world in people if holds(condition, user, world)}


def among(answer: Answer, asked: Members) -> dict[str, Members]:
    return {name: members & asked for name, members in answer.members.items() if name not in RANKED}


def test_shoppers(retail: Path, retail_answer: At) -> None:
    asked, actual = interpreted(retail, RETAIL_INSTANTS[2], every=40)
    assert differences(among(retail_answer(RETAIL_INSTANTS[2]), asked), actual) == {}


@pytest.mark.parametrize("as_of", CLICKSTREAM_INSTANTS)
def test_visitors(clickstream: Path, clickstream_answer: At, as_of: str) -> None:
    asked, actual = interpreted(clickstream, as_of, every=4)
    assert differences(among(clickstream_answer(as_of), asked), actual) == {}
