"""Random worlds of plain Python as tables for the engine: shards and slices cut at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import numpy as np
import xxhash

from segctl.index.column import Bits
from segctl.logic.interpret import User
from segctl.logic.keys import id_text
from tests.engine.tables import Rows, Tables, Users, at
from tests.strategies import Case


def tables_of(case: Case, rng: Random) -> Tables:
    """The case's users in up to three shards by the order of their hashes, rows in up to three slices."""
    users = sorted([*case.users, *_outsiders(case)], key=lambda user: xxhash.xxh3_64_intdigest(user.id.encode()))
    cuts = sorted(rng.randint(0, len(users)) for _ in range(rng.randint(0, 2)))
    parts = [users[low:high] for low, high in zip([0, *cuts], [*cuts, len(users)], strict=True)]
    keys = {name: {key: n for n, key in enumerate(catalog.rows)} for name, catalog in case.world.catalogs.items()}
    catalogs = {name: list(catalog.rows.values()) for name, catalog in case.world.catalogs.items()}
    return Tables(case.as_of_us, case.schema, [_shard(part, case, keys, rng) for part in parts], catalogs)


def _outsiders(case: Case) -> list[User]:
    """Those who did something and are not in the population: they are numbered all the same."""
    names = {name for name, _ in case.orphans if name is not None}
    return [User(name, {}, [row for by, row in case.orphans if by == name]) for name in sorted(names)]


def _shard(users: Sequence[User], case: Case, keys: Mapping[str, Mapping[str, int]], rng: Random) -> Users:
    shuffled = rng.sample(users, len(users))
    ids = [user.id for user in shuffled]

    def join(catalog: str, properties: Mapping[str, Any]) -> int:
        key = id_text(at(properties, case.schema.catalogs[catalog].on))
        return -1 if key is None else keys[catalog].get(key, -1)

    slices = {
        name: _cut([(n, row.time_us, row.properties) for n, user in enumerate(shuffled)
                    for row in user.events if row.name == name], rng)
        for name in case.schema.events
    }  # fmt: skip
    made = {name: [Rows(case.schema.events[name], rows, join) for rows in listed] for name, listed in slices.items()}
    outside = frozenset(user.id for user in _outsiders(case))
    return Users(ids, case.schema.users, [dict(user.attributes) for user in shuffled], made, outside)


def _cut(rows: list[Any], rng: Random) -> list[list[Any]]:
    """The rows in any order, dealt out to a few slices."""
    count = rng.randint(1, 3)
    rng.shuffle(rows)
    return [dealt for n in range(count) if (dealt := rows[n::count])]


def bits_of(tables: Tables, ids: Any) -> Bits:
    """A membership in the population's order."""
    ordered = [users.ids[number] for users in tables.parts for number in users.order.tolist()]
    return np.array([one in ids for one in ordered], dtype=np.bool_)
