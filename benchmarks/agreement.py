"""A long comparison of the three implementations: `python -m benchmarks.agreement --cases 200000 --seed 1`.

A case is one definition over one world, all users compared. The engine and the interpreter answer every
case; every twentieth world is written to files and indexed, the others are tables in memory; over every tenth
world plain SQL answers too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from duckdb import DuckDBPyConnection

from tests.laws.agreement import Comparison, compare
from tests.sql.database import connect

PER_WORLD = 40
_ON_DISK = 20
_BY_SQL = 10
_TELL = 200


@dataclass(frozen=True)
class Found:
    """What came of one world: a comparison, or the text of a crash."""

    seed: int
    comparison: Comparison | None
    crash: str = ""

    @property
    def wrong(self) -> list[str]:
        """Everything that is wrong, as text."""
        if self.comparison is None:
            return [f"seed {self.seed}\n{self.crash}"]
        return [str(one) for one in self.comparison.wrong]


@cache
def _database() -> DuckDBPyConnection:
    """One for each process."""
    return connect()


def compared(seed: int) -> Found:
    """The world of a seed; a crash is a finding too, and the other worlds go on."""
    database = _database() if seed % _BY_SQL == 1 else None
    try:
        if seed % _ON_DISK:
            return Found(seed, compare(seed, PER_WORLD, database=database))
        with tempfile.TemporaryDirectory() as folder:
            return Found(seed, compare(seed, PER_WORLD, folder=Path(folder)))
    except Exception:  # noqa: BLE001 - it is told with the seed
        return Found(seed, None, traceback.format_exc())


def _all(seeds: range, workers: int) -> Iterator[Found]:
    if workers == 1:
        yield from map(compared, seeds)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(compared, seeds, chunksize=5)


def main() -> int:
    """Compare, tell how far it is, list all that is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first world; the next one has the next")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    options = parser.parse_args()
    started = time.monotonic()
    worlds = -(-options.cases // PER_WORLD)
    cases = by_sql = wrong = 0
    for number, found in enumerate(_all(range(options.seed, options.seed + worlds), options.workers), start=1):
        cases += found.comparison.cases if found.comparison else 0
        by_sql += found.comparison.by_sql if found.comparison else 0
        wrong += len(found.wrong)
        for text in found.wrong:
            print(text)
        if number % _TELL == 0 or number == worlds:
            seconds = time.monotonic() - started
            print(f"{cases:,} cases, {by_sql:,} of them by SQL too, {wrong} wrong, {seconds:.0f} s", flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
