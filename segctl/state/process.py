"""Processes of this machine: which one this is, and whether that one still runs.

A process number is used again sooner or later, so a process is known by its number and by when
it started. Linux tells it (the boot, the namespace of process numbers, the start in ticks since
the boot); elsewhere `ps` is asked.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

UNKNOWN = "?"
"""A process that runs, and whose start nobody tells."""

_STATE, _START = 0, 19  # of /proc/PID/stat behind the name in brackets: fields 3 and 22 of proc(5)
_ENDED = frozenset("ZXx")


def realm() -> str:
    """Where process numbers mean the same: the boot, then the namespace of numbers; empty where unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def started(pid: int) -> str:
    """When a running process started, to be compared only: empty if it does not run, or `UNKNOWN`."""
    if not Path("/proc/self/stat").exists():
        return _asked(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return UNKNOWN if _answers(pid) else ""
    return "" if stat[_STATE] in _ENDED else stat[_START]


def _asked(pid: int) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 no shell, and only a number is passed
            ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607 wherever the system keeps it
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return UNKNOWN if _answers(pid) else ""
    return answer.stdout.strip()


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
