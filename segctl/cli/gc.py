"""`segctl gc`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "gc",
    cls=Command,
    help=f"""{COMMANDS["gc"]}

    The last serials are kept, with everything that they refer to; older ones can no longer be shown or
    brought back. What killed commands left behind is deleted too. It does not ask: `--dry-run`
    shows what would be deleted.""",
    examples="""
segctl gc
segctl gc --keep 100 --dry-run
segctl gc --format json
""",
)
@click.option(
    "--keep", type=click.IntRange(min=1), metavar="N", default=20, show_default=True, help="Keep the last N serials."
)
@click.option("--dry-run", is_flag=True, help="Delete nothing; show what would be deleted.")
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, keep: int, dry_run: bool, lock_timeout: float, form: str) -> int:
    """Collect, and say what went."""
    from segctl.report.gc import collected, collected_data
    from segctl.report.json import dumps
    from segctl.workflow.gc import Wanted, gc

    folder = Path.cwd()
    run = this_run(terminal, lock_timeout)
    with terminal.progress() as progress:
        found = gc(folder, Wanted(keep, dry_run), run, options.now_us(), progress)
    terminal.result(dumps(collected_data(found)) if form == "json" else collected(found))
    return ExitCode.OK
