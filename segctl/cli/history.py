"""`segctl history`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names as completed_names
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode, Usage


@click.command(
    "history",
    cls=Command,
    help=f"""{COMMANDS["history"]}

    The last serial first. With a NAME the serials that changed it, under any name that it had;
    with --serial one of them in full, with the reasons for what was overridden. Users are counted, never named.""",
    examples="""
segctl history
segctl history --limit 10
segctl history loyal_buyers
segctl history --serial 12
segctl history --format json
""",
)
@click.argument("name", required=False, shell_complete=completed_names)
@click.option("--serial", type=click.IntRange(min=1), metavar="N", help="This serial, in full.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most this many serials. Default: all.")
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, name: str | None, serial: int | None, limit: int | None, form: str) -> int:
    """Print the records."""
    from segctl.report.history import history as as_table
    from segctl.report.history import history_data
    from segctl.report.history import serial as as_page
    from segctl.report.json import dumps
    from segctl.workflow.history import at, history

    if serial is not None and (name is not None or limit is not None):
        raise Usage("`--serial` cannot be combined with a name or `--limit`")
    past = history(Path.cwd(), limit, name) if serial is None else at(Path.cwd(), serial)
    if form == "json":
        terminal.result(dumps(history_data(past)))
    else:
        terminal.result(as_table(past) if serial is None else as_page(past))
    return ExitCode.OK
