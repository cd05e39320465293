"""`segctl engagement`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.review import say_beside
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "engagement",
    cls=Command,
    help=f"""{COMMANDS["engagement"]}

    Levels are those of the last Monday: by the share of the e-mails of the look-back that were opened or
    clicked. They are evaluated from the definitions and the data on disk; no state is read. The ids are
    written by `segctl members --live engagement.most`, and so for the other levels.""",
    examples="""
segctl engagement
segctl engagement --as-of 2026-11-22 --format json
segctl members --live engagement.most -o most.txt
segctl members --live engagement.somewhat.previous
""",
)
@options.as_of()
@options.output("human", "json")
@click.pass_context
def command(ctx: click.Context, /, *, as_of: str | None, form: str) -> int:
    """Show sizes and moves."""
    from segctl.report.engagement import data, page
    from segctl.report.json import dumps
    from segctl.workflow.engagement import engagement
    from segctl.workflow.request import Request

    terminal: Terminal = ctx.obj
    with terminal.progress() as progress:
        levels = engagement(Path.cwd(), Request(options.now_us(), as_of), progress)
    say_beside(terminal, levels)
    terminal.result(dumps(data(levels)) if form == "json" else page(levels))
    return ExitCode.OK
