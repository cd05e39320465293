"""More shards for more users: everything keeps its rows, only their order changes. Columns are read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from segctl.index import runs, users
from segctl.index.known import USERS_PER_SHARD, KnownUsers, Numbers, shards_for
from segctl.index.manifest import Run, TableRecord
from segctl.index.per_user import PerUser
from segctl.index.runs import Rows


def shards_wanted(known: KnownUsers) -> int:
    """The number of shards; it grows when they have come to hold twice as many users as they should."""
    if len(known) <= 2 * USERS_PER_SHARD * known.shards:
        return known.shards
    return shards_for(len(known))


def reshard(
    folder: Path, tables: Mapping[str, TableRecord], old: KnownUsers, new: KnownUsers
) -> dict[str, TableRecord]:
    """The tables in the numbers of `new`, which knows the users of `old` in the same order."""
    places = old.places(old.all_numbers())
    by_place = np.empty(len(places), dtype=np.int64)
    by_place[places] = np.arange(len(places), dtype=np.int64)
    everyone = new.all_numbers().of(by_place)
    changed = {}
    for key, table in tables.items():
        made = tuple(_run(folder, run, old, new, everyone) for run in table.runs)
        renamed = _users(folder, table.folder, old, new, everyone) if key == "users" else table.folder
        changed[key] = replace(table, runs=made, folder=renamed)
    return changed


def _run(folder: Path, run: Run, old: KnownUsers, new: KnownUsers, everyone: Numbers) -> Run:
    rows = runs.read(folder, run, old.shards)
    moved = Rows(everyone.of(old.places(rows.numbers)), rows.names, rows.times, rows.source)
    name, _ = runs.write(folder, moved, len(run.names), new.shards)
    return replace(run, folder=name)


def _users(folder: Path, name: str, old: KnownUsers, new: KnownUsers, everyone: Numbers) -> str:
    rows = users.load_rows(folder, name).grown(tuple(old.counts.tolist()))
    values = np.full(len(new), -1, dtype=np.int64)
    values[new.places(everyone)] = rows.values
    return users.save_rows(folder, PerUser(values, tuple(new.counts.tolist()), -1))
