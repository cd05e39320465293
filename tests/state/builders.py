"""Small records, populations and memberships for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from segctl.index.population import Population
from segctl.load.document import Key
from segctl.state.membership import Membership
from segctl.state.origin import Origin
from segctl.state.record import Author, Definition, Record, Snapshot

NOON = 1_764_000_000_000_000
DAY = 86_400_000_000
ORIGIN = Origin(who="ada", host="engine", pid=1)


def population(ids: Iterable[str]) -> Population:
    return Population.of(pa.array(list(ids), type=pa.string()))


def membership(people: Population, members: Iterable[str]) -> Membership:
    wanted = set(members)
    bits = np.array([text in wanted for text in people.ids.to_pylist()], dtype=np.bool_)
    return Membership(people.digest, bits)


def snapshot(serial: int = 1, membership: str = "m", **counts: int) -> Snapshot:
    return Snapshot(
        serial=serial, as_of_us=NOON, population="p", membership=membership,
        members=counts.get("members", 0), entered=counts.get("entered", 0), exited=counts.get("exited", 0),
    )  # fmt: skip


def record(
    serial: int = 1,
    definitions: Mapping[Key, Definition] | None = None,
    snapshots: Mapping[Key, Snapshot] | None = None,
    previous: str | None = None,
    changes: Sequence[Key] = (),
) -> Record:
    return Record(
        serial=serial, lineage="line", operation="apply", as_of_us=NOON, created_us=NOON + serial,
        author=Author("ada", "engine", "abc"), project={"kind": "project", "name": "shop"},
        definitions=definitions or {}, snapshots=snapshots or {}, population="p", data="d", fingerprints="1.1",
        changes=dict.fromkeys(changes, "create"), previous=previous,
    )  # fmt: skip
