"""The global options that are read before the command and after it: `-C`, `--color`, `--log-format`, `-q`, `-v`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from segctl.cli.terminal import terminal
from segctl.diagnostics import Usage

COLOURS = ("auto", "always", "never")
LOG_FORMATS = ("human", "json")
BEFORE_ONLY = ("--untrusted", "--data-root", "--state-copy")
"""Global options that must stand before the command: it decides by them whether to run at all."""

_FOLDERS = "segctl.folders"


class Folder(click.Path):
    """A folder; a colon in an environment variable belongs to its name."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def split_envvar_value(self, rv: str) -> list[str]:
        """The one folder that a variable names."""
        return [rv]


def enter(ctx: click.Context, parameter: click.Parameter, folders: tuple[Path, ...]) -> None:  # noqa: ARG001 click's signature
    """Go into the folders, one after the other, as git does.

    Raises:
        Usage: a folder cannot be entered.
    """
    ctx.meta[_FOLDERS] = (*entered(ctx), *folders)
    for folder in () if ctx.resilient_parsing else folders:
        try:
            os.chdir(folder)
        except OSError as error:
            raise Usage(f"-C {folder}: {error.strerror}") from error


def entered(ctx: click.Context) -> tuple[Path, ...]:
    """What `-C` names on this command line, before and after the command."""
    folders: tuple[Path, ...] = ctx.meta.get(_FOLDERS, ())
    return folders


def after_command() -> Iterator[click.Option]:
    """The same options for a command; they are explained in `segctl --help` alone."""
    yield _hidden("-C", "directory", type=Folder(), multiple=True, callback=enter)
    yield _hidden("--color", type=click.Choice(COLOURS), callback=_colour)
    yield _hidden("--log-format", type=click.Choice(LOG_FORMATS))  # it is known before this is read
    yield _hidden("-q", "--quiet", is_flag=True, callback=_quiet)
    yield _hidden("-v", "--verbose", is_flag=True, callback=_verbose)


def _hidden(*names: str, **settings: Any) -> click.Option:
    """An option that acts before the command's own ones are read, by its callback alone."""
    return click.Option(names, hidden=True, expose_value=False, is_eager=True, allow_from_autoenv=False, **settings)


def _colour(ctx: click.Context, parameter: click.Parameter, mode: str | None) -> None:  # noqa: ARG001 click's signature
    if mode is not None and ctx.obj is not None:
        coloured = terminal(mode=mode)
        ctx.obj = replace(ctx.obj, out=coloured.out, err=coloured.err)


def _quiet(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:  # noqa: ARG001, FBT001 click's signature
    if given and ctx.obj is not None:
        ctx.obj = replace(ctx.obj, quiet=True)


def _verbose(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:  # noqa: ARG001, FBT001 click's signature
    if given and ctx.obj is not None:
        ctx.obj = replace(ctx.obj, verbose=True)
