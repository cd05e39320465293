"""Sequences over shards and slices, by the interpreter: random worlds of a few instants, full of ties."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from segctl.engine.evaluate import evaluate
from segctl.logic import bound
from segctl.logic.interpret import User, World, holds
from segctl.progress import Silent
from tests.engine import tables
from tests.engine.tables import Tables, Users
from tests.logic.chains import AS_OF, NAMES, SCHEMA, TYPES, random_sequence, worlds


def tables_of(users: Sequence[User], rng: Random) -> Tables:
    """The users in two shards, their rows in two slices."""
    cut = rng.randint(0, len(users))
    return Tables(AS_OF, SCHEMA, [_shard(part, rng) for part in (users[:cut], users[cut:])])


def _shard(users: Sequence[User], rng: Random) -> Users:
    slices = {}
    for name in NAMES:
        rows = [(n, row.time_us, row.properties) for n, user in enumerate(users) for row in user.events
                if row.name == name]  # fmt: skip
        rng.shuffle(rows)
        cut = rng.randint(0, len(rows))
        slices[name] = [tables.Rows(TYPES, part) for part in (rows[:cut], rows[cut:]) if part]
    return Users([user.id for user in users], {}, [{}] * len(users), slices)


def members(users: Sequence[User], conditions: Sequence[bound.Node], rng: Random) -> list[set[str]]:
    source = tables_of(users, rng)
    found = evaluate(source, dict(enumerate(conditions)), {}, workers=1, progress=Silent()).memberships
    return [source.ids(found[number]) for number in range(len(conditions))]


def disagreements(seeds: range, sequences_each: int) -> list[tuple[int, bound.Sequence, list[User]]]:
    wrong = []
    for seed, rng, users in worlds(seeds):
        conditions = [random_sequence(rng) for _ in range(sequences_each)]
        for condition, found in zip(conditions, members(users, conditions, rng), strict=True):
            expected = {user.id for user in users if holds(condition, user, World(AS_OF))}
            if found != expected:
                wrong.append((seed, condition, [user for user in users if user.id in found ^ expected]))
    return wrong


@pytest.mark.parametrize("first", range(10_000, 10_400, 100))
def test_engine_and_interpreter_agree(first: int) -> None:
    assert disagreements(range(first, first + 100), 8) == []
