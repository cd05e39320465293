"""SIGINT and SIGTERM: the first ends the work in order, a second one ends the process."""

from __future__ import annotations

import os
import signal
from types import FrameType

from segctl.diagnostics import ExitCode


class Terminated(BaseException):
    """SIGTERM has come; like KeyboardInterrupt nobody takes it for an error on the way up."""


def listen() -> None:
    """From now on, signals unwind the stack, so that locks are released and files are whole."""
    came: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signature of signal handlers
        if came:
            os._exit(ExitCode.TERMINATED if number == signal.SIGTERM else ExitCode.INTERRUPTED)
        came.append(number)
        raise Terminated if number == signal.SIGTERM else KeyboardInterrupt

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
