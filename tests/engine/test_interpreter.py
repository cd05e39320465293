"""The engine over tables in memory against the interpreter; `tests/laws` does the same through files and index."""

from __future__ import annotations

from random import Random

import pytest

from segctl.engine.evaluate import evaluate
from segctl.logic.bind import Binder
from segctl.logic.interpret import holds
from segctl.logic.lower import lower
from segctl.logic.nodes import Node, Reference
from segctl.progress import Silent
from tests.engine.worlds import bits_of, tables_of
from tests.language import document, random_definitions
from tests.strategies import random_case


@pytest.mark.parametrize("seed", range(20))
def test_the_engine_holds_what_the_interpreter_holds(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    case = random_case(rng, users=14)
    written = random_definitions(rng, case, 40)
    logic = {data["name"]: lower(document(data)) for data in written}
    tables = tables_of(case, rng)

    def resolve(reference: Reference) -> Node | None:
        return logic[reference.name] if reference.kind == "segment" else None

    binder = Binder(case.schema, resolve)
    bound = {name: binder.bind(node) for name, node in logic.items()}
    given = {key: bits_of(tables, ids) for key, ids in case.world.given.items()}
    found = evaluate(tables, bound, given, workers=1, progress=Silent()).memberships
    for data in written:
        name = data["name"]
        expected = {user.id for user in case.users if holds(bound[name], user, case.world)}
        assert tables.ids(found[name]) == expected, data
