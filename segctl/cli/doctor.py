"""`segctl doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "doctor",
    cls=Command,
    help=f"""{COMMANDS["doctor"]}

    Every object that is kept is read and held against its digest. Exit 4 if one is damaged, altered or
    missing; what killed commands have left behind harms nobody.""",
    examples="""
segctl doctor
segctl doctor --repair
segctl doctor --format json
""",
)
@click.option("--repair", is_flag=True, help="Make anew what comes out bit for bit as it was.")
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, repair: bool, lock_timeout: float, form: str) -> int:
    """Check, and say what was found."""
    from segctl.report.doctor import diagnosis, diagnosis_data
    from segctl.report.json import dumps
    from segctl.workflow.doctor import doctor, mend

    folder = Path.cwd()
    run = this_run(terminal, lock_timeout)
    with terminal.progress() as progress:
        if repair:
            found = mend(folder, run, options.now_us(), progress)
        else:
            found = doctor(folder, run.origin, options.now_us(), progress)
    terminal.result(dumps(diagnosis_data(found)) if form == "json" else diagnosis(found))
    return ExitCode.OK if found.is_whole else ExitCode.STALE
