"""`python -m benchmarks.kills --rounds 500 --store folder|s3 --seed S`: commands killed at random instants.

Apply, refresh, rollback and gc, by `kill -9`; after each the state is looked at whole, by plain Python
and by the doctor. At the end gc brings the store back to exactly what is referred to.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.apply.forks import forks
from tests.apply.killing import Killing, World, chance, table
from tests.s3 import s3_server


@contextmanager
def place(store: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Where the state is kept, and the variables that lead there."""
    if store == "folder":
        yield ".segctl", {}
        return
    with s3_server() as server:
        yield f"s3://{server.bucket()}/killed", server.environ


def main() -> None:
    """Run the rounds, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--store", choices=["folder", "s3"], default="folder")
    parser.add_argument("--seed", type=int, default=4)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, place(asked.store) as (state, environ):
        os.environ.update(environ)
        with forks() as server:
            world = World(Path(folder), state, chance(asked.seed))
            killing = Killing(world, server, chance(asked.seed + 1))
            killing.begin()
            for done in range(asked.rounds):
                killing.round()
                if sys.stderr.isatty():
                    sys.stderr.write(f"\r{done + 1:,} of {asked.rounds:,}")
            before, after = killing.end()
    lines = [f"{asked.store}, seed {asked.seed}: {asked.rounds:,} rounds in {time.monotonic() - began:.0f} s"]
    lines += [*table(killing.tallies), "every time the old serial or the new one, whole; nobody lost or doubled"]
    lines.append(f"gc: {before:,} objects in the store, then {after:,}: exactly what is referred to")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
