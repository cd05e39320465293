"""`segctl unlock`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode, Locked, Usage

if TYPE_CHECKING:
    from segctl.workflow.unlock import Shown


@click.command(
    "unlock",
    cls=Command,
    help=f"""{COMMANDS["unlock"]}

    It asks first, unless `--force` is given. The previous holder cannot publish from then on, even if its
    process still runs: its work is lost, and the state is intact. You need not break the lock of a process
    of this machine that has ended, or a lock that is no longer refreshed: the next command that waits long
    enough takes it over.""",
    examples="""
segctl unlock
segctl unlock --force
""",
)
@click.option("--force", is_flag=True, help="Do not ask.")
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, force: bool, form: str) -> int:
    """Show, ask, break."""
    from segctl.report import lock as report
    from segctl.report.json import dumps
    from segctl.workflow.request import this_run
    from segctl.workflow.unlock import shown, unlock

    folder = Path.cwd()
    run = this_run(folder, os.environ)
    found = shown(folder, run.origin)
    if form == "human":
        terminal.result(report.held(found))
    broken = False
    if found.lock is not None:
        terminal.complain(report.warning(found))
        if not force and not _confirmed(found):
            terminal.talk("nothing was changed")
            return ExitCode.FAILED
        broken = unlock(found, run, options.now_us())
        terminal.talk("the lock was broken" if broken else "the lock no longer exists: its holder has released it")
    if form == "json":
        terminal.result(dumps(report.held_data(found, broken=broken)))
    return ExitCode.OK


def _confirmed(found: Shown) -> bool:
    """Ask, and look again: one who is at work shows it meanwhile.

    Raises:
        Usage: nobody can answer here.
        Locked: the lock was refreshed while this asked.
    """
    if not sys.stdin.isatty():
        raise Usage(
            "`segctl unlock` asks before it breaks a lock, and standard input is not a terminal",
            hint="`segctl unlock --force` breaks it without asking",
        )
    if not click.confirm("Break this lock?", err=True):
        return False
    if found.was_refreshed():
        raise Locked(
            "the lock was refreshed while segctl waited for the answer: its holder is running; nothing was changed",
            hint="wait until it has ended; `segctl unlock --force` breaks it anyway",
        )
    return True
