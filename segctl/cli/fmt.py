"""`segctl fmt`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.cli.written import written
from segctl.diagnostics import ExitCode, Usage

if TYPE_CHECKING:
    from segctl.workflow.formatting import Laid

_STDIN = Path("-")


@click.command(
    "fmt",
    cls=Command,
    help=f"""{COMMANDS["fmt"]}

    PATH is a file, a folder, or `-` for stdin; without one, all files of the project. Comments stay, and
    no value changes: what was written is read again and compared before a file is replaced. A file with
    errors is named and left alone.""",
    examples="""
segctl fmt
segctl fmt --check
segctl fmt --diff segments/loyalty
segctl fmt --select git:main
segctl fmt - < segments/loyalty/vip.yaml
""",
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; list the files that would change, and exit 1 if any does.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, and exit 1 if anything does.")
@options.selection()
@options.output("human", "json")
@click.pass_obj
def command(
    terminal: Terminal,
    *,
    paths: tuple[Path, ...],
    check: bool,
    diff: bool,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    form: str,
) -> int:
    """Lay files out; 1 if one cannot be, or if one would be another and nothing may be written."""
    from segctl.selection import parse
    from segctl.workflow.formatting import layouts

    keeps = check or diff
    if _STDIN in paths:
        return _stdin(terminal, paths, check=check, diff=diff)
    found = list(layouts(Path.cwd(), paths, parse(select, exclude)))
    if not keeps:
        for one in found:
            if one.changes:
                written(one.path, one.after, called=one.file)
    _tell(terminal, found, form, check=keeps, diff=diff)
    wrong = any(one.diagnostics for one in found) or (keeps and any(one.changes for one in found))
    return ExitCode.FAILED if wrong else ExitCode.OK


def _tell(terminal: Terminal, found: list[Laid], form: str, *, check: bool, diff: bool) -> None:
    from segctl.report.formatting import changed, differences, formatting_data, tally
    from segctl.report.json import dumps

    if form == "json":
        terminal.result(dumps(formatting_data(found, written=not check)))
        return
    _complain(terminal, found)
    terminal.result(differences(found) if diff else changed(found, "would format" if check else "formatted"))
    terminal.talk(tally(found, "would be formatted" if check else "formatted"))


def _complain(terminal: Terminal, found: list[Laid]) -> None:
    from segctl.cli.excerpts import excerpts
    from segctl.report.problems import problems

    diagnostics = [diagnostic for one in found for diagnostic in one.diagnostics]
    if diagnostics:
        terminal.complain(problems(diagnostics, excerpts(diagnostics)))


def _stdin(terminal: Terminal, paths: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Stdin to stdout; where it cannot be laid out, nothing is written."""
    from segctl.load.text import decode
    from segctl.report.formatting import differences
    from segctl.workflow.formatting import Laid, laid

    if len(paths) > 1:
        raise Usage("`-` cannot be combined with other paths")
    raw = sys.stdin.buffer.read()
    text = decode(raw, "<stdin>")
    one = laid(text, "<stdin>") if isinstance(text, str) else Laid(Path("-"), "<stdin>", "", "", (text,))
    if one.diagnostics:
        _complain(terminal, [one])
        return ExitCode.FAILED
    if check or diff:
        terminal.result(differences([one]) if diff else "")
        return ExitCode.FAILED if one.changes else ExitCode.OK
    terminal.result(one.after)
    return ExitCode.OK
