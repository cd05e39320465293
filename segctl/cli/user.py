"""`segctl user`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "user",
    cls=Command,
    help=f"""{COMMANDS["user"]}

    Shows first what the user is in, by the definitions on disk, on today's data, with published memberships
    that differ. What the user is not in, and a long profile, are counted; --all shows them.
    Events are shown with the properties that definitions read.""",
    examples="""
segctl user 4711
segctl user 4711 --all
segctl user 4711 --events 50 --all-properties
segctl user 4711 --as-of 2026-11-22 --format json
""",
)
@click.argument("user", metavar="ID")
@click.option(
    "--events", "count", metavar="N", type=click.IntRange(min=0), default=10, show_default=True,
    help="Show the last N events.",
)  # fmt: skip
@click.option(
    "--all-properties", "every", is_flag=True,
    help="Show events with all of their properties; what is not indexed yet is indexed first.",
)  # fmt: skip
@click.option("--all", "whole", is_flag=True, help="Show also what the user is not in, and the whole profile.")
@options.as_of()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal, user: str, *, count: int, every: bool, whole: bool, as_of: str | None, form: str
) -> int:
    """Print one user."""
    from segctl.report.json import dumps
    from segctl.report.person import page, page_data
    from segctl.workflow.person import Wish, person
    from segctl.workflow.request import Request

    with terminal.progress() as progress:
        found = person(Path.cwd(), user, Wish(count, every), Request(options.now_us(), as_of), progress)
    terminal.result(dumps(page_data(found)) if form == "json" else page(found, whole=whole))
    return ExitCode.OK
