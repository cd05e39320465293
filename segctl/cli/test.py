"""`segctl test`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names as completed_names
from segctl.cli.excerpts import excerpts
from segctl.cli.repository import folder_in_repository
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access, refuse
from segctl.cli.written import replaced
from segctl.diagnostics import ExitCode, SegctlError, Usage


@dataclass(frozen=True)
class _Wanted:
    """What to do: run tests, write one, or change definitions."""

    names: tuple[str, ...]
    select: tuple[str, ...]
    exclude: tuple[str, ...]
    form: str
    generate: str | None
    output: Path | None
    force: bool
    as_of: str | None
    data: bool
    mutate: bool
    min_score: str | None


@click.command(
    "test",
    cls=Command,
    help=f"""{COMMANDS["test"]}

    `kind: test` gives rows and says who must be in and who must be out; none of your data is read. Where
    a test fails, every condition shows what it found. NAME is a test, or a definition that tests are about.

    --generate writes a test with users at every edge of a definition, for you to review. --mutate changes
    the definitions a little, one change at a time, and lists those that no test notices.""",
    examples="""
segctl test
segctl test loyal_buyers
segctl test --select git:main+
segctl test --format json
segctl test --generate loyal_buyers -o segments/tests/loyal_buyers_edges.yaml
segctl test --mutate loyal_buyers
segctl test --mutate --min-score 80%
""",
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@options.selection()
@options.output("human", "json", "github")
@click.option(
    "--generate", metavar="NAME", shell_complete=completed_names, help="Write a test with users at every edge of NAME."
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the test to a file, not to stdout.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@click.option("--as-of", metavar="TIME", help="The instant of the test that is written. Default: noon today.")
@click.option("--data/--no-data", default=True, help="Take the types of columns from the data, or from literals alone.")
@click.option("--mutate", is_flag=True, help="List the changes of definitions that no test notices.")
@click.option("--min-score", metavar="SHARE", help="With --mutate: fail if fewer changes are noticed, such as 80%.")
@click.pass_obj
def command(terminal: Terminal, /, **wanted: Any) -> int:
    """Run the tests; 1 if one fails."""
    asked = _Wanted(**wanted)
    _check(asked)
    if asked.generate is not None or asked.mutate:
        refuse("--generate" if asked.generate is not None else "--mutate")
    if asked.generate is not None:
        return _generate(terminal, asked, asked.generate)
    return _mutate(terminal, asked) if asked.mutate else _run(terminal, asked)


def _check(asked: _Wanted) -> None:
    generating = asked.generate is not None
    if generating and (asked.mutate or asked.names):
        raise Usage("`--generate NAME` cannot be combined with names or `--mutate`")
    if not generating and (asked.output is not None or asked.force or asked.as_of is not None):
        raise Usage("`-o`, `--force` and `--as-of` need `--generate`")
    if (generating or asked.mutate) and (asked.select or asked.exclude or asked.form == "github"):
        raise Usage("`--select`, `--exclude` and `--format github` cannot be combined with `--generate` or `--mutate`")
    if asked.min_score is not None and not asked.mutate:
        raise Usage("`--min-score` needs `--mutate`")


def _run(terminal: Terminal, asked: _Wanted) -> int:
    from segctl.report.annotations import github
    from segctl.report.json import dumps
    from segctl.report.tests import failures, results, results_data
    from segctl.selection import parse
    from segctl.workflow.testing import test

    tested = test(Path.cwd(), asked.names, access(), parse(asked.select, asked.exclude))
    lines = excerpts(d for result in tested.results for d in result.diagnostics)
    match asked.form:
        case "json":
            terminal.result(dumps(results_data(tested.results)))
        case "github":
            terminal.result(github(failures(tested.results), folder_in_repository()))
        case _:
            terminal.result(results(tested.results, tested.zone, lines))
    return ExitCode.OK if all(result.passed for result in tested.results) else ExitCode.FAILED


def _generate(terminal: Terminal, asked: _Wanted, name: str) -> int:
    from segctl.report.text import plural
    from segctl.workflow.generating import Wish, generated

    if asked.output is not None and asked.output.exists() and not asked.force:
        raise SegctlError(f"{asked.output} already exists", hint="name another file, or replace it with `--force`")
    with terminal.progress() as progress:
        wish = Wish(options.now_us(), asked.as_of, asked.data)
        written = generated(Path.cwd(), name, wish, progress)
    if asked.output is None:
        terminal.result(written.text)
    else:
        _write(asked.output, written.text)
    said = f"{plural(written.users, 'user')} at the edges of {name}, {written.members:,} of them in"
    terminal.talk(f"{asked.output}: {said}" if asked.output else said)
    return ExitCode.OK


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise SegctlError(f"{path} cannot be written: {(cause.strerror or str(cause)).lower()}") from cause
    replaced(path, lambda file: file.writelines([text.encode()]))


def _mutate(terminal: Terminal, asked: _Wanted) -> int:
    from segctl.report.json import dumps
    from segctl.report.mutations import mutated, mutated_data, percent
    from segctl.workflow.mutating import mutate

    least = 0.0 if asked.min_score is None else _share(asked.min_score)
    with terminal.progress() as progress:
        found = mutate(Path.cwd(), asked.names, progress)
    terminal.result(dumps(mutated_data(found)) if asked.form == "json" else mutated(found))
    if found.score >= least:
        return ExitCode.OK
    terminal.complain(f"error: {percent(found)} of the changes are noticed, fewer than {asked.min_score}")
    return ExitCode.FAILED


def _share(text: str) -> float:
    import re

    from segctl.model.values import SHARE, share_of

    if not re.fullmatch(SHARE, text):
        raise Usage(f"`{text}` is not a share", hint="write a percentage such as `80%`")
    return float(share_of(text))
