"""Many segctl processes at once: forks of one that has imported everything, so that they all work and none starts.

`python -m tests.stores.crowd` reads one command line of arguments as JSON a line, forks a process for each
when the input ends, and writes how each ended, in their order, as JSON: `[code, stdout, stderr]`.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    code: int
    out: str
    err: str


def crowd(commands: Sequence[Sequence[str]], environ: Mapping[str, str]) -> list[Ended]:
    """Run all command lines of segctl at once, each in a process of its own."""
    orders = "".join(f"{json.dumps(list(command))}\n" for command in commands)
    done = subprocess.run(
        [sys.executable, "-m", "tests.stores.crowd"], cwd=ROOT, env={**os.environ, **environ}, input=orders,
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return [Ended(*json.loads(line)) for line in done.stdout.splitlines()]


def _main() -> None:
    for name in ("obstore", "segctl.workflow.apply", "segctl.workflow.refresh", "segctl.report.plan"):
        importlib.import_module(name)  # before the forks, which have it then

    orders = [json.loads(line) for line in sys.stdin]
    with tempfile.TemporaryDirectory() as folder:
        children = [_fork(order, Path(folder) / str(number)) for number, order in enumerate(orders)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        for number, code in enumerate(codes):
            said = [(Path(folder) / f"{number}{stream}").read_text() for stream in (".out", ".err")]
            sys.stdout.write(f"{json.dumps([code, *said])}\n")


def _fork(arguments: Sequence[str], path: Path) -> int:
    child = os.fork()
    if child:
        return child
    for number, stream in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(path.with_suffix(stream), os.O_WRONLY | os.O_CREAT), number)
    from segctl.cli.interrupts import listen
    from segctl.cli.main import main

    code = 70
    try:
        listen()
        code = main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _main()
