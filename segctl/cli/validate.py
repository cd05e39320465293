"""`segctl validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl import __version__
from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.excerpts import excerpts
from segctl.cli.repository import folder_in_repository
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access
from segctl.diagnostics import ExitCode

if TYPE_CHECKING:
    from rich.text import Text

    from segctl.workflow.check import Checked


@click.command(
    "validate",
    cls=Command,
    help=f"""{COMMANDS["validate"]}

    The errors of all files are reported at once: file, line and column, what, why, how to fix it. What is
    valid but surely a mistake is a warning; `# segctl: allow RULE: reason` beside or above it allows it.
    `github` writes annotations for a pull request, `sarif` what code
    scanning reads.""",
    examples="""
segctl validate
segctl validate --no-data
segctl validate --select git:main
segctl validate --strict --format github
segctl validate --format sarif > segctl.sarif
""",
)
@options.selection()
@options.output("human", "json", "github", "sarif")
@click.option("--data/--no-data", default=True, help="Check against the data as well, or the definitions alone.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.pass_obj
def command(
    terminal: Terminal, *, select: tuple[str, ...], exclude: tuple[str, ...], form: str, data: bool, strict: bool
) -> int:
    """Print all diagnostics."""
    from segctl.report.problems import counted
    from segctl.report.text import plural
    from segctl.selection import parse
    from segctl.workflow.check import check

    with terminal.progress() as progress:
        checked = check(
            Path.cwd(), options.now_us(), progress, data=data, access=access(), selection=parse(select, exclude)
        )
    if checked.diagnostics or form != "human":
        terminal.result(_rendered(checked, form))
    if checked.errors or (strict and checked.warnings):
        return ExitCode.FAILED
    allowed = f", {plural(len(checked.allowed), 'warning')} allowed" if checked.allowed else ""
    terminal.talk(f"{counted(checked.kinds)}: valid{allowed}")
    return ExitCode.OK


def _rendered(checked: Checked, form: str) -> str | Text:
    from segctl.report.json import dumps
    from segctl.report.problems import as_data, by_severity, problem_data, problems

    if form == "json":
        allowed = [problem_data(diagnostic) for diagnostic in checked.allowed]
        return dumps({**as_data(checked.diagnostics), "format_version": "1.1", "allowed": allowed})
    if form == "github":
        from segctl.report.annotations import github

        return github(checked.diagnostics, folder_in_repository())
    if form == "sarif":
        from segctl.report.sarif import sarif

        lines = excerpts(checked.diagnostics)
        return dumps(sarif(checked.diagnostics, lines, __version__, folder_in_repository()))
    return problems(by_severity(checked.diagnostics), excerpts(checked.diagnostics))
