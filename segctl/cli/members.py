"""`segctl members`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from click.core import ParameterSource

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names as completed_names
from segctl.cli.review import say_beside
from segctl.cli.terminal import Terminal
from segctl.cli.written import replaced
from segctl.diagnostics import ExitCode, Usage

if TYPE_CHECKING:
    from segctl.report.members import Roll


@dataclass(frozen=True)
class _Wanted:
    """Whose members, and which: published, evaluated now, or those who moved."""

    names: tuple[str, ...]
    live: bool
    as_of: str | None
    serial: int | None
    moved: str | None


@click.command(
    "members",
    cls=Command,
    help=f"""{COMMANDS["members"]}

    Those of the last snapshot, of an earlier one (--serial), or those who entered or exited with it. With
    --live nothing that was published counts: definitions and data as they are on disk.""",
    examples="""
segctl members loyal_buyers
segctl members loyal_buyers vip --format csv -o members.csv
segctl members loyal_buyers --entered
segctl members win_back --serial 12 --format parquet -o win_back.parquet
segctl members loyal_buyers --live --as-of 2026-11-22
""",
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=completed_names)
@click.option("--live", is_flag=True, help="Evaluate the definitions and the data on disk; read no state.")
@options.as_of()
@click.option("--serial", type=click.IntRange(min=1), metavar="N", help="The snapshot of this serial.")
@click.option("--entered", "moved", flag_value="entered", help="Only those who entered with the serial.")
@click.option("--exited", "moved", flag_value="exited", help="Only those who exited with the serial.")
@options.output("lines", "csv", "json", "parquet", "arrow")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file."
)
@click.pass_context
def command(ctx: click.Context, /, form: str, output: Path | None, **wanted: Any) -> int:
    """Write the members."""
    terminal: Terminal = ctx.obj
    asked = _Wanted(**wanted)
    _check(asked, ctx.get_parameter_source("as_of") is ParameterSource.COMMANDLINE)
    _check_output(terminal, asked, form, output)
    rolls = _rolls(terminal, asked)
    if output is None:
        with terminal.out.bytes() as file:
            _write(rolls, form, file)
    else:
        replaced(output, lambda file: _write(rolls, form, file))
        terminal.talk(f"{output}: {sum(len(roll.ids) for roll in rolls):,} written")
    return ExitCode.OK


def _check(asked: _Wanted, as_of_is_meant: bool) -> None:  # noqa: FBT001 one fact about the command line
    if asked.live and (asked.serial is not None or asked.moved):
        raise Usage("`--live` reads no state, and so has no serial and nobody who entered or exited")
    if as_of_is_meant and not asked.live:
        raise Usage("`--as-of` is for `--live`; what is published has its own instant", hint="`--serial N`")
    if len(set(asked.names)) < len(asked.names):
        raise Usage("a name stands twice")


def _check_output(terminal: Terminal, asked: _Wanted, form: str, output: Path | None) -> None:
    if form == "lines" and len(asked.names) > 1:
        raise Usage("lines cannot say who is a member of what", hint="`--format csv` or `--format json`")
    if form in {"parquet", "arrow"} and output is None and terminal.out.is_terminal:
        raise Usage(f"{form} is not for a terminal", hint="`-o FILE`, or a pipe")


def _rolls(terminal: Terminal, asked: _Wanted) -> Sequence[Roll]:
    from segctl.report.members import Moved
    from segctl.workflow.members import delta, live, members
    from segctl.workflow.request import Request

    here = Path.cwd()
    if asked.live:
        with terminal.progress() as progress:
            found = live(here, asked.names, Request(options.now_us(), asked.as_of), progress)
        say_beside(terminal, found)
        return found.rolls
    if asked.moved is None:
        return members(here, asked.names, asked.serial)
    deltas = ((name, delta(here, name, asked.serial)) for name in asked.names)
    return [Moved(name, d.entered if asked.moved == "entered" else d.exited) for name, d in deltas]


def _write(rolls: Sequence[Roll], form: str, file: BinaryIO) -> None:
    from segctl.report.members import write

    write(rolls, form, file)
