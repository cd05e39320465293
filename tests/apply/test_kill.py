from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path

import pytest

from segctl.state.local import LocalStore
from segctl.state.lock import Waiting
from segctl.state.state import State
from tests.apply.forks import Forks, forks
from tests.apply.publish import NAMES, expected, people, publish, values


@pytest.fixture(scope="module")
def writers() -> Iterator[Forks]:
    with forks() as server:
        yield server


def check(folder: Path, since: int = 1) -> int:
    """The serial that holds, after making sure that it and all before it, back to `since`, are whole."""
    state = State(LocalStore(folder))
    head = state.head()
    serial = 0
    for record in islice(state.records(), max(0, head.serial + 1 - since) if head else 0):
        serial = max(serial, record.serial)
        assert record.population == people(record.serial).digest
        assert len(state.population(record.population)) == len(people(record.serial))
        assert {key[1] for key in record.snapshots} == set(NAMES)
        for (_, name), snapshot in record.snapshots.items():
            found = state.membership(snapshot.membership)
            assert found.bits.tolist() == expected(record.serial, name).bits.tolist()
            assert found.members == snapshot.members
        assert record.traits is not None
        assert state.traits(record.traits.table).columns == values(record.serial).columns
    return serial


def test_killed_at_thirty_random_instants_the_state_is_the_old_serial_or_the_new_one(
    tmp_path: Path, writers: Forks
) -> None:
    chance = random.Random(20)  # noqa: S311 any instants will do
    began = time.monotonic()
    assert writers.publish(tmp_path / "timed", count=3) == 0
    longest = min(time.monotonic() - began, 0.6)
    serial = 0
    for _ in range(30):
        assert writers.publish(tmp_path, count=1_000_000, after=chance.uniform(0.0, longest)) == -signal.SIGKILL
        found = check(tmp_path, serial)
        assert found >= serial
        assert publish(tmp_path, Waiting()) == found + 1
        serial = check(tmp_path, found)
        assert serial == found + 1
    assert check(tmp_path) > 30  # it was killed at work, and not always before


def test_killed_before_any_file_operation_the_state_is_the_old_serial_or_the_new_one(
    tmp_path: Path, writers: Forks
) -> None:
    outcomes = []
    for operation in count(1):
        folder = tmp_path / f"{operation:03}"
        publish(folder, Waiting())
        ended = writers.publish(folder, operation=operation)
        outcomes.append(check(folder))
        assert publish(folder, Waiting()) == outcomes[-1] + 1
        check(folder)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert set(outcomes) == {1, 2}
    assert outcomes == sorted(outcomes)
    assert len(outcomes) > 20


def test_the_first_apply_can_be_killed_too(tmp_path: Path, writers: Forks) -> None:
    for operation in range(1, 60, 2):
        folder = tmp_path / f"{operation:03}"
        writers.publish(folder, operation=operation)
        found = check(folder)
        assert found in {0, 1}
        assert publish(folder, Waiting()) == found + 1


def test_processes_at_once_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    with forks() as first, forks() as second, forks() as third, ThreadPoolExecutor(3) as pool:
        ended = pool.map(lambda writer: writer.publish(tmp_path, count=15), (first, second, third))
        assert list(ended) == [0, 0, 0]
    assert check(tmp_path) == 45
