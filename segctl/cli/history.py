"""`segctl history`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "history",
    cls=Command,
    help=f"""{COMMANDS["history"]}

    The last serial first. Users are counted, never named.""",
    examples="""
segctl history
segctl history --format json
""",
)
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, form: str) -> int:
    """Print the records."""
    from segctl.report.history import history as as_table
    from segctl.report.history import history_data
    from segctl.report.json import dumps
    from segctl.workflow.history import history

    past = history(Path.cwd())
    terminal.result(
        dumps(history_data(past.records, past.kept)) if form == "json" else as_table(past.records, past.zone, past.kept)
    )
    return ExitCode.OK
