"""`segctl rollback`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.published import tell
from segctl.cli.review import AtTerminal, require_somebody
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode

if TYPE_CHECKING:
    from segctl.workflow.request import Request
    from segctl.workflow.rollback import Back


@click.command(
    "rollback",
    cls=Command,
    help=f"""{COMMANDS["rollback"]}

    The definitions, members and values of the older serial are published again as a new serial, as they
    were; nothing is evaluated, and no data are read. It shows the plan and asks, and guards apply. The files
    on disk stay as they are: revert them too, or the next apply brings back what they say.""",
    examples="""
segctl rollback 41
segctl rollback 41 --dry-run
segctl rollback 41 --auto-approve --allow max_exit:vip --reason "serial 42 let refund abusers in"
""",
)
@click.argument("serial", type=int)
@click.option("--dry-run", is_flag=True, help="Show the plan only; nothing is locked, nothing is written.")
@options.allow()
@options.reason()
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    serial: int,
    dry_run: bool,
    allow: tuple[str, ...],
    reason: str,
    auto_approve: bool,
    lock_timeout: float,
    form: str,
) -> int:
    """Plan, ask, publish."""
    from segctl.workflow.request import Request
    from segctl.workflow.rollback import check_serial

    check_serial(Path.cwd(), serial)
    request = Request(options.now_us(), allow=allow, reason=reason)
    if dry_run:
        return _preview(terminal, serial, request, form)
    if not auto_approve:
        require_somebody("rollback")
    done = _rolled_back(terminal, serial, request, ask=not auto_approve, lock_timeout=lock_timeout, form=form)
    code = tell(terminal, done.outcome, form)
    terminal.talk(_on_disk(done))
    return code


def _preview(terminal: Terminal, serial: int, request: Request, form: str) -> int:
    from segctl.report.json import dumps
    from segctl.report.plan import plan as for_people
    from segctl.report.plan_json import as_data
    from segctl.workflow.rollback import preview

    prepared = preview(Path.cwd(), serial, request)
    terminal.result(dumps(as_data(prepared.plan)) if form == "json" else for_people(prepared.plan, prepared.zone))
    return ExitCode.OK


def _rolled_back(
    terminal: Terminal, serial: int, request: Request, *, ask: bool, lock_timeout: float, form: str
) -> Back:
    from segctl.workflow.rollback import rollback

    folder = Path.cwd()
    run = this_run(terminal, lock_timeout)
    review = AtTerminal(terminal, ask=ask, silent=form == "json")
    with terminal.progress() as progress:
        return rollback(folder, serial, request, run, review=review, progress=progress)


def _on_disk(done: Back) -> str:
    """What the next apply would do, which nobody should learn from it."""
    revert = "  hint: revert that in git, and `segctl plan` says that nothing is left to do\n"
    if done.ahead is None:
        return "note: the definitions on disk have errors; as they are, nothing can be applied\n" + revert
    if not done.ahead:
        return ""
    differ = "1 definition on disk differs" if done.ahead == 1 else f"{done.ahead:,} definitions on disk differ"
    return f"note: {differ} from what is applied now: the next apply would bring that back\n" + revert
