"""`segctl init`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "init",
    cls=Command,
    help=f"""{COMMANDS["init"]}

    Without --example: a few definitions and a handful of rows that work as they are; replace them by
    your own. With --example: a shop with 50,000 users and two years of their visits, orders and messages
    up to 2026-11-22, and some seventy segments, extensions, lists and campaigns over them.

    The project is named after DIR. `.gitignore` keeps data/ and .segctl/ out of git: users and events,
    the state and the index.""",
    examples="""
segctl init my_project
segctl init --example shop && segctl -C shop plan --as-of 2026-11-22
""",
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Write the example shop, with its data.")
@click.pass_obj
def command(terminal: Terminal, folder: Path, *, example: bool) -> int:
    """Write a new project."""
    from segctl.report.init import created, next_steps
    from segctl.workflow.init import init, make_room, project_name, write_surroundings

    if example:
        from segctl.example.seasons import AS_OF
        from segctl.example.write import write_example

        make_room(folder)
        with terminal.progress() as progress:
            written = write_example(folder, progress=progress)
        files = (*written.files, *write_surroundings(folder))
        held = f": {written.users:,} users, {written.events:,} events, {written.products:,} products"
        as_of = AS_OF.date().isoformat()
    else:
        files, held, as_of = init(folder, dt.datetime.fromtimestamp(options.now_us() / 1e6, dt.UTC).date()), "", ""
    terminal.result(created(folder, project_name(folder), held, files))
    terminal.talk(next_steps(folder, as_of))
    return ExitCode.OK
