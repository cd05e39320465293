from __future__ import annotations

import itertools
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from segctl.state.local import LocalStore
from segctl.state.lock import Waiting
from segctl.state.state import State
from tests.apply.publish import NAMES, expected, people, publish

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Writers:
    """Starts writers and tells how each ended."""

    process: subprocess.Popen[str]

    def run(self, folder: Path, count: int = 1, operation: int = 0, seconds: float = 0) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{folder} {count} {operation} {seconds}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def start() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.apply.publish"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    with start() as process:
        yield Writers(process)


def check(folder: Path) -> int:
    """The serial that holds, after making sure that it and all before it are whole."""
    state = State(LocalStore(folder))
    serial = 0
    for record in state.records():
        serial = max(serial, record.serial)
        assert record.population == people(record.serial).digest
        assert len(state.population(record.population)) == len(people(record.serial))
        assert {key[1] for key in record.snapshots} == set(NAMES)
        for (_, name), snapshot in record.snapshots.items():
            found = state.membership(snapshot.membership)
            assert found.bits.tolist() == expected(record.serial, name).bits.tolist()
            assert found.members == snapshot.members
    return serial


def test_killed_at_thirty_random_instants_the_state_is_the_old_serial_or_the_new_one(
    tmp_path: Path, writers: Writers
) -> None:
    chance = random.Random(20)  # noqa: S311 any instants will do
    serial = 0
    for _ in range(30):
        assert writers.run(tmp_path, 1_000_000, seconds=chance.uniform(0.05, 0.25)) == -signal.SIGKILL
        found = check(tmp_path)
        assert found >= serial
        assert publish(tmp_path, Waiting()) == found + 1
        serial = check(tmp_path)
        assert serial == found + 1
    assert serial > 40  # it was killed at work, and not before


def test_killed_before_any_file_operation_the_state_is_the_old_serial_or_the_new_one(
    tmp_path: Path, writers: Writers
) -> None:
    outcomes = []
    for operation in itertools.count(1):
        folder = tmp_path / f"{operation:03}"
        publish(folder, Waiting())
        ended = writers.run(folder, operation=operation)
        outcomes.append(check(folder))
        assert publish(folder, Waiting()) == outcomes[-1] + 1
        check(folder)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert set(outcomes) == {1, 2}
    assert outcomes == sorted(outcomes)
    assert len(outcomes) > 20


def test_the_first_apply_can_be_killed_too(tmp_path: Path, writers: Writers) -> None:
    for operation in range(1, 60, 2):
        folder = tmp_path / f"{operation:03}"
        writers.run(folder, operation=operation)
        found = check(folder)
        assert found in {0, 1}
        assert publish(folder, Waiting()) == found + 1


def test_processes_at_once_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    processes = [start() for _ in range(3)]
    for process in processes:
        process.communicate(f"{tmp_path} 15 0 0\n")
    assert check(tmp_path) == 45
