"""Completion of names in the shell."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from segctl.load.document import Document


def names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 click's signature
    """The names of definitions that begin like this; none where the project cannot be read."""
    found = {document.key for document in _documents(ctx) if document.key[0] != "test"}
    return sorted({name for _, name in found if name.startswith(incomplete)})


def selectors(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 click's signature
    """What can follow `--select`: the last of several parts goes on; names, and tags and owners once begun."""
    start = max(incomplete.rfind(separator) for separator in ", ") + 1
    start += len(incomplete[start:]) - len(incomplete[start:].lstrip("+0123456789"))
    head, begun = incomplete[:start], incomplete[start:]
    return sorted({head + word for word in _words(_documents(ctx)) if word.startswith(begun)})


def _words(documents: Collection[Document]) -> Iterator[str]:
    """Everything that selects one of these, and what can be asked of all."""
    from segctl.selection import STATES

    yield from (f"state:{word}" for word in STATES)
    yield "git:"
    yield "path:"
    for document in documents:
        yield document.key[1]
        yield f"kind:{document.key[0]}"
        owner, tags = getattr(document.resource, "owner", None), getattr(document.resource, "tags", ())
        yield from (f"owner:{owner}",) if owner else ()
        yield from (f"tag:{tag}" for tag in tags)


def _documents(ctx: click.Context) -> Collection[Document]:
    """All definitions that can be read; none where there is no project."""
    from segctl.diagnostics import SegctlError

    try:
        from segctl.load.project import find_root, survey

        directory = ctx.find_root().params.get("directory")
        return survey(find_root(directory or Path.cwd())).documents.values()
    except (SegctlError, OSError):
        return ()
