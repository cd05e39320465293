"""`segctl completion`, and what completes the names of definitions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segctl.cli.commands import COMMANDS, Command
from segctl.cli.global_options import entered
from segctl.diagnostics import ExitCode

if TYPE_CHECKING:
    from segctl.cli.terminal import Terminal
    from segctl.load.document import Document


@click.command(
    "completion",
    cls=Command,
    help=f"""{COMMANDS["completion"]}

    The script completes commands, options, and the names, tags and owners of definitions. A shell reads
    it from its start-up file, as below.""",
    examples="""
segctl completion bash
eval "$(segctl completion bash)"   # in ~/.bashrc
eval "$(segctl completion zsh)"    # in ~/.zshrc
segctl completion fish | source    # in config.fish
""",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, /, *, shell: str) -> int:
    """Print the script."""
    from click.shell_completion import get_completion_class

    terminal: Terminal = ctx.obj
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click has no completion for {shell}", ctx)
    script = found(ctx.find_root().command, {}, "segctl", "_SEGCTL_COMPLETE")
    terminal.result(script.source_template % script.source_vars())
    return ExitCode.OK


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

        return survey(find_root(Path.cwd().joinpath(*entered(ctx)))).documents.values()
    except (SegctlError, OSError):
        return ()
