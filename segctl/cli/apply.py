"""`segctl apply`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.published import tell
from segctl.cli.review import AtTerminal, require_somebody
from segctl.cli.terminal import Terminal


@click.command(
    "apply",
    cls=Command,
    help=f"""{COMMANDS["apply"]}

    It shows the plan and asks. A guard refuses an effect that is too large, and says how to allow it.""",
    examples="""
segctl apply
segctl apply --auto-approve
segctl apply --allow max_exit:vip --reason "we agreed to drop the lapsed ones"
""",
)
@options.as_of()
@options.allow()
@options.reason()
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    as_of: str | None,
    allow: tuple[str, ...],
    reason: str,
    auto_approve: bool,
    lock_timeout: float,
    form: str,
) -> int:
    """Plan, ask, publish."""
    from segctl.state.lock import Waiting
    from segctl.workflow.apply import apply
    from segctl.workflow.request import Request, this_run

    if not auto_approve:
        require_somebody("apply")
    folder = Path.cwd()
    review = AtTerminal(terminal, ask=not auto_approve, silent=form == "json")
    with terminal.progress() as progress:
        done = apply(
            folder,
            Request(options.now_us(), as_of, allow, reason=reason),
            this_run(folder, os.environ, Waiting(lock_timeout, terminal.talk)),
            review,
            progress,
        )
    return tell(terminal, done, form)
