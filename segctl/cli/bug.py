"""A bug of segctl, told so that it can be pasted into an issue."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from collections.abc import Sequence

from segctl import __version__


def report(error: Exception, arguments: Sequence[str], *, told: bool = True) -> str:
    """Write the traceback to a file; the text that tells of it, unless `told` with the error's own words."""
    text = describe(error, arguments)
    with tempfile.NamedTemporaryFile("w", prefix="segctl-bug-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(text)
    trusted = "--untrusted" not in arguments and not os.environ.get("SEGCTL_UNTRUSTED")
    what = str(error).splitlines()[:1] if told and trusted else []  # Python's own words may hold a value of the data
    return (
        f"bug: segctl failed with {type(error).__name__}{': ' if what else ''}{''.join(what)}\n"
        "  This is a mistake in segctl, not in your definitions or data.\n"
        "  Please report it with this file, after a look for what should stay private:\n"
        f"  {file.name}"
    )


def describe(error: Exception, arguments: Sequence[str]) -> str:
    """Versions, the command, the traceback; of the arguments only commands and option names, no values."""
    command = " ".join(["segctl", *(shown(argument) for argument in arguments)])
    return (
        f"segctl {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"command: {command}\n\n{''.join(traceback.format_exception(error))}"
    )


def shown(argument: str) -> str:
    """An argument as a report may show it: a value may be a user's id."""
    from segctl.cli.commands import COMMANDS

    if argument in COMMANDS:
        return argument
    return argument.partition("=")[0] if argument.startswith("-") else "…"
