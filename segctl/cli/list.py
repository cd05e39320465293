"""`segctl list`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access
from segctl.diagnostics import ExitCode


@click.command(
    "list",
    cls=Command,
    help=f"""{COMMANDS["list"]}

    Each with its members as last published, and whether its definition has changed since.""",
    examples="""
segctl list
segctl list --select tag:loyalty
segctl list --format json
""",
)
@options.selection()
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, select: tuple[str, ...], exclude: tuple[str, ...], form: str) -> int:
    """Print what there is."""
    from segctl.report.inventory import listing, listing_data
    from segctl.report.json import dumps
    from segctl.selection import parse
    from segctl.workflow.inventory import inventory

    found = inventory(Path.cwd(), access(), parse(select, exclude))
    terminal.result(dumps(listing_data(found)) if form == "json" else listing(found))
    return ExitCode.OK
