"""Ids as they are given: one by one, or as a file with one on each line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from segctl.diagnostics import SegctlError, Usage

if TYPE_CHECKING:
    from segctl.sources.sought import SoughtIds

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def file_of_ids(help_: str) -> Decorator:
    """`--file`: ids one a line; `-` is standard input."""
    return click.option("--file", "file", metavar="FILE", help=f"{help_} `-` reads standard input.")


def read_ids(given: Sequence[str], file: str | None) -> SoughtIds:
    """The ids that are meant.

    Raises:
        Usage: none is given, or both ways are used.
        SegctlError: the file cannot be read.
    """
    from segctl.sources.sought import SoughtIds

    if bool(given) == bool(file):
        raise Usage("give the ids either one by one or as a file", hint="a file has one id on each line")
    return SoughtIds.of(text for text in (given or _lines(str(file))) if text)


def _lines(file: str) -> list[str]:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise SegctlError(f"cannot read `{file}`: it is not UTF-8", hint="save it as UTF-8, one id per line") from error
    except OSError as error:
        raise SegctlError(f"cannot read `{file}`: {error.strerror}") from error
