"""A terminal that is closed while a command asks: SIGHUP, and nobody left to tell."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys

from segctl.state.holder import LOCK
from tests.cli.conftest import ROOT, Shop
from tests.patience import PATIENCE_S, until_stopped

ENVIRON = {"PYTHONPATH": str(ROOT), "TERM": "dumb"}


def asking(shop: Shop, *before: str) -> tuple[subprocess.Popen[bytes], int]:
    """An apply that asks on a terminal, and the other end of that terminal."""
    ours, its = pty.openpty()
    apply = [sys.executable, "-m", "segctl", "-C", str(shop.folder), "apply", "--as-of", "2026-11-22"]
    command = [*before, *apply]
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=ENVIRON, start_new_session=True)
    os.close(its)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(ours, 4096)
    return process, ours


def test_closing_the_terminal_releases_the_lock(shop: Shop) -> None:
    process, terminal = asking(shop)
    with process:
        process.send_signal(signal.SIGSTOP)  # so that it sees the signal first, and then the end of the answers
        until_stopped(process)
        process.send_signal(signal.SIGHUP)  # as the kernel does to who has a controlling terminal
        os.close(terminal)
        process.send_signal(signal.SIGCONT)
        assert process.wait(PATIENCE_S) == 143
    assert not (shop.folder / ".segctl" / LOCK).exists()


def test_under_nohup_a_hangup_is_not_heard(shop: Shop) -> None:
    process, terminal = asking(shop, "sh", "-c", 'trap "" HUP; exec "$@"', "sh")
    with process:
        process.send_signal(signal.SIGHUP)
        os.write(terminal, b"n\n")
        assert process.wait(PATIENCE_S) == 1
    os.close(terminal)
