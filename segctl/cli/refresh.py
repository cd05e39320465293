"""`segctl refresh`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.openlineage import watched
from segctl.cli.published import tell
from segctl.cli.review import AtTerminal
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode

if TYPE_CHECKING:
    from segctl.workflow.request import Request


@click.command(
    "refresh",
    cls=Command,
    help=f"""{COMMANDS["refresh"]}

    This is what a scheduler runs: the definitions are those of the last apply, whatever is on disk.
    Extensions are recomputed when their schedule is due.

    What a guard refuses is held: it stays as it is published, with all that depends on it, and the rest is
    published; exit code 3. It catches up as soon as no guard refuses it, or when --allow overrides it.""",
    examples="""
segctl refresh
segctl refresh --all --as-of 2026-11-22
segctl refresh --dry-run
segctl refresh --select tag:hourly
segctl refresh --allow max_exit --reason "the import of Monday was twice as large"
""",
)
@options.as_of()
@options.selection()
@click.option("--all", "everything", is_flag=True, help="Recompute every extension, whatever its schedule says.")
@click.option("--all-or-nothing", is_flag=True, help="Publish nothing if a guard refuses anything.")
@click.option("--dry-run", is_flag=True, help="Show what would move and what would be held; publish nothing.")
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
    all_or_nothing: bool,
    dry_run: bool,
    allow: tuple[str, ...],
    reason: str,
    lock_timeout: float,
    form: str,
) -> int:
    """Evaluate and publish."""
    from segctl.workflow.refresh import refresh
    from segctl.workflow.request import Request

    folder = Path.cwd()
    request = Request(
        options.now_us(), as_of, allow, everything, reason, select, exclude, hold=not all_or_nothing
    )  # fmt: skip
    review = AtTerminal(terminal, ask=False, silent=form == "json")
    if dry_run:
        return _preview(terminal, request, review, form)
    with terminal.progress() as progress:
        run = this_run(terminal, lock_timeout)
        done = watched(terminal, "refresh", lambda: refresh(folder, request, run, review, progress))
    return tell(terminal, done, form)


def _preview(terminal: Terminal, request: Request, review: AtTerminal, form: str) -> int:
    """Print what would be published and held; like a plan it exits 0, whatever a guard says."""
    from segctl.report.json import dumps
    from segctl.report.plan_json import as_data
    from segctl.workflow.refresh import preview

    with terminal.progress() as progress:
        prepared = preview(Path.cwd(), request, review, progress)
    if form == "json":
        terminal.result(dumps({**as_data(prepared.plan), "published": None}))
    return ExitCode.OK
