"""`segctl state`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command, Commands
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.group(
    "state",
    cls=Commands,
    help=f"""{COMMANDS["state"]}

    A copy is for `segctl --untrusted --state-copy DIR plan`: it needs no credentials, and nothing is written to it
    but by the next `segctl state pull`.""",
    examples="""
segctl state pull state-copy
""",
)
def command() -> None:
    """Nothing of its own: the commands below it do the work."""


@command.command(
    "pull",
    cls=Command,
    help="""Copy the state to a local folder, or bring an older copy up to date.

    The last serial is copied, with every object that it refers to; each object is checked against its digest. The
    head is written last, so that a pull that is interrupted leaves the older copy whole, and the next one goes on.
    A folder with anything else in it is refused. The copy holds user ids, as the state does.""",
    examples="""
segctl state pull state-copy
segctl state pull state-copy --keep 5
segctl state pull state-copy --format json
""",
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--keep", type=click.IntRange(min=1), metavar="N", default=1, show_default=True, help="Copy the last N serials."
)
@options.output("human", "json")
@click.pass_obj
def pull(terminal: Terminal, *, folder: Path, keep: int, form: str) -> int:
    """Copy, and say what was copied."""
    from segctl.report.json import dumps
    from segctl.report.state_copy import pulled, pulled_data
    from segctl.workflow.state_pull import state_pull

    with terminal.progress() as progress:
        found = state_pull(Path.cwd(), folder, keep, progress)
    terminal.result(dumps(pulled_data(found)) if form == "json" else pulled(found, str(folder)))
    return ExitCode.OK
