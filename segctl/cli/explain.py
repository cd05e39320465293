"""`segctl explain`."""

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
    "explain",
    cls=Command,
    help=f"""{COMMANDS["explain"]}

    Every condition of the definition, with what was found of this user. The definition on disk is
    read, on today's data; extensions are used as last published.""",
    examples="""
segctl explain loyal_buyers --user 4711
segctl explain campaign.win_back --user 4711 --as-of 2026-11-22 --format json
""",
)
@click.argument("name", shell_complete=names)
@click.option("--user", metavar="ID", required=True, help="The user's id, as it is written in the data.")
@options.as_of()
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, name: str, *, user: str, as_of: str | None, form: str) -> int:
    """Print the tree."""
    from segctl.report.explain import tree
    from segctl.report.explain_json import as_data
    from segctl.report.json import dumps
    from segctl.workflow.explain import explain
    from segctl.workflow.request import Request

    with terminal.progress() as progress:
        explained = explain(Path.cwd(), name, user, Request(options.now_us(), as_of, access=access()), progress)
    terminal.result(dumps(as_data(explained)) if form == "json" else tree(explained))
    return ExitCode.OK
