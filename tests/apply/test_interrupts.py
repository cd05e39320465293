"""SIGINT and SIGTERM, at random instants of every command on a project that takes a while: out within five seconds."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pytest

from segctl.diagnostics import ExitCode
from segctl.progress import Silent
from segctl.state.holder import LOCK
from segctl.workflow.doctor import doctor
from segctl.workflow.opened import opened_state
from tests.apply.forks import ROOT, Forks, forks
from tests.apply.killing import chance
from tests.apply.shop import NOON_US, run
from tests.held import hold_elsewhere
from tests.patience import FOREVER_S, IN_TIME_S, PATIENCE_S, ends_in_time
from tests.s3 import environ

USERS, EVENTS = 20_000, 300_000
CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}
ALLOWED = ("--allow", "max_exit", "--allow", "max_enter", "--allow", "earlier_as_of", "--reason", "tried")
COMMANDS: dict[str, tuple[str, ...]] = {
    "plan": ("plan",),
    "apply": ("apply", "--auto-approve", *ALLOWED),
    "refresh": ("refresh", *ALLOWED),
    "validate": ("validate",),
    "members": ("members", "regulars", "--live"),
    "explain": ("explain", "regulars", "--user", "u7"),
    "test": ("test",),
    "gc": ("gc", "--keep", "2"),
    "doctor": ("doctor",),
}
PURCHASES = {"event": "purchase", "count": {"at_least": 2}, "where": {"property": "amount", "more_than": 20}}
FUNNEL = {"sequence": [{"event": "view"}, {"event": "cart"}, {"event": "purchase"}]}
DEFINITIONS: list[dict[str, Any]] = [
    {"kind": "segment", "name": "regulars", "where": [PURCHASES, {"attribute": "age", "at_least": 30}]},
    {"kind": "segment", "name": "funnel", "where": [FUNNEL]},
    {"kind": "segment", "name": "both", "where": [{"segment": "regulars"}, {"segment": "funnel"}]},
    {"kind": "segment", "name": "spenders", "where": [{"event": "purchase", "sum": {"of": "amount", "more_than": 90}}]},
    {"kind": "trait", "name": "spent", "value": {"event": "purchase", "sum": {"of": "amount"}}},
    {
        "kind": "test", "name": "adult", "as_of": "2026-01-10",
        "given": {"users": [{"id": "x", "age": 40}], "events": []}, "expect": {"regulars": {"out": ["x"]}},
    },
]  # fmt: skip


def define(root: Path, age: int) -> None:
    folder = root / "segments"
    folder.mkdir(parents=True, exist_ok=True)
    project = {
        "kind": "project", "name": "large", "users": {"path": "data/users.csv", "id": "id"},
        "events": [{"path": "data/events-*.csv", "user": "user", "time": "time", "name": {"column": "event"}}],
    }  # fmt: skip
    first = {**DEFINITIONS[0], "where": [PURCHASES, {"attribute": "age", "at_least": age}]}
    (folder / "segctl.yaml").write_text(json.dumps(project))
    (folder / "all.yaml").write_text("\n---\n".join(map(json.dumps, [first, *DEFINITIONS[1:]])))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files of events of 20,000 users; serial 1 is applied."""
    root = tmp_path_factory.mktemp("large")
    made = np.random.default_rng(1)
    (root / "data").mkdir()
    people = {"id": [f"u{number}" for number in range(USERS)], "age": made.integers(10, 80, USERS)}
    pc.write_csv(pa.table(people), root / "data/users.csv")
    for part in range(3):
        rows = EVENTS // 3
        start = np.datetime64("2026-01-01T00:00:00")
        events = {
            "user": np.char.add("u", made.integers(0, USERS, rows).astype(str)),
            "event": np.array(["view", "cart", "purchase"])[made.integers(0, 3, rows)],
            "time": np.datetime_as_string(start + made.integers(0, 700_000, rows).astype("m8[s]"), timezone="UTC"),
            "amount": made.integers(1, 100, rows),
        }
        pc.write_csv(pa.table(events), root / f"data/events-{part}.csv")
    define(root, 20)
    return root


@pytest.fixture(scope="module")
def server(large: Path) -> Iterator[Forks]:
    with forks() as made:
        assert made.segctl("-C", str(large), *COMMANDS["apply"]) == 0
        yield made


