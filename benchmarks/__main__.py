"""`make bench`: a hundred segments by segctl, cold and warm, and by one DuckDB query each, in one run."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import Size, generate
from benchmarks.project import write_project
from benchmarks.side import STARTED

MEASURED = ("seconds", "cpu", "peak_mb")
Figures = dict[str, float]


@dataclass(frozen=True)
class Side:
    """What one process told."""

    figures: Figures
    members: dict[str, Any]

    @property
    def seconds(self) -> float:
        """From the start of the process to the last member's id."""
        return self.figures["seconds"]


def run(module: str, folder: Path, *arguments: str) -> Side:
    """One side in a process of its own."""
    out = folder / f"{module}.json"
    environment = {**os.environ, STARTED: repr(time.time())}
    command = [sys.executable, "-m", f"benchmarks.{module}", str(folder), str(out), *arguments]
    subprocess.run(command, check=True, env=environment)
    told = json.loads(out.read_text())
    return Side(told["figures"], told["members"])


def differences(one: Side, other: Side) -> list[str]:
    """The segments whose members are not the same."""
    return [name for name, members in one.members.items() if other.members[name] != members]


def show(what: str, side: Side, base: Side | None = None) -> None:
    """A line of the result."""
    ratio = f"{base.seconds / side.seconds:6.1f} x" if base else ""
    work, memory = side.figures["cpu"], side.figures["peak_mb"]
    print(f"{what:28} {side.seconds:8.2f} s {work:8.2f} s of cpu {memory:6.0f} MB {ratio}")
    steps = [f"{name} {at:.2f}" for name, at in side.figures.items() if name not in MEASURED]
    if steps:
        print(f"{'':28} after {', '.join(steps)} s")


def main() -> int:
    """Generate once, measure, compare; 1 if any membership differs or a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="where the generated data is kept")
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--threads", type=int, default=2, help="DuckDB's threads")
    parser.add_argument("--warm", type=int, default=3, help="how often the warm run is made; the middle one counts")
    parser.add_argument("--ours", action="store_true", help="segctl's side only")
    options = parser.parse_args()
    folder = options.folder / f"{options.users}-{options.events}"
    generate(folder, Size(options.users, options.events))
    write_project(folder)
    print(f"{options.users:,} users, {options.events:,} events, 100 segments; {os.cpu_count()} cores")
    theirs = None if options.ours else run("theirs", folder, str(options.threads))
    if theirs:
        show(f"DuckDB, {options.threads} threads", theirs)
    shutil.rmtree(folder / ".segctl", ignore_errors=True)
    cold = run("ours", folder)
    show("segctl, no index yet", cold, theirs)
    runs = sorted((run("ours", folder) for _ in range(options.warm)), key=lambda side: side.seconds)
    warm = runs[len(runs) // 2]
    show("segctl, index there", warm, theirs)
    return verdict(theirs, cold, warm) if theirs else 0


def verdict(theirs: Side, cold: Side, warm: Side) -> int:
    """Whether the memberships are the same and the goals are met."""
    wrong = sorted({*differences(theirs, cold), *differences(theirs, warm)})
    total = sum(count for count, _ in theirs.members.values())
    print(f"{len(theirs.members) - len(wrong)} of {len(theirs.members)} memberships equal, {total:,} members in all")
    for name in wrong:
        print(f"  {name}: DuckDB {theirs.members[name][0]}, segctl {cold.members[name][0]} and {warm.members[name][0]}")
    fast = theirs.seconds >= 4 * cold.seconds and theirs.seconds >= 15 * warm.seconds
    print("goals of 4 x cold and 15 x warm " + ("met" if fast else "missed"))
    return int(bool(wrong) or not fast)


if __name__ == "__main__":
    sys.exit(main())
