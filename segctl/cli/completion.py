"""Completion of names in the shell."""

from __future__ import annotations

from pathlib import Path

import click


def names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 click's signature
    """The names of definitions that begin like this; none where the project cannot be read."""
    from segctl.diagnostics import SegctlError

    try:
        from segctl.load.project import find_root, survey

        directory = ctx.find_root().params.get("directory")
        found = survey(find_root(directory or Path.cwd())).documents
    except (SegctlError, OSError):
        return []
    return sorted({name for kind, name in found if kind != "test" and name.startswith(incomplete)})
