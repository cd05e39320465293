"""`segctl help`."""

from __future__ import annotations

import click

from segctl.cli.commands import COMMANDS, Command, unknown_command
from segctl.cli.help_text import Context
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode


@click.command(
    "help",
    cls=Command,
    help=f"""{COMMANDS["help"]}

    The same as `segctl COMMAND --help`; without COMMAND, the list of commands.""",
    examples="""
segctl help
segctl help plan
""",
)
@click.argument("name", metavar="[COMMAND]", required=False)
@click.pass_context
def command(ctx: click.Context, /, *, name: str | None) -> int:
    """Print a help text."""
    terminal: Terminal = ctx.obj
    root = ctx.find_root()
    if name is None:
        terminal.result(root.get_help())
        return ExitCode.OK
    group = root.command
    found = group.get_command(root, name) if isinstance(group, click.Group) else None
    if found is None:
        raise unknown_command(name, root)
    with Context(found, info_name=name, parent=root, max_content_width=root.max_content_width) as about:
        terminal.result(found.get_help(about))
    return ExitCode.OK
