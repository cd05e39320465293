"""`segctl drift`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.review import say_beside
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode, Usage


@click.command(
    "drift",
    cls=Command,
    help=f"""{COMMANDS["drift"]}

    Two kinds of drift: the state differs from what was recorded (changed, missing, or unexpected), and members
    that would move beyond their band if today's data were published (--select says of what). What moves within its
    band is expected, and definitions on disk that are not applied are not drift. It takes no lock and writes nothing
    to the state.""",
    examples="""
segctl drift
segctl drift --no-data
segctl drift --select tag:loyalty
segctl drift --detailed-exitcode --format json
""",
)
@options.as_of()
@options.selection()
@click.option("--no-data", is_flag=True, help="Check only what is published; read no data.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if anything has drifted, 0 if nothing has.")
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    as_of: str | None,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    no_data: bool,
    detailed_exitcode: bool,
    form: str,
) -> int:
    """Look, and say what was found."""
    from segctl.report.drift import drift as for_people
    from segctl.report.drift import drift_data
    from segctl.report.json import dumps
    from segctl.workflow.drift import drift
    from segctl.workflow.request import Request

    if no_data and (select or exclude):
        raise Usage("`--select` and `--exclude` need data, so they cannot be combined with `--no-data`")
    with terminal.progress() as progress:
        request = Request(options.now_us(), as_of, select=select, exclude=exclude)
        found = drift(Path.cwd(), request, progress, with_data=not no_data)
    if found.moving is not None:
        say_beside(terminal, found.moving.prepared)
    terminal.result(dumps(drift_data(found)) if form == "json" else for_people(found))
    return ExitCode.CHANGES if detailed_exitcode and found.found else ExitCode.OK
