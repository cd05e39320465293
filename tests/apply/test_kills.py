"""Apply, refresh, rollback and gc killed at random instants; `python -m benchmarks.kills` does it for longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apply.forks import forks
from tests.apply.killing import Killing, World, chance
from tests.s3 import s3_server

ROUNDS = 20


def kill(root: Path, state: str) -> None:
    """Some rounds, and a last gc."""
    with forks() as server:
        killing = Killing(World(root, state, chance(3)), server, chance(5))
        killing.begin()
        for _ in range(ROUNDS):
            killing.round()
        killing.end()


def test_killed_at_random_a_folder_holds_the_old_serial_or_the_new_one_and_gc_leaves_what_is_needed(
    tmp_path: Path,
) -> None:
    kill(tmp_path, ".segctl")


def test_killed_at_random_an_object_store_holds_the_old_serial_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        kill(tmp_path, f"s3://{server.bucket()}/killed")
