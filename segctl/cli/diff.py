"""`segctl diff`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "diff",
    cls=Command,
    help=f"""{COMMANDS["diff"]}

    Definitions are compared field by field, members and values as they were published. One serial is
    compared with the current one. Nothing is evaluated, and users are counted, never named.""",
    examples="""
segctl diff 41
segctl diff 38 41
segctl diff 38 41 --format json
""",
)
@click.argument("before", metavar="SERIAL", type=click.IntRange(min=1))
@click.argument("after", metavar="[SERIAL]", type=click.IntRange(min=1), required=False)
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, before: int, after: int | None, form: str) -> int:
    """Print the differences."""
    from segctl.report.diff import between, between_data
    from segctl.report.json import dumps
    from segctl.workflow.diff import diff

    found = diff(Path.cwd(), before, after)
    terminal.result(dumps(between_data(found)) if form == "json" else between(found))
    return ExitCode.OK
