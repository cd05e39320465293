"""Options that several commands share."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from segctl.cli.completion import selectors
from segctl.diagnostics import SegctlError

if TYPE_CHECKING:
    from segctl.plan.grants import Grant

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def as_of() -> Decorator:
    """`--as-of`: the instant of evaluation."""
    return click.option(
        "--as-of",
        metavar="TIME",
        envvar="SEGCTL_AS_OF",
        show_envvar=True,
        help="Evaluate as of this date or instant, in the project's time zone. Default: now.",
    )


def output(*choices: str) -> Decorator:
    """`--format`: the first choice is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(list(choices)),
        default=choices[0],
        show_default=True,
        envvar="SEGCTL_FORMAT",
        show_envvar=True,
        help="The output.",
    )


def into(form: str) -> Decorator:
    """`--json-into` and the like: the result in another format as well, in a file."""
    return click.option(
        f"--{form}-into",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=f"Write the result to a file as well, as {'JSON' if form == 'json' else form.capitalize()}.",
    )


def allow() -> Decorator:
    """`--allow`: let a guard pass this once."""
    return click.option(
        "--allow",
        multiple=True,
        metavar="RULE[:NAME]",
        help="Override a guard or policy this once, for one resource or for all; can be repeated.",
    )


def allow_from() -> Decorator:
    """`--allow-from`: guards that may pass, each with its reason and who gave it, from a file."""
    return click.option(
        "--allow-from",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Override what a JSON file lists: objects with `allow`, `reason`, and optionally `by` and `source`.",
    )


def grants(path: Path | None) -> tuple[Grant, ...]:
    """What the file of `--allow-from` says.

    Raises:
        SegctlError: it cannot be read, or says something else.
    """
    if path is None:
        return ()
    from segctl.plan.grants import parse_grants

    try:
        return parse_grants(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SegctlError(f"cannot read `{path}`: {cause}") from error


def reason() -> Decorator:
    """`--reason`: why a guard may pass; commands that write keep it in the history."""
    return click.option(
        "--reason",
        metavar="TEXT",
        default="",
        help="The reason for `--allow`; it is kept in the history.",
    )


def selection() -> Decorator:
    """`--select` and `--exclude`: which definitions are meant."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in (_exclude, _select):
            function = option(function)
        return function

    return decorate


_select = click.option(
    "-s",
    "--select",
    multiple=True,
    metavar="WHICH",
    shell_complete=selectors,
    help="Only these: a name, `tag:x`, `owner:x`, `path:x`, `kind:x`, `state:modified`, `git:REF`; `+name` with what "
    "it uses, `name+` with what uses it. May be given again.",
)
_exclude = click.option(
    "--exclude", multiple=True, metavar="WHICH", shell_complete=selectors, help="Exclude these; same syntax."
)


def backtest() -> Decorator:
    """`--backtest` and `--backtest-points`: how far to look back, in how many points."""
    length = click.option(
        "--backtest",
        metavar="DURATION",
        help="Show the sizes of changed definitions over this time before as_of: events as they were then, "
        "users as they are today.",
    )
    points = click.option(
        "--backtest-points", type=int, metavar="N", default=12, show_default=True, help="At this many instants."
    )
    return lambda command: length(points(command))


def lock_timeout() -> Decorator:
    """`--lock-timeout`: how long to wait for somebody else's lock."""
    return click.option(
        "--lock-timeout",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        default=0,
        help="Wait this long while another process holds the state's lock. Default: do not wait.",
    )


def now_us() -> int:
    """The clock, read once per command, in UTC microseconds since 1970; whole seconds, which one can write again."""
    return int(time.time()) * 1_000_000
