"""`segctl traits`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names as completed_names
from segctl.cli.review import say_beside
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode, Usage

if TYPE_CHECKING:
    from segctl.workflow.traits import TraitValues

_TABLES = ("csv", "parquet", "arrow")


@click.command(
    "traits",
    cls=Command,
    help=f"""{COMMANDS["traits"]}

    Those of the last snapshot, or of an earlier one (--serial). With --live they are
    evaluated from the definitions and the data on disk. The formats csv, parquet and arrow write the values
    themselves, a row per user.""",
    examples="""
segctl traits
segctl traits lifetime_value orders --live
segctl traits --format parquet -o traits.parquet
segctl traits --serial 12 --format json
""",
)
@click.argument("names", metavar="[NAME...]", nargs=-1, shell_complete=completed_names)
@click.option("--live", is_flag=True, help="Evaluate the definitions and the data on disk; read no state.")
@options.as_of()
@click.option("--serial", type=click.IntRange(min=1), metavar="N", help="The values of this serial.")
@options.output("human", "json", *_TABLES)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file."
)
@click.pass_context
def command(
    ctx: click.Context, /, *, names: tuple[str, ...], live: bool, as_of: str | None, serial: int | None, form: str,
    output: Path | None,
) -> int:  # fmt: skip
    """Show or write the values."""
    from segctl.workflow import traits

    terminal: Terminal = ctx.obj
    _check(live=live, serial=serial, form=form, output=output)
    if len(set(names)) < len(names):
        raise Usage("a name is given twice")
    if ctx.get_parameter_source("as_of") is ParameterSource.COMMANDLINE and not live:
        raise Usage("`--as-of` needs `--live`; a published serial has its own instant", hint="`--serial N`")
    if live:
        from segctl.workflow.request import Request

        with terminal.progress() as progress:
            values = traits.live(Path.cwd(), names, Request(options.now_us(), as_of), progress)
        say_beside(terminal, values)
    else:
        values = traits.published(Path.cwd(), names, serial)
    _show(terminal, values, form, output)
    return ExitCode.OK


def _check(*, live: bool, serial: int | None, form: str, output: Path | None) -> None:
    if live and serial is not None:
        raise Usage("`--live` reads no state, so it has no serial")
    if output is not None and form not in _TABLES:
        raise Usage(f"`--format {form}` is not for a file", hint=f"`--format {_TABLES[1]}`")


def _show(terminal: Terminal, values: TraitValues, form: str, output: Path | None) -> None:
    from segctl.cli.written import replaced
    from segctl.report.json import dumps
    from segctl.report.traits import data, page, write

    if form not in _TABLES:
        terminal.result(dumps(data(values)) if form == "json" else page(values))
    elif output is not None:
        replaced(output, lambda file: write(values, form, file))
        terminal.talk(f"{output}: {len(values.ids):,} written")
    elif form != "csv" and terminal.out.is_terminal:
        raise Usage(f"{form} is not for a terminal", hint="`-o FILE`, or a pipe")
    else:
        with terminal.out.bytes() as file:
            write(values, form, file)
