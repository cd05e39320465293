"""How tests wait: for what they mean, and as long as a busy machine may take.

What must come is waited for up to `PATIENCE_S`. What must not be waited for (a server that is silent, a lock that is
never given back) lasts `FOREVER_S`, so that who waits for it is not done within the patience. What must be quick is
measured in seconds of the processor, which a busy machine does not multiply.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import psutil  # type: ignore[import-untyped]

PATIENCE_S = 120.0
FOREVER_S = 600.0
IN_TIME_S = 5.0
"""Seconds of the processor within which a command that got a signal has ended."""


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until this holds."""
    limit = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < limit, f"waited in vain: {what}"
        time.sleep(0.005)


def until_stopped(process: subprocess.Popen[Any]) -> None:
    """Wait until a child that got SIGSTOP stands still."""
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)


def processor_seconds(pid: int) -> float:
    """What a process has used of the processor so far; one that has ended and was not waited for has its times too."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def ends_in_time(process: subprocess.Popen[Any], *signals: signal.Signals) -> tuple[str, str]:
    """Send the signals; the process ends, with few seconds of work and without waiting for anything. What it said."""
    before = processor_seconds(process.pid)
    began = time.monotonic()
    for number in signals:
        process.send_signal(number)
    spent = before
    while process.poll() is None:
        assert time.monotonic() - began < PATIENCE_S, "it waits although it was told to end"
        try:
            spent = processor_seconds(process.pid)
        except psutil.Error:  # it has ended just now
            break
        time.sleep(0.01)
    assert spent - before < IN_TIME_S
    out, err = process.communicate(timeout=PATIENCE_S)
    return out or "", err or ""
