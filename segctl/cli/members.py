"""`segctl members`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names as completed_names
from segctl.cli.review import say_beside
from segctl.cli.terminal import Terminal
from segctl.cli.written import replaced, replaced_in
from segctl.diagnostics import ExitCode, Usage

if TYPE_CHECKING:
    from segctl.workflow.member_lists import MemberList
    from segctl.workflow.members import Asked


@dataclass(frozen=True)
class _Output:
    """In which format, and where to: a file, a folder, or standard output (None)."""

    form: str
    path: Path | None
    is_folder: bool


@click.command(
    "members",
    cls=Command,
    help=f"""{COMMANDS["members"]}

    Those of the last snapshot, of an earlier one (--serial), or those who entered or exited with it. With
    --live the definitions and the data on disk are evaluated; --entered and --exited then list how the result
    differs from what is published.

    For a campaign, the users who get the message. Its control group is left out, unless you ask for it with
    --variant or with --all-variants. CSV, Parquet and Arrow have a column `variant`. With these options JSON
    lists the ids by variant, and lines have the variant after a tab if several may be listed.

    -o FOLDER/ writes each list to a file of its own: NAME.txt, .csv, .json, .parquet or .arrow. All files are
    written before the first one takes its place; other files there are left alone.""",
    examples="""
segctl members loyal_buyers
segctl members loyal_buyers vip --format csv -o members.csv
segctl members loyal_buyers --entered
segctl members win_back --variant control
segctl members win_back --serial 12 --format parquet -o win_back.parquet
segctl members --select tag:loyalty --format parquet -o members/
segctl members loyal_buyers --live --as-of 2026-11-22
segctl members loyal_buyers --live --entered
""",
)
@click.argument("names", metavar="[NAME...]", nargs=-1, shell_complete=completed_names)
@options.selection()
@click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="NAME",
    help="Only the campaign's members in this variant; `control` is all who get no message. May be given again.",
)
@click.option("--all-variants", is_flag=True, help="All members of the campaign, its control group included.")
@click.option("--live", is_flag=True, help="Evaluate the definitions and the data on disk.")
@options.as_of()
@click.option("--serial", type=click.IntRange(min=1), metavar="N", help="The snapshot of this serial.")
@click.option("--entered", "direction", flag_value="entered", help="Only those who entered with the serial.")
@click.option("--exited", "direction", flag_value="exited", help="Only those who exited with the serial.")
@options.output("lines", "csv", "json", "parquet", "arrow")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to a file. A folder that exists, or ends in `/`: a file for each list.",
)
@click.pass_context
def command(
    ctx: click.Context, /, names: tuple[str, ...], select: tuple[str, ...], exclude: tuple[str, ...],
    variants: tuple[str, ...], *, all_variants: bool, live: bool, as_of: str | None, serial: int | None,
    direction: Literal["entered", "exited"] | None, form: str, output: str | None,
) -> int:  # fmt: skip
    """Write the members."""
    from segctl.plan.variant_choice import VariantChoice
    from segctl.selection import parse
    from segctl.workflow.members import Asked

    terminal: Terminal = ctx.obj
    choice = VariantChoice(tuple(dict.fromkeys(variants)), all_variants)
    asked = Asked(names, parse(select, exclude), serial, direction, choice)
    into = _output(form, output)
    _check_names(asked)
    _check_time(asked, live=live, as_of=ctx.get_parameter_source("as_of") is ParameterSource.COMMANDLINE)
    _check_output(terminal, asked, into)
    lists = _lists(terminal, asked, as_of, live=live)
    _write(terminal, asked, lists, into)
    return ExitCode.OK


def _output(form: str, output: str | None) -> _Output:
    if output is None:
        return _Output(form, None, is_folder=False)
    if not output:
        raise Usage("`-o` needs the name of a file", hint="write `-o FILE`, or leave it out")
    return _Output(form, Path(output), is_folder=output.endswith(("/", os.sep)) or Path(output).is_dir())


def _check_names(asked: Asked) -> None:
    selects = not asked.selection.is_everything
    if not asked.names and not selects:
        raise Usage(
            "no name is given", hint="`segctl members NAME`, or `--select WHICH`; `segctl list` shows what there is"
        )
    if asked.names and selects:
        raise Usage(
            "names and `--select` cannot be combined", hint="`--select` takes names too: `--select 'vip tag:x'`"
        )
    if len(set(asked.names)) < len(asked.names):
        raise Usage("a name is given twice")
    if asked.variants.every and asked.variants.names:
        raise Usage("`--variant` and `--all-variants` cannot be combined")


def _check_time(asked: Asked, *, live: bool, as_of: bool) -> None:
    if live and asked.serial is not None and asked.direction is None:
        raise Usage(
            "`--live` reads no snapshot, and so has no serial",
            hint="with `--entered` or `--exited`, `--serial N` is the one to compare with",
        )
    if as_of and not live:
        raise Usage("`--as-of` needs `--live`; a published serial has its own instant", hint="`--serial N`")


def _check_output(terminal: Terminal, asked: Asked, into: _Output) -> None:
    several = len(asked.names) != 1
    if into.form == "lines" and several and not into.is_folder:
        hint = "`--format csv` or `--format json`, or `-o FOLDER/` for a file each"
        raise Usage("plain lines cannot show which id is in which membership", hint=hint)
    if into.form in {"parquet", "arrow"} and into.path is None and terminal.out.is_terminal:
        raise Usage(f"{into.form} is not for a terminal", hint="`-o FILE`, or a pipe")


def _lists(terminal: Terminal, asked: Asked, as_of: str | None, *, live: bool) -> Sequence[MemberList]:
    if not live:
        from segctl.workflow.members import members

        return members(Path.cwd(), asked)
    from segctl.workflow.live_members import live as evaluated
    from segctl.workflow.request import Request

    with terminal.progress() as progress:
        found = evaluated(Path.cwd(), asked, Request(options.now_us(), as_of), progress)
    say_beside(terminal, found)
    return found.lists


def _write(terminal: Terminal, asked: Asked, lists: Sequence[MemberList], into: _Output) -> None:
    from segctl.report.members import ENDINGS, left_out, write

    terminal.talk(left_out(lists))
    written = f"{sum(one.count for one in lists):,} written"
    if into.path is None:
        with terminal.out.bytes() as file:
            write(lists, into.form, file, asked.variants)
    elif into.is_folder:
        files = {f"{one.name}.{ENDINGS[into.form]}": one for one in lists}
        replaced_in(into.path, files, lambda one, file: write([one], into.form, file, asked.variants))
        terminal.talk(f"{into.path}: {len(files):,} file{'s' if len(files) > 1 else ''}, {written}")
    else:
        replaced(into.path, lambda file: write(lists, into.form, file, asked.variants))
        terminal.talk(f"{into.path}: {written}")
