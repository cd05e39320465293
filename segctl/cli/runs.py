"""Who runs a command that writes, and how long it waits for the state's lock."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from segctl.cli.terminal import Terminal

if TYPE_CHECKING:
    from segctl.workflow.request import Run


def this_run(terminal: Terminal, lock_timeout: float) -> Run:
    """This process; while it waits, and when it takes a lock over, it says so at the terminal."""
    from segctl.state.lock import Waiting
    from segctl.workflow import request

    return request.this_run(Path.cwd(), os.environ, Waiting(lock_timeout, terminal.talk))
