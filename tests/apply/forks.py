"""Processes to be killed: a server that forks one for each order, so that it starts in no time.

`python -m tests.apply.forks` reads an order a line, `{"run": "publish", "arguments": [...], "signal": 9,
"after": 0.1}`, runs it in a fork, sends the signal after so many seconds (0: none), and answers with
how the fork ended: its exit code, or minus the signal; and how many seconds after the signal.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.patience import processor_seconds

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Forks:
    """Gives orders to a server of forks."""

    server: subprocess.Popen[str]

    def publish(self, folder: Path, *, count: int = 1, operation: int = 0, after: float = 0) -> int:
        """Publish serials as `tests.apply.publish` does; dies before the n-th file operation, if so ordered."""
        return self._run("publish", [str(folder), count, operation], signal.SIGKILL, after)

    def segctl(self, *arguments: str, send: signal.Signals = signal.SIGKILL, after: float = 0) -> int:
        """Run a command line of segctl."""
        return self._run("segctl", list(arguments), send, after)

    def stopped(self, *arguments: str, send: signal.Signals, after: float) -> tuple[int, float]:
        """A command line that gets a signal: how it ended, and how many seconds of the processor it took after."""
        return self._answer("helped", list(arguments), send, after)

    def dying(self, folder: Path, operation: int, *arguments: str) -> int:
        """Run a command line of segctl that dies before its n-th file operation below a folder."""
        return self._run("dying", [str(folder), operation, *arguments], signal.SIGKILL, 0)

    def _run(self, what: str, arguments: list[Any], send: signal.Signals, after: float) -> int:
        return self._answer(what, arguments, send, after)[0]

    def _answer(self, what: str, arguments: list[Any], send: signal.Signals, after: float) -> tuple[int, float]:
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        order = {"run": what, "arguments": arguments, "signal": int(send), "after": after}
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        code, seconds = self.server.stdout.readline().split()
        return int(code), float(seconds)


@contextmanager
def forks(environ: Mapping[str, str] | None = None) -> Iterator[Forks]:
    """A server, for as long as it is needed; its commands have these variables too."""
    command = [sys.executable, "-m", "tests.apply.forks"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environ or {})},
    ) as server:
        yield Forks(server)


def _publish(folder: str, count: int, operation: int) -> int:
    from tests.apply.publish import write

    write(folder, count, operation)
    return 0


def _segctl(*arguments: str) -> int:
    from segctl.cli.interrupts import Terminated, listen
    from segctl.cli.main import main

    listen()
    try:
        return main(arguments)
    except Terminated:
        return 143
    except KeyboardInterrupt:
        return 130


def _dying(folder: str, operation: int, *arguments: str) -> int:
    from tests.apply.publish import die_at

    die_at(operation, folder)
    return _segctl(*arguments)


def _helped(*arguments: str) -> int:
    """With other processes that help to evaluate, however little there is to do."""
    from segctl.engine import local

    local._ALONE = 0
    return _segctl(*arguments)


RUNS: Mapping[str, Callable[..., int]] = {
    "publish": _publish, "segctl": _segctl, "dying": _dying, "helped": _helped,
}  # fmt: skip


def _obey(order: Mapping[str, Any]) -> tuple[int, float]:
    child = os.fork()
    if child == 0:
        _end(RUNS[order["run"]], order["arguments"])
    before = 0.0
    if order["after"]:
        time.sleep(order["after"])
        before = processor_seconds(child)
        os.kill(child, order["signal"])
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime - before


def _end(run: Callable[..., int], arguments: list[Any]) -> None:
    """Run, without a word on stdout, which belongs to the answers."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 as long as the process lives
    try:
        code = run(*arguments)
    except BaseException:  # noqa: BLE001 a fork has nobody above who would tell
        traceback.print_exc(file=sys.__stderr__)
        code = 70
    os._exit(code)


VERBS = ("apply", "doctor", "forget", "gc", "refresh", "rollback")
LOADED = (
    "pyarrow.csv", "rich.progress", "segctl.apply.execute", "segctl.cli.interrupts", "segctl.cli.main",
    "segctl.report.doctor", "segctl.report.gc",
    "segctl.report.json", "segctl.report.plan", "segctl.sources.delimited",
    *(f"segctl.{room}.{verb}" for room in ("cli", "workflow") for verb in VERBS),
)  # fmt: skip
"""What is loaded before the forks, which have it then."""


def _serve() -> None:
    for module in LOADED:
        importlib.import_module(module)
    for line in sys.stdin:
        code, seconds = _obey(json.loads(line))
        sys.stdout.write(f"{code} {seconds}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
