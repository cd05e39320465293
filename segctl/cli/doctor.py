"""`segctl doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.ids import file_of_ids, read_ids
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode, Usage


@click.command(
    "doctor",
    cls=Command,
    help=f"""{COMMANDS["doctor"]}

    Every object that is kept is read and compared with its digest. Exit 4 if one is damaged, altered or
    missing; leftovers of killed commands are harmless.

    With --absent or --file it searches the state and the index of this machine for ids instead, and exits 1
    if something holds one. The ids are not printed.""",
    examples="""
segctl doctor
segctl doctor --repair
segctl doctor --absent u1042
segctl doctor --file erased.txt
segctl doctor --format json
""",
)
@click.option("--repair", is_flag=True, help="Rebuild what can be rebuilt bit for bit, and the head.")
@click.option("--absent", multiple=True, metavar="ID", help="Check that nothing holds this id; can be repeated.")
@file_of_ids("Check that nothing holds these ids, one per line.")
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal, *, repair: bool, absent: tuple[str, ...], file: str | None, lock_timeout: float, form: str
) -> int:
    """Check, and say what was found."""
    if absent or file:
        if repair:
            raise Usage("`--repair` cannot be combined with ids: a search repairs nothing")
        return _search(terminal, absent, file, form)
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


def _search(terminal: Terminal, given: tuple[str, ...], file: str | None, form: str) -> int:
    """Search for ids instead of checking."""
    from segctl.report.forget import absence_data, absent
    from segctl.report.json import dumps
    from segctl.workflow.forget import absence

    sought = read_ids(given, file)
    with terminal.progress() as progress:
        found = absence(Path.cwd(), sought, progress)
    terminal.result(dumps(absence_data(found)) if form == "json" else absent(found))
    return ExitCode.OK if found.is_proved else ExitCode.FAILED
