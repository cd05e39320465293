"""explain against the engine and against itself: `python -m benchmarks.explain --pairs 10000 --seed 1`.

A pair is one definition and one user. Worlds are written to files and indexed; over each, every definition of a
random library is explained for every user: the outcome is the engine's, every part follows from its parts, every
condition is the interpreter's, the smallest change turns the outcome round, and so does time at the flip.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.laws.explaining import explained


def main() -> int:
    """Explain, tell how far it is, list all that is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1_000, help="of the first world; the next one has the next")
    options = parser.parse_args()
    started, pairs, flips, wrong, seed = time.monotonic(), 0, 0, 0, options.seed
    while pairs < options.pairs:
        with tempfile.TemporaryDirectory() as folder:
            told = explained(seed, Path(folder))
        pairs, flips, wrong, seed = pairs + told.pairs, flips + told.flips, wrong + len(told.wrong), seed + 1
        for text in told.wrong:
            print(text)
        took = time.monotonic() - started
        print(f"{pairs:,} pairs, {flips:,} that turn round by time alone, {wrong} wrong, {took:.0f} s", flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
