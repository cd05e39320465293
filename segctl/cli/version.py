"""`segctl version`."""

from __future__ import annotations

import platform
from importlib import metadata

import click

from segctl import __version__
from segctl.cli import options
from segctl.cli.commands import COMMANDS, Command
from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode

LIBRARIES = ("pyarrow", "numpy", "pydantic", "obstore", "click")


@click.command(
    "version",
    cls=Command,
    help=f"""{COMMANDS["version"]}

    With -v also the versions of Python and of the libraries that results pass through.""",
    examples="""
segctl version
segctl version -v
segctl version --format json
""",
)
@options.output("human", "json")
@click.pass_obj
def command(terminal: Terminal, *, form: str) -> int:
    """Print the version."""
    from segctl.report.json import dumps

    more = {"python": platform.python_version(), "platform": platform.platform(), **_libraries()}
    if form == "json":
        terminal.result(dumps({"format_version": "1.0", "segctl": __version__, **more}))
    else:
        lines = [f"{name} {version}" for name, version in more.items()] if terminal.verbose else []
        terminal.result("\n".join([f"segctl {__version__}", *lines]))
    return ExitCode.OK


def _libraries() -> dict[str, str]:
    return {name: metadata.version(name) for name in LIBRARIES}
