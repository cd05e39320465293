"""Apply, refresh, rollback and gc killed at random instants; `python -m benchmarks.kills` does it for longer."""

from __future__ import annotations

from pathlib import Path

from tests.apply.forks import forks
from tests.apply.killing import Killing, World, chance

ROUNDS = 30


def test_killed_at_random_the_state_is_the_old_serial_or_the_new_one_and_gc_leaves_what_is_needed(
    tmp_path: Path,
) -> None:
    with forks() as server:
        killing = Killing(World(tmp_path, ".segctl", chance(3)), server, chance(5))
        killing.begin()
        for _ in range(ROUNDS):
            killing.round()
        killing.end()
    assert sum(tally.killed for tally in killing.tallies.values()) > ROUNDS // 4
    assert sum(tally.moved for tally in killing.tallies.values()) > 1
