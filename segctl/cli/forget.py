"""`segctl forget`."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.ids import file_of_ids, read_ids
from segctl.cli.runs import this_run
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode, Usage

if TYPE_CHECKING:
    from segctl.workflow.forget import Forgotten, Preview


@click.command(
    "forget",
    cls=Command,
    help=f"""{COMMANDS["forget"]}

    Populations, memberships, tables of traits and records of all serials are rewritten as if the users had
    never been there, old objects are deleted, and so is the index of this machine. The history keeps when,
    by whom, why and how many; no id, and no digest of one. Data files, lists and definitions are not
    altered: segctl lists where they still hold an id. docs/privacy.md says what else to do.

    An id on the command line stays in the shell's history: `--file -` reads ids from standard input.""",
    examples="""
segctl forget --user u1042 --reason "request 2026-118"
segctl forget --file erased.txt --dry-run
segctl forget --file - --auto-approve --format json
""",
)
@click.option("--user", "users", multiple=True, metavar="ID", help="The id of a user; can be repeated.")
@file_of_ids("The ids of users, one per line.")
@click.option("--reason", metavar="TEXT", default="", help="The reason; it is kept in the history.")
@click.option("--keep-values", is_flag=True, help="Keep values of other users' traits that equal one of the ids.")
@click.option("--dry-run", is_flag=True, help="Count only; nothing is locked, nothing is written.")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@options.lock_timeout()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    users: tuple[str, ...],
    file: str | None,
    reason: str,
    keep_values: bool,
    dry_run: bool,
    auto_approve: bool,
    lock_timeout: float,
    form: str,
) -> int:
    """Count, ask, erase, prove."""
    from segctl.workflow.forget import Chosen, Forgotten, Wanted, forget, preview

    if not dry_run and not auto_approve:
        _require_somebody(file)
    wanted = Wanted(read_ids(users, file), reason, keep_values)
    review = _AtTerminal(terminal, ask=not auto_approve, silent=form == "json")
    if dry_run:
        with terminal.progress() as progress:
            found = Forgotten(preview(Path.cwd(), wanted, progress))
        review.show(found.preview)
    else:
        run = this_run(terminal, lock_timeout)
        chosen = Chosen(options.now_us(), secrets.token_bytes(32))
        with terminal.progress() as progress:
            found = forget(Path.cwd(), wanted, run, chosen, review=review, progress=progress)
    return _tell(terminal, found, form, dry_run=dry_run)


def _tell(terminal: Terminal, found: Forgotten, form: str, *, dry_run: bool) -> int:
    from segctl.report.forget import done, forgotten_data
    from segctl.report.json import dumps

    terminal.result(dumps(forgotten_data(found, dry_run=dry_run)) if form == "json" else done(found))
    if dry_run:
        return ExitCode.OK
    if found.absence is None:
        terminal.talk("nothing was changed")
        return ExitCode.FAILED
    return ExitCode.FAILED if found.absence.held else ExitCode.OK


@dataclass(frozen=True)
class _AtTerminal:
    """Shows what would be done; asks on stderr unless told not to. With `silent` (JSON) only warnings are shown."""

    terminal: Terminal
    ask: bool
    silent: bool

    def show(self, preview: Preview) -> None:
        """Show the counts, and where the ids stand besides."""
        from segctl.report.forget import seen, warnings

        if not self.silent:
            self.terminal.result(seen(preview))
        told = warnings(preview)
        if told:
            self.terminal.complain(told)

    def confirm(self, preview: Preview) -> bool:
        """Ask, where there is something to erase."""
        self.show(preview)
        if not self.ask or preview.found.is_empty:
            return True
        if self.terminal.log:
            raise Usage(
                "segctl cannot ask a question with `--log-format json`", hint="`--auto-approve` erases without asking"
            )
        return click.confirm("Erase this? It cannot be undone.", err=True)


def _require_somebody(file: str | None) -> None:
    """Refuse to ask where nobody can answer.

    Raises:
        Usage: standard input is no terminal, or is where the ids come from.
    """
    if file == "-" or not sys.stdin.isatty():
        raise Usage(
            "`segctl forget` asks before it erases, and standard input is not a terminal",
            hint="`--dry-run` counts only, `--auto-approve` erases without asking",
        )
