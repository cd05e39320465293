"""`segctl schema`."""

from __future__ import annotations

from pathlib import Path

import click

from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "schema",
    cls=Command,
    help=f"""{COMMANDS["schema"]}

    One draft-07 file per kind. A definition names its own in its first line, as in
    `# yaml-language-server: $schema=../schema/segment.schema.json`.""",
    examples="""
segctl schema
segctl schema --check
""",
)
@click.argument("folder", metavar="[DIR]", default="schema", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is missing or differs.")
@click.pass_obj
def command(terminal: Terminal, folder: Path, *, check: bool) -> int:
    """Write the schemas, or check them."""
    from segctl.workflow.schema import stale_schemas, write_schemas

    if not check:
        changed = write_schemas(folder)
        terminal.result("".join(f"{path}\n" for path in changed))
        terminal.talk(f"{len(changed)} written" if changed else "nothing has changed")
        return ExitCode.OK
    stale = stale_schemas(folder)
    for path in stale:
        terminal.complain(f"error: {path} differs from the models")
    if stale:
        terminal.complain(f"  hint: `segctl schema {folder}` writes it")
    return ExitCode.FAILED if stale else ExitCode.OK
