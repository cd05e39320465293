"""`segctl refresh`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.openlineage import watched
from segctl.cli.published import tell
from segctl.cli.review import AtTerminal
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal


@click.command(
    "refresh",
    cls=Command,
    help=f"""{COMMANDS["refresh"]}

    This is what a scheduler runs: the definitions are those of the last apply, whatever is on disk.
    Extensions are computed anew when their schedule has come round.""",
    examples="""
segctl refresh
segctl refresh --all --as-of 2026-11-22
segctl refresh --select tag:hourly
segctl refresh --allow max_exit --reason "the import of Monday was twice as large"
""",
)
@options.as_of()
@options.selection()
@click.option("--all", "everything", is_flag=True, help="Compute every extension anew, whatever its schedule says.")
@options.allow()
@options.reason()
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    as_of: str | None,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    everything: bool,
    allow: tuple[str, ...],
    reason: str,
    lock_timeout: float,
    form: str,
) -> int:
    """Evaluate and publish."""
    from segctl.workflow.refresh import refresh
    from segctl.workflow.request import Request

    folder = Path.cwd()
    request = Request(options.now_us(), as_of, allow, everything, reason, select, exclude)
    review = AtTerminal(terminal, ask=False, silent=form == "json")
    with terminal.progress() as progress:
        run = this_run(terminal, lock_timeout)
        done = watched(terminal, "refresh", lambda: refresh(folder, request, run, review, progress))
    return tell(terminal, done, form)
