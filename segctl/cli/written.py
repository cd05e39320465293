"""Files that a command writes: whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from segctl.diagnostics import SegctlError


def replaced(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write beside the file and then in its place, so that nobody reads half of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            write(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def written(path: Path, text: str) -> None:
    """Write a text to a file.

    Raises:
        SegctlError: it cannot be written.
    """
    try:
        replaced(path, lambda file: file.write(text.encode()))
    except OSError as cause:
        raise SegctlError(f"{path} cannot be written: {cause.strerror}") from cause