def serial(root: Path) -> int:
    head = opened_state(root)[1].head()
    assert head is not None
    return head.serial


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_gets_a_signal_ends_in_time_and_leaves_the_state_whole(
    large: Path, server: Forks, command: str
) -> None:
    instants: random.Random = chance(len(command))
    codes: set[int] = set()
    longest = 1.0
    for attempt, send in enumerate((signal.SIGINT, signal.SIGTERM) * 2):
        define(large, 20 + instants.randrange(40))
        if attempt % 2 == 0:
            shutil.rmtree(large / ".segctl/index", ignore_errors=True)
        before = serial(large)
        after = instants.uniform(0.05, longest)
        code, seconds = server.stopped("-C", str(large), *COMMANDS[command], send=send, after=after)
        assert code in {0, CODES[send]}
        assert seconds < IN_TIME_S
        longest = max(after * 0.7, 0.1) if code == 0 else longest
        assert not (large / ".segctl" / LOCK).exists()
        assert serial(large) in {before, before + 1}
        assert doctor(large, run().origin, NOON_US + 2**55, Silent()).is_whole
        codes.add(code)
    if command in {"plan", "apply", "refresh", "members"}:
        assert codes & {*CODES.values()}


def test_a_second_signal_ends_the_process_at_once(large: Path) -> None:
    command = [sys.executable, "-m", "segctl", "-C", str(large), "refresh", "--lock-timeout", str(FOREVER_S)]
    lock = hold_elsewhere(large / ".segctl")
    try:
        for signals, code in ([signal.SIGINT], 130), ([signal.SIGTERM, signal.SIGINT], 130):
            with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as waiting:
                assert waiting.stderr is not None
                assert waiting.stderr.readline().startswith("waiting for the lock")
                _, err = ends_in_time(waiting, *signals)
                assert waiting.returncode in {code, CODES[signals[0]]}
                assert "Traceback" not in err
    finally:
        lock.unlink()


HANGING = """
import time
from segctl.cli.interrupts import listen
listen()
while True:
    try:
        print("at work", flush=True)
        time.sleep(600)
    except BaseException:  # whatever it is that takes so long to unwind
        pass
"""


@pytest.mark.parametrize(("first", "second"), [("SIGINT", "SIGINT"), ("SIGTERM", "SIGINT"), ("SIGINT", "SIGTERM")])
def test_a_second_signal_ends_what_the_first_could_not(first: str, second: str) -> None:
    command = [sys.executable, "-c", HANGING]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as hanging:
        assert hanging.stdout is not None
        for name in (first, second):
            assert hanging.stdout.readline() == "at work\n"
            hanging.send_signal(signal.Signals[name])
        try:
            assert hanging.wait(PATIENCE_S) == CODES[signal.Signals[second]]
        finally:
            hanging.kill()


def test_waiting_for_a_store_that_never_answers_ends_at_once(tmp_path: Path) -> None:
    define(tmp_path, 20)
    project = tmp_path / "segments/segctl.yaml"
    project.write_text(json.dumps({**json.loads(project.read_text()), "state": "s3://bucket-1/never"}))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        variables = {**os.environ, **environ(f"http://127.0.0.1:{silent.getsockname()[1]}")}
        waiting = [
            subprocess.Popen(
                [sys.executable, "-m", "segctl", "-C", str(tmp_path), *COMMANDS[name]],
                cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True,
            )
            for name in ("doctor", "gc", "apply")
        ]  # fmt: skip
        asked = [silent.accept()[0] for _ in waiting]  # and no answer
        time.sleep(0.5)
        for one, send in zip(waiting, (signal.SIGINT, signal.SIGTERM, signal.SIGINT), strict=True):
            _, err = ends_in_time(one, send)
            assert one.returncode == CODES[send]
            assert "Traceback" not in err
        for connection in asked:
            connection.close()


SWALLOWED = """
import os, signal, sys, time
from segctl.cli.interrupts import listen, leave, Terminated
class Finalised:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
listen()
try:
    Finalised()
    time.sleep(600)
except Terminated:
    print("unwound")
    leave(143)
"""


def test_a_signal_that_comes_where_nothing_can_be_raised_is_not_lost() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWED], cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "unwound\n", "")
