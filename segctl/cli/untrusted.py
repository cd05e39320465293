"""`segctl --untrusted`: which commands run over definitions of anybody, and what these may read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.diagnostics import SegctlError, Usage

if TYPE_CHECKING:
    from segctl.cli.terminal import Terminal
    from segctl.load.access import Access

COMMANDS = ("validate", "test", "plan", "list", "show", "graph", "explain")
"""Commands that only read. No other runs over definitions that are not trusted."""

WITHOUT_PROJECT = ("completion", "help", "version")
"""Commands that read no project."""

AGAINST_NOTHING = "planned against nothing: with `--untrusted`, `--state-copy DIR` names what is applied"

_KEY = "segctl.access"


def confine(ctx: click.Context, roots: tuple[Path, ...], state: Path | None) -> None:
    """From here on definitions may read their project's folder and `roots`; the index is made in a folder of its own.

    Raises:
        Usage: the command does more than reading, or a folder is none.
    """
    from segctl.load.access import Access

    command = ctx.invoked_subcommand
    if command is not None and command not in (*COMMANDS, *WITHOUT_PROJECT):
        hint = f"these commands can: {', '.join(f'`{name}`' for name in COMMANDS)}"
        raise Usage(f"`segctl {command}` cannot run with `--untrusted`", hint=hint)
    scratch = ctx.with_resource(tempfile.TemporaryDirectory(prefix="segctl-", ignore_cleanup_errors=True))
    named = tuple(_data_root(root) for root in roots)
    ctx.meta[_KEY] = Access(named, Path(scratch).resolve(), state and _state_copy(state))


def _data_root(path: Path) -> Path:
    found = _folder("--data-root", path)
    if _is_in_checkout(path) and found != _as_written(path):
        raise Usage(
            f"`--data-root {path}` passes through a link in the checkout, which its author could have made",
            hint="name the target of the link, or a folder outside of the checkout",
        )
    return found


def _state_copy(path: Path) -> Path:
    found = _folder("--state-copy", path)
    if _is_in_checkout(path) or _is_in_checkout(found):
        raise Usage(
            f"`--state-copy {path}` is inside the checkout, where its author could have made it",
            hint="`segctl state pull DIR` copies the state to a separate folder",
        )
    return found


def _folder(option: str, path: Path) -> Path:
    if not path.is_dir():
        hint = "no connection is opened with `--untrusted`: name a local copy" if ":/" in str(path) else ""
        raise Usage(f"`{option} {path}` is not a folder", hint=hint)
    return path.resolve()


def _is_in_checkout(path: Path) -> bool:
    """Whether a path, as it is written, lies in what the definitions' author controls."""
    return _as_written(path).is_relative_to(_checkout())


def _as_written(path: Path) -> Path:
    return Path(os.path.normpath(Path.cwd() / path))


def _checkout() -> Path:
    """The repository around the current folder; without one the project, or the folder itself."""
    from segctl.load.project import find_root

    here = Path.cwd()
    git = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
    if git is not None:
        return git
    try:
        return find_root(here)
    except SegctlError:
        return here


def access() -> Access:
    """Which files the definitions of this command line may point to."""
    from segctl.load.access import ANYWHERE

    found: Access = click.get_current_context().meta.get(_KEY, ANYWHERE)
    return found


def is_against_nothing() -> bool:
    """Whether a plan has no state because the definitions, which would name it, are not trusted."""
    found = access()
    return found.confined and found.state is None


def say_against_nothing(terminal: Terminal) -> None:
    """Say so, where it is so."""
    if is_against_nothing():
        terminal.talk(f"note: {AGAINST_NOTHING}")


def refuse(what: str) -> None:
    """Refuse an option that does more than reading, where definitions are not trusted.

    Raises:
        Usage: they are not.
    """
    if access().confined:
        raise Usage(f"`{what}` cannot be combined with `--untrusted`")
