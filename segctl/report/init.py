"""What `segctl init` wrote, and the commands to go on with."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from segctl.report.text import plural


def created(folder: Path, name: str, holds: str, files: Sequence[Path]) -> str:
    """What was written, and what git does not see of it."""
    where = "this folder" if folder == Path() else str(folder)
    return (
        f"project {name} in {where}{holds}\n"
        f"{plural(len(files), 'file')} written; .gitignore keeps data/ and .segctl/ out of git\n"
    )


def next_steps(folder: Path, as_of: str) -> str:
    """The commands to go on with, as they can be typed from where `init` ran."""
    start = ["segctl"] if folder == Path() else ["segctl", "-C", str(folder)]
    commands = (["validate"], ["plan", *(["--as-of", as_of] if as_of else [])])
    return "Next:\n" + "".join(f"  {shlex.join([*start, *command])}\n" for command in commands)
