"""What a cached index saves in a pipeline: `python -m benchmarks.cached_index --users 200000 --events 4000000`.

Each round is a fresh checkout: the data are copied anew, so that every file has other times and another inode. One plan
makes the index, the other has it restored from an archive, as `actions/cache` does; the time of restoring counts.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import AS_OF, Size, generate
from benchmarks.project import write_project

_INDEX = ".segctl/index"


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processor time."""

    wall: float
    cpu: float


def checkout(source: Path, target: Path) -> Path:
    """A project as a new runner has it."""
    shutil.copytree(
        source, target, ignore=shutil.ignore_patterns(".segctl", "index.tar"), copy_function=shutil.copyfile
    )
    return target


def timed(commands: Sequence[list[str]], folder: Path) -> Took:
    """Run commands one after the other."""
    before, began = _children(), time.perf_counter()
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Took(time.perf_counter() - began, _children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    """Measure, and print both ways."""
    options = _parser().parse_args(arguments)
    plan = [sys.executable, "-m", "segctl", "plan", "--as-of", AS_OF.date().isoformat(), "--json-into", "plan.json"]
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "source"
        source.mkdir()
        generate(source, Size(options.users, options.events))
        write_project(source)
        made, used = [], []
        archive = Path(place) / "index.tar"
        for number in range(options.rounds):
            folder = checkout(source, Path(place) / f"made-{number}")
            made.append(timed([plan], folder))
            subprocess.run(["tar", "-cf", str(archive), _INDEX], cwd=folder, check=True)  # noqa: S607 no shell
            again = checkout(source, Path(place) / f"used-{number}")
            used.append(timed([["tar", "-xf", str(archive)], plan], again))
            if (folder / "plan.json").read_bytes() != (again / "plan.json").read_bytes():
                sys.exit("the two plans differ")
            shutil.rmtree(folder)
            shutil.rmtree(again)
        size = archive.stat().st_size / 1e6
    for name, took in (("index made", made), ("index restored", used)):
        wall, cpu = (statistics.median(getattr(one, what) for one in took) for what in ("wall", "cpu"))
        sys.stdout.write(f"{name:15} {wall:7.1f} s, {cpu:7.1f} s of processor time\n")
    sys.stdout.write(f"archive: {size:,.0f} MB; {options.users:,} users, {options.events:,} events\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=200_000)
    parser.add_argument("--events", type=int, default=4_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
