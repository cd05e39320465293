"""`segctl --untrusted`: which commands run over definitions of anybody, and what these may read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.diagnostics import Usage

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
        hint = f"with it run {', '.join(f'`{name}`' for name in COMMANDS)}"
        raise Usage(f"`segctl {command}` does not run with `--untrusted`", hint=hint)
    scratch = ctx.with_resource(tempfile.TemporaryDirectory(prefix="segctl-", ignore_cleanup_errors=True))
    named = tuple(_folder("--data-root", root) for root in roots)
    ctx.meta[_KEY] = Access(named, Path(scratch).resolve(), state and _folder("--state-copy", state))


def _folder(option: str, path: Path) -> Path:
    if not path.is_dir():
        hint = "no connection is opened with `--untrusted`: name a local copy" if ":/" in str(path) else ""
        raise Usage(f"`{option} {path}` is no folder", hint=hint)
    return path.resolve()


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
        raise Usage(f"`{what}` does not go with `--untrusted`")
