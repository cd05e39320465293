"""Law 2: two values, so that the algebra of sets holds for all conditions, missing values or not."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from segctl.index.update import Options
from tests.language import document, random_definition
from tests.laws.agreement import open_world
from tests.strategies import random_case


@pytest.mark.parametrize("seed", range(4))
def test_the_laws_of_sets_hold(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    world = open_world(random_case(rng, users=40), tmp_path, rng, Options(shards=2))
    wheres: dict[str, Any] = {}
    for number in range(12):
        wheres |= laws(f"{number}", _where(rng, world.case), _where(rng, world.case))
    documents = {
        ("segment", name): document({"kind": "segment", "name": name, "where": where}) for name, where in wheres.items()
    }
    found = {name: members for (_, name), members in world.members(documents).items()}
    everyone = frozenset(world.data.population.ids.to_pylist())
    for n in map(str, range(12)):
        a, b = found[f"a{n}"], found[f"b{n}"]
        assert found[f"not_a{n}"] == everyone - a
        assert found[f"not_not_a{n}"] == a
        assert found[f"and{n}"] == a & b
        assert found[f"or{n}"] == a | b
        assert found[f"neither{n}"] == found[f"both_not{n}"] == everyone - (a | b)
        assert found[f"rejoined{n}"] == a


def _where(rng: Random, case: Any) -> Any:
    where = random_definition(rng, case)["where"]
    return {"all": where} if isinstance(where, list) else where


def laws(n: str, a: Any, b: Any) -> dict[str, Any]:
    """Conditions that are to be equal in twos."""
    return {
        f"a{n}": a,
        f"b{n}": b,
        f"not_a{n}": {"not": a},
        f"not_not_a{n}": {"not": {"not": a}},
        f"and{n}": {"all": [b, a]},
        f"or{n}": {"any": [b, a]},
        f"neither{n}": {"not": {"any": [a, b]}},
        f"both_not{n}": {"all": [{"not": a}, {"not": b}]},
        f"rejoined{n}": {"any": [{"all": [a, {"not": b}]}, {"all": [a, b]}]},
    }
