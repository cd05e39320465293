"""A holder that stands still while its lock is taken over, and clocks that are wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode
from segctl.state.holder import Held, look
from tests.held import held_by
from tests.patience import PATIENCE_S, until
from tests.s3 import S3
from tests.stores.shops import Shop, as_of, chain

TERM = {"SEGCTL_LOCK_TERM": "1"}


@pytest.fixture(params=["folder", "s3"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    state, environ = ".segctl", dict(TERM)
    if request.param == "s3":
        server: S3 = request.getfixturevalue("reach")
        state, environ = f"s3://{server.bucket()}/team", {**TERM, **server.environ}
    made = Shop(tmp_path / "shop", state, environ).lay_out()
    assert made.inside("apply", "--auto-approve", "--as-of", as_of(0)).code == 0
    return made


SLOW = os.pathsep.join([str(Path(__file__).parent / "slow"), str(Path(__file__).resolve().parents[2])])


def in_the_middle(shop: Shop, **environ: str) -> subprocess.Popen[str]:
    """A refresh that holds the lock and has read the head, and waits until it may go on."""
    process = shop.start("refresh", "--as-of", as_of(1), WAIT_AT="execute", PYTHONPATH=SLOW, **environ)
    until((shop.root / "ready").exists, "a refresh that holds the lock")
    assert held_by(shop.opened().store) is not None
    return process


def stopped_in_the_middle(shop: Shop) -> subprocess.Popen[str]:
    """The same, and it stands still: no thread of it refreshes the lock."""
    process = in_the_middle(shop)
    process.send_signal(signal.SIGSTOP)
    return process


def go_on(shop: Shop) -> None:
    """Let it do the rest of its work."""
    (shop.root / "go").touch()


def cannot_commit(process: subprocess.Popen[str]) -> None:
    """It goes on, finds its lock in other hands, and says so."""
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode in {ExitCode.LOCKED, ExitCode.STALE}
    assert "nothing was changed" in err


def test_a_stolen_lock_cannot_commit(shop: Shop) -> None:
    process = stopped_in_the_middle(shop)
    try:
        assert shop.refresh(2).code == ExitCode.LOCKED
        taken = shop.refresh(2, "--lock-timeout", str(PATIENCE_S))
        assert (taken.code, taken.out.rpartition("Published ")[2]) == (0, "serial 2.\n")
        assert "was broken: it was not refreshed for 1 s" in taken.err
    finally:
        go_on(shop)
        process.send_signal(signal.SIGCONT)
    cannot_commit(process)
    assert chain(shop.opened()) == [0, 2]
    assert held_by(shop.opened().store) is None


def test_a_lock_broken_by_hand_cannot_commit(shop: Shop) -> None:
    process = stopped_in_the_middle(shop)
    try:
        told = shop.inside("unlock")
        assert told.code == ExitCode.USAGE
        assert f"process {process.pid} RUNS" in told.err
        assert "`segctl unlock --force`" in told.err
        assert held_by(shop.opened().store) is not None
        done = shop.inside("unlock", "--force")
        assert (done.code, held_by(shop.opened().store)) == (0, None)
        assert "for        refresh\n" in done.out
    finally:
        go_on(shop)
        process.send_signal(signal.SIGCONT)
    cannot_commit(process)
    assert chain(shop.opened()) == [0]
    assert shop.refresh(3).code == 0
    assert chain(shop.opened()) == [0, 3]


def test_with_no_lock_there_is_nothing_to_break(shop: Shop) -> None:
    told = shop.inside("unlock")
    assert (told.code, told.out) == (0, "the lock is free: nothing to break\n")
    assert '"locked": false' in shop.inside("unlock", "--format", "json").out


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_wrong_by_an_hour_harms_nothing(shop: Shop, hours: int) -> None:
    """Another machine's: its lock and its record have their times from it, and nothing is decided by them."""
    shop = replace(shop, environ={**shop.environ, "SEGCTL_LOCK_TERM": "30"})
    process = in_the_middle(shop, CLOCK_HOURS=str(hours))
    found = look(shop.opened().store)
    assert isinstance(found, Held)
    assert abs(found.refreshed_us / 1e6 - time.time() - hours * 3600) < 60
    assert shop.refresh(2).code == ExitCode.LOCKED
    threading.Timer(0.2, go_on, [shop]).start()
    assert shop.refresh(2, "--lock-timeout", str(PATIENCE_S)).code == 0
    _, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err) == (0, "")
    assert chain(shop.opened()) == [0, 1, 2]
    record = shop.opened().record(2)
    assert abs(record.created_us / 1e6 - time.time() - hours * 3600) < 120
    back = shop.run("refresh", "--as-of", as_of(3), PYTHONPATH=SLOW, CLOCK_HOURS=str(hours))
    assert (back.returncode, back.stderr) == (0, "")
    assert chain(shop.opened()) == [0, 1, 2, 3]
