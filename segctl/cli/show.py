"""`segctl show`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.completion import names
from segctl.cli.terminal import Terminal
from segctl.cli.untrusted import access, refuse
from segctl.diagnostics import ExitCode, Usage


@click.command(
    "show",
    cls=Command,
    help=f"""{COMMANDS["show"]}

    In words, with its owner, its guards, its status, and what is published of it. The file of a
    saved plan shows that plan, and warns if it is stale; a file that has the name of a definition
    is written as ./NAME.""",
    examples="""
segctl show loyal_buyers
segctl show campaign.win_back --format json
segctl show plan.json
""",
)
@click.argument("name", shell_complete=names)
@options.output("human", "json", "markdown")
@click.pass_obj
def command(terminal: Terminal, name: str, *, form: str) -> int:
    """Print one definition."""
    from segctl.report.inventory import page, page_data
    from segctl.report.json import dumps
    from segctl.workflow.showing import show

    if _is_plan(name):
        return _show_plan(terminal, name, form)
    if form == "markdown":
        raise Usage("`--format markdown` is for saved plans", hint="`human` and `json` are for definitions")
    shown = show(Path.cwd(), name, access())
    terminal.result(dumps(page_data(shown)) if form == "json" else page(shown))
    return ExitCode.OK


def _is_plan(text: str) -> bool:
    """Whether a saved plan is meant: a path with a separator always is, KIND.NAME never, a bare name must be clear."""
    from segctl.model.values import NAME
    from segctl.plan.definition import APPLIED
    from segctl.workflow.saved import is_saved

    if os.sep in text:
        return True
    kind, _, name = text.rpartition(".")
    if kind in APPLIED or not is_saved(Path(text)):
        return False
    if not kind and re.fullmatch(NAME, name):
        raise Usage(
            f"`{text}` can mean a definition or the file of a saved plan",
            hint=f"write `./{text}` for the plan, `KIND.{text}` for the definition",
        )
    return True


def _show_plan(terminal: Terminal, path: str, form: str) -> int:
    from segctl.report.json import dumps
    from segctl.report.saved import comment, page, page_data, warnings
    from segctl.workflow.saved import show

    refuse("a saved plan")
    shown = show(Path.cwd(), Path(path))
    terminal.talk(warnings(shown, path))
    if form == "human":
        terminal.result(page(shown, path))
    else:
        terminal.result(dumps(page_data(shown)) if form == "json" else comment(shown, path))
    return ExitCode.OK
