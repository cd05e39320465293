"""Sequences over shards and slices, by the interpreter: random worlds of a few instants, full of ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from segctl.engine import timeline
from segctl.engine.evaluate import evaluate
from segctl.logic import bound
from segctl.logic.interpret import Row, User, World, holds
from segctl.progress import Silent
from tests.engine import tables
from tests.engine.tables import Tables, Users
from tests.logic.chains import AS_OF, NAMES, SCHEMA, TYPES, long_lives, random_sequence, stretched, worlds


def tables_of(users: Sequence[User], rng: Random, as_of: int = AS_OF) -> Tables:
    """The users in two shards, their rows in two slices."""
    cut = rng.randint(0, len(users))
    return Tables(as_of, SCHEMA, [_shard(part, rng) for part in (users[:cut], users[cut:])])


def _shard(users: Sequence[User], rng: Random) -> Users:
    slices = {}
    for name in NAMES:
        rows = [(n, row.time_us, row.properties) for n, user in enumerate(users) for row in user.events
                if row.name == name]  # fmt: skip
        rng.shuffle(rows)
        cut = rng.randint(0, len(rows))
        slices[name] = [tables.Rows(TYPES, part) for part in (rows[:cut], rows[cut:]) if part]
    return Users([user.id for user in users], {}, [{}] * len(users), slices)


def members(users: Sequence[User], conditions: Sequence[bound.Node], rng: Random, as_of: int = AS_OF) -> list[set[str]]:
    source = tables_of(users, rng, as_of)
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


@pytest.mark.parametrize("seed", range(60))
def test_they_agree_on_longer_lives(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    as_of = rng.choice([20, 60, 200])
    users = long_lives(rng, 12, as_of)
    conditions = [stretched(random_sequence(rng), rng, as_of // 10) for _ in range(6)]
    for condition, found in zip(conditions, members(users, conditions, rng, as_of), strict=True):
        assert found == {user.id for user in users if holds(condition, user, World(as_of))}, condition


def test_instants_become_ranks_where_users_and_instants_do_not_fit_into_one_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timeline, "_WIDEST", 0)
    assert disagreements(range(20_000, 20_040), 8) == []


def test_instants_may_be_any_multiple_and_limits_lie_between_them() -> None:
    users = [User(f"u{n}", {}, [Row("a", 10, {}), Row("b", 10 + n * 50, {})]) for n in range(5)]
    steps = [bound.Step(bound.Rows((name,), bound.Everyone())) for name in "ab"]
    for limit, expected in ((49, 1), (50, 2), (51, 2), (149, 3), (150, 4), (2**70, 5)):
        within = bound.Sequence((steps[0], replace(steps[1], within_us=limit)))
        more = bound.Sequence((steps[0], replace(steps[1], more_than_us=limit)))
        found = members(users, [within, more], Random(1), as_of=1_000)  # noqa: S311 - not for secrets
        assert [len(ids) for ids in found] == [expected, 5 - expected]
