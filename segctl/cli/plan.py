"""`segctl plan`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.review import say_beside, say_idle
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access, say_against_nothing
from segctl.diagnostics import ExitCode


@click.command(
    "plan",
    cls=Command,
    help=f"""{COMMANDS["plan"]}

    Every movement is split into what the change of a definition does and what the data has done since
    the last snapshot. Nothing is published, and no user is named.""",
    examples="""
segctl plan
segctl plan --as-of 2026-11-22 --format json
segctl plan --select vip --exclude tag:experiment
segctl plan --select +vip+
segctl plan --detailed-exitcode
segctl plan --allow max_exit:vip
""",
)
@options.as_of()
@options.selection()
@options.allow()
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes, 0 if there are none.")
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    as_of: str | None,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    allow: tuple[str, ...],
    detailed_exitcode: bool,
    form: str,
) -> int:
    """Print the plan."""
    from segctl.report.json import dumps
    from segctl.report.plan import plan as for_people
    from segctl.report.plan_json import as_data
    from segctl.workflow.plan import plan
    from segctl.workflow.request import Request

    request = Request(options.now_us(), as_of, allow, select=select, exclude=exclude, access=access())
    with terminal.progress() as progress:
        prepared = plan(Path.cwd(), request, progress)
    say_beside(terminal, prepared)
    say_against_nothing(terminal)
    say_idle(terminal, prepared)
    terminal.result(dumps(as_data(prepared.plan)) if form == "json" else for_people(prepared.plan, prepared.zone))
    return ExitCode.CHANGES if detailed_exitcode and not prepared.plan.is_empty else ExitCode.OK
