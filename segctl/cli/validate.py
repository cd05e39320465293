"""`segctl validate`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.excerpts import excerpts
from segctl.cli.terminal import Terminal
from segctl.diagnostics import Diagnostic, ExitCode, InvalidInput

if TYPE_CHECKING:
    from rich.text import Text


@click.command(
    "validate",
    cls=Command,
    help=f"""{COMMANDS["validate"]}

    Everything that is wrong with all files is told at once: file, line and column, what, why, how to
    mend it. `github` writes annotations for a pull request.""",
    examples="""
segctl validate
segctl validate --no-data
segctl validate --format github
""",
)
@options.output("human", "json", "github")
@click.option("--data/--no-data", default=True, help="Check against the data as well, or the definitions alone.")
@click.pass_obj
def command(terminal: Terminal, *, form: str, data: bool) -> int:
    """Print all diagnostics."""
    from segctl.report.problems import counted
    from segctl.workflow.check import check

    try:
        with terminal.progress() as progress:
            checked = check(Path.cwd(), options.now_us(), progress, data=data)
    except InvalidInput as error:
        terminal.result(_rendered(error.diagnostics, form))
        return ExitCode.FAILED
    if checked.warnings or form != "human":
        terminal.result(_rendered(checked.warnings, form))
    terminal.talk(f"{counted(checked.kinds)}: valid")
    return ExitCode.OK


def _rendered(diagnostics: Sequence[Diagnostic], form: str) -> str | Text:
    from segctl.report.json import dumps
    from segctl.report.problems import as_data, github, problems

    if form == "json":
        return dumps(as_data(diagnostics))
    return github(diagnostics) if form == "github" else problems(diagnostics, excerpts(diagnostics))
