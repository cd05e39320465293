"""`segctl show`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access
from segctl.diagnostics import ExitCode


@click.command(
    "show",
    cls=Command,
    help=f"""{COMMANDS["show"]}

    In words, with its owner, its guards, where it stands, and what is published of it.""",
    examples="""
segctl show loyal_buyers
segctl show campaign.win_back --format json
""",
)
@click.argument("name", shell_complete=names)
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, name: str, *, form: str) -> int:
    """Print one definition."""
    from segctl.report.inventory import page, page_data
    from segctl.report.json import dumps
    from segctl.workflow.inventory import show

    shown = show(Path.cwd(), name, access())
    terminal.result(dumps(page_data(shown)) if form == "json" else page(shown))
    return ExitCode.OK
