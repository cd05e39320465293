"""Files that a command writes: whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from segctl.diagnostics import SegctlError, Usage


def replaced(path: Path, write: Callable[[BinaryIO], object], *, called: str = "") -> None:
    """Write beside the file and then in its place, so that nobody reads half of it.

    The mode of a file that is there stays, and a link stays a link. What is no file (`/dev/null`, a pipe) is
    written into, never replaced. An error names the file as it is `called`, else by its path.

    Raises:
        SegctlError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                write(file)
        else:
            _replaced(path.resolve(), write)
    except BrokenPipeError:  # nobody reads what goes into a pipe: the command's own way out
        raise
    except OSError as cause:
        raise SegctlError(f"{called or path} cannot be written: {(cause.strerror or str(cause)).lower()}") from cause


def _replaced(path: Path, write: Callable[[BinaryIO], object]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            if path.exists():
                shutil.copymode(path, part)
            write(file)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def written(path: Path, text: str, *, called: str = "") -> None:
    """Write a text to a file.

    Raises:
        SegctlError: it cannot be written.
    """
    replaced(path, lambda file: file.write(text.encode()), called=called)


def spared(paths: Iterable[Path | None]) -> None:
    """Mind that no result goes where a definition is.

    Raises:
        Usage: one of these files is there already, and is YAML.
    """
    for path in paths:
        if path is not None and path.suffix.lower() in (".yaml", ".yml") and path.exists():
            raise Usage(f"`{path}` is a YAML file, and a plan would be written over it", hint="name another file")
