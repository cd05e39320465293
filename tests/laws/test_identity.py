"""Law 12: what is only written otherwise has the same fingerprint, and the same members."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from segctl.index.update import Options
from segctl.logic.fingerprint import fingerprint
from segctl.logic.lower import lower
from segctl.logic.normalise import normalise
from tests.language import document, random_definitions
from tests.laws.agreement import open_world
from tests.strategies import random_case


def rewritten(rng: Random, value: Any, *, condition: bool) -> Any:
    """The same definition, in another order and with double negations."""
    if isinstance(value, list):
        return rng.sample([rewritten(rng, one, condition=True) for one in value], len(value))
    if not isinstance(value, dict) or not condition:
        return value
    keys = rng.sample(sorted(value), len(value))
    inner = {key: rewritten(rng, value[key], condition=True) if key in HEADS else value[key] for key in keys}
    return {"not": {"not": inner}} if rng.random() < 0.2 else inner


HEADS = ("all", "any", "not", "where")


@pytest.mark.parametrize("seed", range(4))
def test_order_and_double_negation_change_nothing(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    world = open_world(random_case(rng, users=30), tmp_path, rng, Options(shards=2))
    written = random_definitions(rng, world.case, 25)
    others = [{**data, "where": rewritten(rng, data["where"], condition=True)} for data in written]
    first = {("segment", data["name"]): document(data) for data in written}
    second = {("segment", data["name"]): document(data) for data in others}
    for key, one in first.items():
        assert fingerprint(normalise(lower(one))) == fingerprint(normalise(lower(second[key])))
    assert world.members(first) == world.members(second)
