"""`segctl init`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "init",
    cls=Command,
    help=f"""{COMMANDS["init"]}

    Without --example: a few definitions and a handful of rows that work as they are; put your own in
    their place. With --example: a shop with 50,000 users and two years of their visits, orders and
    messages, and some forty segments, extensions, lists and campaigns over them.""",
    examples="""
segctl init my_project
segctl init --example shop && segctl -C shop plan
""",
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Write the example shop, with its data.")
@click.pass_obj
def command(terminal: Terminal, folder: Path, *, example: bool) -> int:
    """Write a new project."""
    from segctl.workflow.init import init, make_room, write_surroundings

    if example:
        from segctl.example.write import write_example

        make_room(folder)
        with terminal.progress() as progress:
            written = write_example(folder, progress=progress)
        files = (*written.files, *write_surroundings(folder))
        held = f": {written.users:,} users, {written.events:,} events, {written.products:,} products"
    else:
        files, held = init(folder), ""
    where = "this folder" if folder == Path() else folder
    terminal.result(f"{where}{held}\n{len(files)} files written")
    into = "" if folder == Path() else f"-C {folder} "
    terminal.talk(f"Next: segctl {into}validate, then segctl {into}plan")
    return ExitCode.OK
