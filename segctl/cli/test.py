"""`segctl test`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.excerpts import excerpts
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "test",
    cls=Command,
    help=f"""{COMMANDS["test"]}

    `kind: test` gives rows and says who must be in and who must be out; no data of yours is read. Where
    a test fails, every condition says what it found. NAME is a test, or a definition that tests are about.""",
    examples="""
segctl test
segctl test loyal_buyers
segctl test --format json
""",
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, names: tuple[str, ...], *, form: str) -> int:
    """Run the tests; 1 if one fails."""
    from segctl.report.json import dumps
    from segctl.report.tests import results, results_data
    from segctl.workflow.testing import test

    tested = test(Path.cwd(), names)
    lines = excerpts(d for result in tested.results for d in result.diagnostics)
    terminal.result(
        dumps(results_data(tested.results)) if form == "json" else results(tested.results, tested.zone, lines)
    )
    return ExitCode.OK if all(result.passed for result in tested.results) else ExitCode.FAILED
