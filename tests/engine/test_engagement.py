"""Levels of engagement over shards, by hand and by the interpreter; variants of campaigns by their hash."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import xxhash

from segctl.engine.evaluate import evaluate
from segctl.logic import times
from segctl.logic.bound import Column, EngagementTest, Everyone, Exactly, LocalMonday, Node, Rows, Scope, Share
from segctl.logic.interpret import Row, User, World, holds
from segctl.logic.types import Scalar, Schema, Type
from segctl.progress import Silent
from tests.engine import tables
from tests.engine.tables import Tables, Users

DAY = times.DAY_US
PARIS = "Europe/Paris"
MONDAY = times.written_us("2026-03-30", PARIS)
"""The first Monday in summer time."""

LEVELS: dict[str, Exactly | None] = {
    "most": Exactly(Fraction(1, 2)),
    "somewhat": Exactly(Fraction(1, 5), Fraction(1, 2), high_open=True),
    "least": Exactly(None, Fraction(1, 5), high_open=True),
    "everyone_else": None,
}
_VALUES: dict[Scalar, Sequence[Any]] = {
    Scalar.INT: [1, 2, 3, 4, None],
    Scalar.FLOAT: [1.0, 2.0, 2.5, -0.0, 0.0, None, float("nan")],
    Scalar.STRING: ["1", "2", "2.5", "01", "", None],
}
Types = dict[str, Scalar]


def level(name: str, types: Types, *, previous: bool = False, days: int = 7) -> Node:
    sent, response = (Column(Scope.PROPERTY, ("id",), kind) for kind in (types["sent"], types["opened"]))
    end = LocalMonday(1 if previous else 0, PARIS)
    responses = Rows(("clicked", "opened"), Everyone())
    return EngagementTest(Rows(("sent",), Everyone()), sent, responses, response, end, days * DAY, LEVELS[name])


def random_users(rng: Random, types: Types, count: int) -> list[User]:
    edges = [MONDAY - n * DAY for n in (0, 1, 6, 7, 8, 14, 15)]
    instants = [edge + n for edge in edges for n in (-1, 0, 0, 1)]
    return [User(f"u{n}", {}, [_event(rng, types, instants) for _ in range(rng.randint(0, 9))]) for n in range(count)]


def _event(rng: Random, types: Types, instants: Sequence[int]) -> Row:
    name = rng.choice(["sent", "sent", "sent", "opened", "clicked"])
    return Row(name, rng.choice(instants), {"id": rng.choice(_VALUES[types[name]])})


def tables_of(users: Sequence[User], types: Types, as_of: int, rng: Random) -> Tables:
    schema: dict[str, dict[str, Type]] = {name: {"id": kind} for name, kind in types.items()}
    cut = rng.randint(0, len(users))
    parts = [_shard(part, schema, rng) for part in (users[:cut], users[cut:])]
    return Tables(as_of, Schema(PARIS, {}, schema), parts)


def _shard(users: Sequence[User], schema: dict[str, dict[str, Type]], rng: Random) -> Users:
    slices = {}
    for name, fields in schema.items():
        rows = [(n, row.time_us, row.properties) for n, u in enumerate(users) for row in u.events if row.name == name]
        cut = rng.randint(0, len(rows))
        slices[name] = [tables.Rows(fields, part) for part in (rows[:cut], rows[cut:]) if part]
    return Users([user.id for user in users], {}, [{}] * len(users), slices)


def members(source: Tables, conditions: dict[Any, Node]) -> dict[Any, set[str]]:
    found = evaluate(source, conditions, {}, workers=1, progress=Silent()).memberships
    return {label: source.ids(found[label]) for label in conditions}


@pytest.mark.parametrize("seed", range(150))
def test_engine_and_interpreter_agree(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    types = {name: rng.choice(list(_VALUES)) for name in ("sent", "opened")}
    types["clicked"] = types["opened"]
    users = random_users(rng, types, 25)
    as_of = MONDAY + rng.choice([-1, 0, 1, 3 * DAY, 7 * DAY - 1, 7 * DAY, 7 * DAY + 1])
    conditions = {
        (name, previous): level(name, types, previous=previous, days=rng.choice([2, 7]))
        for name in LEVELS
        for previous in (False, True)
    }
    found = members(tables_of(users, types, as_of, rng), conditions)
    for label, node in conditions.items():
        assert found[label] == {user.id for user in users if holds(node, user, World(as_of))}, label


def test_everybody_has_one_level() -> None:
    rng = Random(1)  # noqa: S311 - not for secrets
    types = dict.fromkeys(("sent", "opened", "clicked"), Scalar.INT)
    users = random_users(rng, types, 200)
    found = members(tables_of(users, types, MONDAY, rng), {name: level(name, types) for name in LEVELS})
    assert sum(len(ids) for ids in found.values()) == len(users)
    assert all(found.values())


def only(events: list[Row], as_of: int = MONDAY, *, previous: bool = False) -> str:
    """The level of a user with these events, by engine and interpreter."""
    types = dict.fromkeys(("sent", "opened", "clicked"), Scalar.STRING)
    user = User("u", {}, events)
    conditions: dict[Any, Node] = {name: level(name, types, previous=previous) for name in LEVELS}
    found = members(tables_of([user], types, as_of, Random(1)), conditions)  # noqa: S311 - not for secrets
    name: str = next(name for name, ids in found.items() if ids)
    assert [name] == [name for name, node in conditions.items() if holds(node, user, World(as_of))]
    return name


def sent(ago: int, ident: str = "a") -> Row:
    return Row("sent", MONDAY - ago, {"id": ident})


def opened(ago: int, ident: str = "a") -> Row:
    return Row("opened", MONDAY - ago, {"id": ident})


def test_an_email_counts_when_it_is_a_day_old_and_still_in_the_look_back() -> None:
    assert only([sent(DAY), opened(1)]) == "most"
    assert only([sent(DAY - 1), opened(1)]) == "everyone_else"
    assert only([sent(7 * DAY)]) == "least"
    assert only([sent(7 * DAY + 1)]) == "everyone_else"


def test_a_response_counts_before_the_monday() -> None:
    assert only([sent(2 * DAY), opened(0)], MONDAY + DAY) == "least"
    assert only([sent(2 * DAY), opened(1)], MONDAY + DAY) == "most"
    assert only([sent(2 * DAY), opened(1, "b")]) == "least"


def test_cuts_belong_to_the_higher_level() -> None:
    five = [sent(2 * DAY, ident) for ident in "abcde"]
    assert only([*five, opened(DAY)]) == "somewhat"
    assert only([*five, opened(DAY), opened(DAY, "b"), opened(DAY, "b")]) == "somewhat"
    assert only([*five[:4], opened(DAY), opened(DAY, "b")]) == "most"
    assert only([*five, sent(2 * DAY, "f"), opened(DAY)]) == "least"


def test_levels_stand_for_a_week_and_the_previous_ones_are_a_local_week_older() -> None:
    events = [sent(2 * DAY), opened(DAY)]
    assert only(events, MONDAY - 1) == "everyone_else"
    assert only(events, MONDAY + 7 * DAY - 1) == "most"
    last_week = times.written_us("2026-03-23", PARIS)
    assert last_week == MONDAY - 7 * DAY + DAY // 24  # the clocks went forward on Sunday
    week_old = [Row("sent", last_week - DAY, {"id": "a"}), Row("opened", last_week - 1, {"id": "a"})]
    assert only(week_old, MONDAY, previous=True) == "most"
    assert only([Row("sent", last_week - DAY + 1, {"id": "a"})], MONDAY, previous=True) == "everyone_else"


def test_a_variant_is_decided_by_the_hash_of_campaign_and_user() -> None:
    users = [User(f"u{n}", {}, []) for n in range(300)]
    types = dict.fromkeys(("sent", "opened", "clicked"), Scalar.STRING)
    source = tables_of(users, types, MONDAY, Random(1))  # noqa: S311 - not for secrets
    node = Share("win_back", 9_000, 10_000)
    wanted = {u.id for u in users if xxhash.xxh3_64_intdigest(f"win_back:{u.id}".encode()) % 10_000 >= 9_000}
    assert members(source, {"control": node})["control"] == wanted == {u.id for u in users if holds(node, u, World(0))}
    assert 15 < len(wanted) < 50


@pytest.mark.parametrize(("as_of", "start"), [(0, 0), (-1, -7 * DAY + DAY // 24), (1, 0), (7 * DAY - 1, 0)])
def test_monday_is_the_one_at_or_before_as_of(as_of: int, start: int) -> None:
    assert times.monday(MONDAY + as_of, LocalMonday(0, PARIS)) == MONDAY + start
