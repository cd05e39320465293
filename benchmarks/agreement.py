"""A long comparison of the engine with the interpreter: `python -m benchmarks.agreement --cases 50000 --seed 1`.

Each world is written to files, indexed and evaluated; a case is one definition over one world.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.laws.agreement import disagreements

PER_WORLD = 40
_TELL = 1_000


def compare(seed: int) -> list[str]:
    """What is wrong over the world of a seed, as text."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return [str(found) for found in disagreements(seed, Path(folder), PER_WORLD)]
        except Exception:  # noqa: BLE001 - a crash is a finding; the other worlds go on
            return [f"seed {seed}\n{traceback.format_exc()}"]


def main() -> int:
    """Compare, tell how far it is, list all that is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first world; the next one has the next")
    options = parser.parse_args()
    started = time.monotonic()
    wrong: list[str] = []
    worlds = -(-options.cases // PER_WORLD)
    for number in range(worlds):
        found = compare(options.seed + number)
        wrong += found
        for text in found:
            print(text)
        cases = (number + 1) * PER_WORLD
        if cases % _TELL == 0 or number == worlds - 1:
            print(f"{cases:,} cases, {len(wrong)} wrong, {time.monotonic() - started:.0f} s", flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
