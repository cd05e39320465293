"""`python -m benchmarks.verification`: what the verification of the index costs, as a share of a warm run.

It takes the data and the index that `make bench` left and evaluates the hundred segments in one process: in turn with
verification, and with files mapped unverified. The least processor time of several runs of each counts: whatever
else runs on the machine only adds to it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

_GOAL = 3.0
"""Percent of a warm run."""
_SIDES = ("verified", "unverified")


def evaluate_once(folder: Path, side: str) -> float:
    """Seconds of processor time of one warm run in this process, from its start on."""
    import pyarrow as pa

    from benchmarks.data import AS_OF
    from segctl.index import files
    from segctl.load.project import load
    from segctl.progress import Silent
    from segctl.workflow.evaluate import Library, Target, evaluate, open_data

    def mapped(path: Path) -> pa.Buffer:
        whole = pa.memory_map(str(path)).read_buffer()
        return whole.slice(0, whole.size - files._TRAILER)  # noqa: SLF001 what is measured

    if side == "unverified":
        files._verified = mapped  # noqa: SLF001
    definitions = load(folder)
    data = open_data(definitions, int(AS_OF.timestamp()) * 1_000_000, Silent())
    library = Library(definitions.documents)
    evaluate(data, {key: Target(library, key) for key in definitions.documents}, Silent(), workers=1)
    return time.process_time()


def main() -> int:
    """Run both sides in turn, print the difference; 1 if it is over the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/bench/1000000-20000000"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--once", choices=_SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(evaluate_once(options.folder, options.once))
        return 0
    command = [sys.executable, "-m", "benchmarks.verification", "--folder", str(options.folder), "--once"]
    times: dict[str, list[float]] = {side: [] for side in _SIDES}
    for _ in range(options.runs):
        for side in _SIDES:
            run = subprocess.run([*command, side], check=True, capture_output=True, text=True)
            times[side].append(float(run.stdout))
    verified, unverified = (min(times[side]) for side in _SIDES)
    share = 100 * (verified / unverified - 1)
    print(f"verified {verified:.3f} s, unverified {unverified:.3f} s of processor time: {share:+.1f} %")
    return 0 if share < _GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
