"""`segctl apply`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.openlineage import watched
from segctl.cli.published import tell
from segctl.cli.review import AtTerminal, require_somebody
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal
from segctl.diagnostics import Usage

if TYPE_CHECKING:
    from segctl.workflow.expected import Expected
    from segctl.workflow.request import Request


@click.command(
    "apply",
    cls=Command,
    help=f"""{COMMANDS["apply"]}

    It shows the plan and asks. A guard refuses an effect that is too large, and says how to allow it.
    With a FILE that `segctl plan --out` made, or with --digest, it publishes exactly that plan, once,
    without asking, or refuses and says what has changed.""",
    examples="""
segctl apply
segctl apply --auto-approve
segctl apply plan.json
segctl apply --as-of 2026-11-22T00:00:00Z --digest 3f9ac2d17b60
segctl apply --select vip
segctl apply --allow max_exit:vip --reason "we agreed to drop the lapsed ones"
""",
)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@options.as_of()
@options.selection()
@options.allow()
@options.allow_from()
@options.reason()
@click.option("--digest", metavar="HEX", help="Publish only the plan of this digest; at least 12 digits.")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option(
    "--hold-refused", is_flag=True, help="Publish the rest if a guard refuses the effect on a membership; it is held."
)
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    file: Path | None,
    as_of: str | None,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    allow: tuple[str, ...],
    allow_from: Path | None,
    reason: str,
    digest: str | None,
    auto_approve: bool,
    hold_refused: bool,
    lock_timeout: float,
    form: str,
) -> int:
    """Plan, ask, publish."""
    from segctl.workflow.apply import apply
    from segctl.workflow.request import Request

    asks = not auto_approve and file is None and digest is None
    if asks:
        require_somebody("apply")
    folder = Path.cwd()
    if hold_refused and (file is not None or digest is not None):
        raise Usage(
            "a plan is published as a whole or not at all", hint="use `--hold-refused` without FILE and `--digest`"
        )
    asked = Request(
        options.now_us(), as_of, allow, reason=reason, granted=options.grants(allow_from),
        select=select, exclude=exclude, hold=hold_refused,
    )  # fmt: skip
    request, expected = _wanted(asked, file, digest)
    review = AtTerminal(terminal, ask=asks, silent=form == "json")
    with terminal.progress() as progress:
        run = this_run(terminal, lock_timeout)
        done = watched(
            terminal, "apply", lambda: apply(folder, request, run, review, progress, expected=expected)
        )  # fmt: skip
    return tell(terminal, done, form)


def _wanted(request: Request, file: Path | None, digest: str | None) -> tuple[Request, Expected]:
    """What is asked for, and what the plan has to be."""
    from segctl.workflow.expected import Anything, OfDigest
    from segctl.workflow.saved import AsPlanned, load, request_of

    if file is None:
        return request, Anything() if digest is None else OfDigest(digest)
    if digest is not None:
        raise Usage("a saved plan and `--digest` cannot be combined", hint="give one of them")
    plan = load(file)
    return request_of(plan, request), AsPlanned(plan, str(file))
