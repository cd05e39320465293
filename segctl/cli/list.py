"""`segctl list`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access, refuse
from segctl.diagnostics import ExitCode, Usage


@click.command(
    "list",
    cls=Command,
    help=f"""{COMMANDS["list"]}

    Each with its members as last published, and whether its definition has changed since. With --events, the
    event names of the data instead.""",
    examples="""
segctl list
segctl list --select tag:loyalty
segctl list --format json
segctl list --events
""",
)
@click.option("--events", is_flag=True, help="List the event names of the data, each with its rows.")
@options.selection()
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, events: bool, select: tuple[str, ...], exclude: tuple[str, ...], form: str) -> int:
    """Print what there is."""
    if events:
        refuse("--events")
        if select or exclude:
            raise Usage("`--events` cannot be combined with `--select` or `--exclude`")
        return _events(terminal, form)
    from segctl.report.inventory import listing, listing_data
    from segctl.report.json import dumps
    from segctl.selection import parse
    from segctl.workflow.inventory import inventory

    found = inventory(Path.cwd(), access(), parse(select, exclude))
    terminal.result(dumps(listing_data(found)) if form == "json" else listing(found))
    return ExitCode.OK


def _events(terminal: Terminal, form: str) -> int:
    from segctl.report.events import events, events_data
    from segctl.report.json import dumps
    from segctl.workflow.events import event_names

    with terminal.progress() as progress:
        found = event_names(Path.cwd(), options.now_us(), progress)
    terminal.result(dumps(events_data(found)) if form == "json" else events(found))
    return ExitCode.OK
