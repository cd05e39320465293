"""`segctl graph`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names as known
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access
from segctl.diagnostics import ExitCode


@click.command(
    "graph",
    cls=Command,
    help=f"""{COMMANDS["graph"]}

    With names what each uses and what uses it: `+name` only what it uses, `name+` only what uses it.
    What differs from what is applied is marked: new, changed, renamed, removed, archived.""",
    examples="""
segctl graph
segctl graph loyal_buyers
segctl graph lapsed_buyers+
segctl graph --select state:modified --format mermaid
segctl graph --format dot | dot -Tsvg > graph.svg
""",
)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=known)
@options.selection()
@click.option(
    "--most",
    type=click.IntRange(min=1),
    metavar="N",
    default=60,
    show_default=True,
    help="For Mermaid: draw at most this many; changed definitions come first.",
)
@options.output("human", "json", "mermaid", "dot")
@click.pass_obj
def command(
    terminal: Terminal, names: tuple[str, ...], *, select: tuple[str, ...], exclude: tuple[str, ...], most: int,
    form: str,
) -> int:  # fmt: skip
    """Print what uses what."""
    from segctl.report import graph
    from segctl.report.json import dumps
    from segctl.selection import parse
    from segctl.workflow.drawing import drawing

    drawn = drawing(Path.cwd(), names, parse(select, exclude), access())
    if form == "human":
        terminal.result(graph.trees(drawn))
    elif form == "json":
        terminal.result(dumps(graph.as_data(drawn)))
    else:
        terminal.result(graph.mermaid(drawn, most) if form == "mermaid" else graph.dot(drawn))
    return ExitCode.OK
