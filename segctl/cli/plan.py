"""`segctl plan`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.global_options import entered
from segctl.cli.review import say_beside, say_idle
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import AGAINST_NOTHING, access, is_against_nothing, refuse, say_against_nothing
from segctl.cli.written import replaced, spared, written
from segctl.diagnostics import ExitCode, SegctlError

if TYPE_CHECKING:
    from rich.text import Text

    from segctl.workflow.prepared import Prepared
    from segctl.workflow.request import Request, Run


@click.command(
    "plan",
    cls=Command,
    help=f"""{COMMANDS["plan"]}

    Every movement is split into what the change of a definition does and what the data has done since
    the last snapshot. Nothing is published, and no user is named.

    With --out, the plan is kept in a file: `segctl apply FILE` publishes exactly it, once, or refuses and
    says what has changed. `segctl apply --digest` does the same by the digest that is shown.""",
    examples="""
segctl plan
segctl plan --as-of 2026-11-22 --format json
segctl plan --select vip --exclude tag:experiment
segctl plan --select +vip+
segctl plan --out plan.json
segctl plan --markdown-into comment.md --json-into plan.json
segctl plan --backtest 90d
segctl plan --detailed-exitcode
segctl plan --allow max_exit:vip
""",
)
@options.as_of()
@options.selection()
@options.allow()
@options.allow_from()
@options.reason()
@options.backtest()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Keep the plan in a file.")
@click.option(
    "--with-refresh", is_flag=True, help="Report what a refresh would move, even if that takes a long evaluation."
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes, 0 if there are none.")
@options.output("human", "json", "markdown")
@options.into("markdown")
@options.into("json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    as_of: str | None,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    allow: tuple[str, ...],
    allow_from: Path | None,
    reason: str,
    backtest: str | None,
    backtest_points: int,
    out: Path | None,
    with_refresh: bool,
    detailed_exitcode: bool,
    form: str,
    markdown_into: Path | None,
    json_into: Path | None,
) -> int:
    """Print the plan."""
    from segctl.report.saved import publishing
    from segctl.workflow.plan import plan
    from segctl.workflow.request import Request, this_run

    if out is not None:
        refuse("--out")
    spared((out, markdown_into, json_into))
    folder = Path.cwd()
    with _told(markdown_into):
        granted = options.grants(allow_from)
    request = Request(
        options.now_us(), as_of, allow, reason=reason, granted=granted, select=select, exclude=exclude,
        access=access(), backtest=backtest, backtest_points=backtest_points, refresh=with_refresh,
    )  # fmt: skip
    run = None if out is None else this_run(folder, os.environ)
    with _told(markdown_into), terminal.progress() as progress:
        prepared = plan(folder, request, progress, naming=run.lineage if run else None)
    say_beside(terminal, prepared)
    say_against_nothing(terminal)
    say_idle(terminal, prepared)
    terminal.result(_rendered(prepared, form, request))
    for path, other in ((markdown_into, "markdown"), (json_into, "json")):
        if path is not None:
            written(path, str(_rendered(prepared, other, request)))
    if out is not None and run is not None:
        _keep(terminal, out, prepared, request, run)
    elif form == "human" and not access().confined:
        terminal.result(publishing(prepared.plan, request, entered(click.get_current_context())))
    return ExitCode.CHANGES if detailed_exitcode and not prepared.plan.is_empty else ExitCode.OK


@contextmanager
def _told(markdown_into: Path | None) -> Iterator[None]:
    """Where there is no plan the comment says why."""
    try:
        yield
    except SegctlError as error:
        if markdown_into is not None:
            from segctl.report.markdown_failed import failed

            written(markdown_into, failed(error))
        raise


def _rendered(prepared: Prepared, form: str, request: Request) -> str | Text:
    from segctl.report.json import dumps
    from segctl.report.markdown import Beside, markdown
    from segctl.report.plan import plan as for_people
    from segctl.report.plan_json import as_data

    if form == "json":
        return dumps(as_data(prepared.plan))
    if form == "markdown":
        notes = [AGAINST_NOTHING] if is_against_nothing() else []
        return markdown(prepared.plan, prepared.zone, Beside(prepared.uses, notes, granted=request.granted))
    return for_people(prepared.plan, prepared.zone)


def _keep(terminal: Terminal, out: Path, prepared: Prepared, request: Request, run: Run) -> None:
    """Write the saved plan, whole or not at all."""
    from segctl.report.json import dumps
    from segctl.report.plan_json import as_data
    from segctl.report.saved import kept
    from segctl.workflow.saved import document, saved

    plan = saved(prepared, request, run, as_data(prepared.plan))
    text = dumps(document(plan)).encode()
    replaced(out, lambda file: file.write(text))
    terminal.talk(kept(prepared.plan, str(out)))
