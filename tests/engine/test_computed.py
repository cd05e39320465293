"""Computed values by the engine and by the interpreter, over random worlds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from segctl.engine.compute import compute
from segctl.index.update import Options
from segctl.logic.bind import Binder
from segctl.logic.bound import Computed
from segctl.logic.interpret import computed
from segctl.logic.lower import lower_trait
from segctl.logic.needs import needs
from segctl.logic.types import NOTHING, ListOf, Scalar
from segctl.progress import Silent
from segctl.workflow.profile import value_at
from tests.engine.worlds import tables_of
from tests.language import Around, Writer, document
from tests.laws.agreement import open_world
from tests.strategies import Case, random_case
from tests.writing.pen import Pen
from tests.writing.rows import Rows
from tests.writing.traits import type_of


def random_traits(rng: Random, case: Case, count: int) -> list[dict[str, Any]]:
    """Traits `t0`, `t1`, ...; formulas are of earlier ones."""
    pen, around = Pen(rng, case), Around()
    found: list[dict[str, Any]] = []
    for number in range(count):
        trait = Writer(pen, around).trait(f"t{number}")
        found.append(trait)
        around = around.with_trait(trait["name"], type_of(trait, around.traits, Rows(pen, None)))
    return found


def bound_traits(case: Case, traits: list[dict[str, Any]]) -> dict[str, Computed]:
    """The traits on the case's schema."""
    logic = {data["name"]: lower_trait(document(data)) for data in traits}
    binder = Binder(case.schema, traits=logic.get)
    values = {name: binder.value(expression) for name, expression in logic.items()}
    assert not [found for found in binder.diagnostics if found.severity.value == "error"]
    return values


def by_interpreter(case: Case, wanted: Mapping[str, Computed]) -> dict[str, dict[str, object]]:
    return {name: {user.id: computed(of, user, case.world) for user in case.users} for name, of in wanted.items()}


def by_engine(case: Case, wanted: Mapping[str, Computed], rng: Random) -> dict[str, dict[str, object]]:
    tables = tables_of(case, rng)
    ids = [users.ids[number] for users in tables.parts for number in users.order.tolist()]
    found = compute(tables, wanted, workers=1, progress=Silent()).columns
    return {name: {one: value_at(column, row) for row, one in enumerate(ids)} for name, column in found.items()}


@pytest.mark.parametrize("seed", range(60))
def test_the_engine_computes_what_the_interpreter_does(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    case = random_case(rng, users=rng.choice([1, 5, 12, 30]))
    traits = random_traits(rng, case, 20)
    wanted = bound_traits(case, traits)
    expected, found = by_interpreter(case, wanted), by_engine(case, wanted, rng)
    for data in traits:
        name = data["name"]
        assert repr(found[name]) == repr({one: expected[name][one] for one in found[name]}), (seed, data)


_PYTHON: Mapping[object, type] = {Scalar.INT: int, Scalar.FLOAT: float, Scalar.TIME: int, Scalar.STRING: str}


def test_a_chain_of_formulas_may_be_of_any_length() -> None:
    rng = Random(3)  # noqa: S311 - not for secrets
    case = random_case(rng, users=5)
    chain: list[dict[str, Any]] = [{"kind": "trait", "name": "t0", "value": {"event": "purchase", "count": True}}]
    chain += [{"kind": "trait", "name": f"t{n}", "formula": f"t{n - 1} + t{n - 1} - t0"} for n in range(1, 2000)]
    wanted = bound_traits(case, chain)
    last = {"t0": wanted["t0"], "t1999": wanted["t1999"]}
    found = by_engine(case, last, rng)
    assert found == by_interpreter(case, last)
    assert set(found["t1999"].values()) == {float(str(n)) for n in found["t0"].values()}


def test_values_are_of_the_type_that_is_told() -> None:
    rng = Random(7)  # noqa: S311 - not for secrets
    case = random_case(rng, users=30)
    wanted = bound_traits(case, random_traits(rng, case, 80))
    for name, values in by_engine(case, wanted, rng).items():
        kind = wanted[name].type
        for value in values.values():
            if value is None or kind not in _PYTHON:
                assert value is None or kind != NOTHING
                assert value is None or not isinstance(kind, ListOf) or isinstance(value, list)
            else:
                assert type(value) is _PYTHON[kind]


def test_files_shards_and_processes_change_no_value(tmp_path: Path) -> None:
    rng = Random(11)  # noqa: S311 - not for secrets
    world = open_world(random_case(rng, users=30), tmp_path, rng, Options(shards=4, run_rows=7))
    traits = random_traits(rng, world.case, 40)
    wanted = bound_traits(world.case, traits)
    world.data.index.ensure(needs((), wanted.values()), Silent())
    view, ids = world.data.index.at(world.case.as_of_us), world.data.population.ids.to_pylist()
    expected = by_interpreter(world.case, wanted)
    for workers in (1, 2):
        found = compute(view, wanted, workers=workers, progress=Silent()).columns
        for name, column in found.items():
            values = {one: value_at(column, row) for row, one in enumerate(ids)}
            assert repr(values) == repr({one: expected[name][one] for one in ids}), traits[int(name[1:])]
