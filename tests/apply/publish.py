"""A writer to be killed: publishes serial after serial of a state whose content follows from the serial."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from segctl.apply.execute import execute
from segctl.apply.steps import steps
from segctl.index.population import Population
from segctl.progress import Silent
from segctl.state.holder import Holder
from segctl.state.local import LocalStore
from segctl.state.lock import Waiting, lock
from segctl.state.membership import Membership, Packed, pack
from segctl.state.origin import here
from segctl.state.record import Record, Snapshot, Trait, Traits
from segctl.state.state import State
from segctl.state.traits import PackedTraits, TraitTable
from segctl.state.traits import pack as pack_traits
from tests.state.builders import NOON, record

NAMES = ("first", "second", "third")
_TOUCHING = frozenset({"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.truncate"})


def people(serial: int) -> Population:
    """A population that changes every other serial."""
    return Population.of(pa.array([f"user{n}" for n in range(200 + serial // 2)]))


def expected(serial: int, name: str) -> Membership:
    """Who is in, at a serial."""
    population = people(serial)
    seed = serial * 31 + NAMES.index(name)
    return Membership(population.digest, np.array([(n * seed) % 7 < 3 for n in range(len(population))], dtype=np.bool_))


def values(serial: int) -> TraitTable:
    """What users are worth, at a serial."""
    population = people(serial)
    worth = pa.array([n * serial for n in range(len(population))])
    return TraitTable(population.digest, population.ids, {"worth": worth})


def next_record(
    serial: int, previous: str | None, published: dict[tuple[str, str], Packed], traits: PackedTraits
) -> Record:
    """The record of a serial."""
    snapshots = {
        key: Snapshot(serial, NOON + serial, packed.population, packed.digest, packed.members, 0, 0)
        for key, packed in published.items()
    }
    columns = {"worth": Trait(serial, NOON + serial, len(people(serial)), 0)}
    made = record(serial, snapshots=snapshots, previous=previous)
    return replace(made, population=people(serial).digest, traits=Traits(traits.digest, traits.population, columns))


def publish(folder: Path, waiting: Waiting) -> int:
    """Publish the next serial under the lock; its number."""
    state = State(LocalStore(folder))
    with lock(state.store, Holder(here(folder, {"SEGCTL_WHO": "test"}), "apply", NOON), waiting, state.fence) as lease:
        head = state.mint("line")  # as every command does
        serial = head.serial + 1
        published = {("segment", name): pack(expected(serial, name)) for name in NAMES}
        traits = pack_traits(values(serial))
        made = next_record(serial, head.record or None, published, traits)
        execute(steps(head, made, people(serial), published, traits), state, lease, Silent())
    return serial


def die_at(operation: int, folder: str) -> None:
    """Kill this process, without a word, right before its n-th file operation below the folder."""
    left = operation

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in _TOUCHING and str(arguments[0]).startswith(folder):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def write(folder: str, count: int, operation: int) -> None:
    """Publish COUNT serials; with an operation, die before that one."""
    if operation:
        die_at(operation, folder)
    for _ in range(count):
        publish(Path(folder), Waiting(seconds=60))
