"""SIGINT, SIGTERM and SIGHUP: the first ends the work in order, a second one ends the process."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

from segctl.diagnostics import ExitCode

_SOON_S = 0.02
_CAME: list[int] = []


class Terminated(BaseException):
    """SIGTERM or SIGHUP has come; like KeyboardInterrupt nobody takes it for an error on the way up."""


def listen() -> None:
    """From now on, signals unwind the stack, so that locks are released and files are whole."""
    _CAME.clear()
    signal.signal(signal.SIGINT, _handle)
    signal.signal(signal.SIGTERM, _handle)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, _handle)
    sys.unraisablehook = _lost


def _handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signature of signal handlers
    if _CAME:
        os._exit(ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.TERMINATED)
    _CAME.append(number)
    raise KeyboardInterrupt if number == signal.SIGINT else Terminated


def _lost(unraisable: sys.UnraisableHookArgs) -> None:
    """A signal may come where nothing can be raised, as in `__del__`: it comes once more, a moment later."""
    if not _CAME or not isinstance(unraisable.exc_value, Terminated | KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    again = threading.Timer(_SOON_S, os.kill, (os.getpid(), _CAME.pop()))
    again.daemon = True
    again.start()


def behind(error: BaseException) -> KeyboardInterrupt | Terminated | None:
    """The signal during whose unwinding an error came up; None if there was none."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, Terminated | KeyboardInterrupt):
        seen = seen.__context__
    return seen


def leave(code: int) -> NoReturn:
    """End the process here and now; what comes from now on is too late.

    Threads that still count or read are not waited for: whatever they write is under names that nothing
    refers to. Nor are the libraries taken down: Arrow aborts the process if one of its threads is still
    reading ahead then, and a command that has done its work would seem to have failed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # whoever read it has gone
            stream.flush()
    os._exit(code)
