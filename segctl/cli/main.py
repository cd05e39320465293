"""`segctl`: the global options, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from segctl import __version__
from segctl.cli.commands import Lazy
from segctl.cli.global_options import COLOURS, LOG_FORMATS, Folder, enter
from segctl.cli.interrupts import Terminated, behind, leave, listen
from segctl.cli.log import hidden
from segctl.cli.log import is_wanted as json_is_wanted
from segctl.cli.terminal import Terminal, hush, logging, terminal
from segctl.diagnostics import ExitCode, InvalidInput, Refused, SegctlError, Usage

HELP = """Audience segments as code: plan, review and apply who is in an audience.

Definitions are YAML files below `segments/`; `segctl plan` shows who would enter and who would leave,
`segctl apply` publishes it. Results go to stdout, messages and progress to stderr.

`-C`, `--color`, `--log-format`, `-q` and `-v` are also accepted after the command."""


@click.group(
    cls=Lazy,
    help=HELP,
    context_settings={"auto_envvar_prefix": "SEGCTL", "help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    type=Folder(),
    multiple=True,
    callback=enter,
    expose_value=False,
    help="Run as if started in DIR.",
    show_envvar=True,
)
@click.option(
    "--color",
    type=click.Choice(COLOURS),
    default="auto",
    help="Colours: auto follows the terminal, NO_COLOR and FORCE_COLOR.",
    show_envvar=True,
)
@click.option(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    default="human",
    help="What goes to stderr: text for people, or one JSON object a line, with steps, durations and the exit code.",
    show_envvar=True,
    expose_value=False,  # it is known before the command line is read
)
@click.option("-q", "--quiet", is_flag=True, help="Print only results and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Print more: what was read, how long each step took.")
@click.option(
    "--untrusted",
    is_flag=True,
    help="Treat definitions as untrusted: they may read only this project.",
    show_envvar=True,
)
@click.option(
    "--data-root",
    "roots",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="With --untrusted: a folder of data that they may read too; can be repeated.",
)
@click.option(
    "--state-copy",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With --untrusted: a copy of the state, to plan against.",
)
@click.version_option(__version__, message="segctl %(version)s")
@click.pass_context
def cli(ctx: click.Context, /, color: str, *, quiet: bool, verbose: bool, **untrusted: Any) -> None:
    """Set the streams; then a command runs."""
    ctx.obj = terminal(mode=color, quiet=quiet, verbose=verbose, log=ctx.obj)
    _confine(ctx, **untrusted)


def _confine(ctx: click.Context, *, untrusted: bool, roots: tuple[Path, ...], state_copy: Path | None) -> None:
    if untrusted:
        from segctl.cli.untrusted import confine

        confine(ctx, roots, state_copy)
    elif roots or state_copy:
        raise Usage("`--data-root` and `--state-copy` need `--untrusted`")


def main(arguments: Sequence[str]) -> int:
    """Run one command line; every outcome becomes an exit code here."""
    log = logging(hidden(arguments)) if json_is_wanted(arguments, os.environ) else None
    try:
        code = _run(terminal(log=log), arguments)
    finally:
        _tidy()
    if log:
        log.exit(code)
    return code


def _tidy() -> None:
    """Remove temporary indexes, if any command has made one: the process ends without the usual ways to do so."""
    made = sys.modules.get("segctl.index.temporary")
    if made is not None:
        made.remove_all()


_TRIES = 3
"""How often a command begins anew after it has found damage in its index."""


def _run(plain: Terminal, arguments: Sequence[str], *, once_more: int = _TRIES) -> int:
    began_in = _folder()
    try:
        code = cli.main(args=list(arguments), prog_name="segctl", standalone_mode=False, obj=plain.log)
    except click.UsageError as error:
        return _usage(plain, error, arguments)
    except SystemExit:  # click's way out when nobody reads a help text to its end
        hush(sys.stdout)
        return ExitCode.OK
    except (click.Abort, KeyboardInterrupt, Terminated) as error:
        return _stopped(plain, error)
    except Exception as error:  # noqa: BLE001 the boundary: what is not expected is a bug, and told as one
        stop = behind(error)
        if once_more and not stop and _healed(plain, error):
            os.chdir(began_in)  # `-C` counts from here again
            return _run(plain, arguments, once_more=once_more - 1)
        return _stopped(plain, stop) if stop else tell(plain, error, arguments)
    return int(code or ExitCode.OK)


def _folder() -> str:
    """Where the command line counts from; "." where that folder is gone."""
    try:
        return os.getcwd()  # noqa: PTH109 a text for `chdir`
    except OSError:
        return os.curdir


def _healed(plain: Terminal, error: Exception) -> bool:
    """Whether the error was damage of the index, which is forgotten now, so that the command can begin anew."""
    if not isinstance(error, SegctlError):
        return False
    from segctl.index.files import IndexDamage

    if not isinstance(error, IndexDamage):
        return False
    from segctl.index.heal import forget_damaged
    from segctl.progress import Silent

    try:
        forgotten = forget_damaged(error, Silent())
    except (OSError, SegctlError):
        return False
    if forgotten:
        some = f" and {len(forgotten) - 1:,} more files" if len(forgotten) > 1 else ""
        plain.complain(f"note: the index is damaged: {forgotten[0]}{some}; it is rebuilt from the data")
    return bool(forgotten)


def _usage(plain: Terminal, error: click.UsageError, arguments: Sequence[str]) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        plain.complain(error.format_message())
    else:
        from segctl.cli.meant import explain

        plain.complain(explain(error, arguments))
    return ExitCode.USAGE


def _stopped(plain: Terminal, error: BaseException) -> int:
    terminated = isinstance(error, Terminated)
    begin = "\n" if plain.err.is_terminal else ""  # behind the ^C of the terminal, or a question
    with contextlib.suppress(OSError):  # the terminal may be what has gone
        plain.complain(
            f"{begin}{'terminated' if terminated else 'interrupted'}; nothing half-done is left in the state"
        )
    return ExitCode.TERMINATED if terminated else ExitCode.INTERRUPTED


def tell(plain: Terminal, error: Exception, arguments: Sequence[str]) -> int:
    """Say on stderr what went wrong; the exit code for it."""
    match error:
        case InvalidInput():
            plain.tell(error.diagnostics)
        case Refused():
            plain.complain("".join(f"refused: {reason}\n" for reason in error.reasons) + _hint(error))
        case SegctlError():
            plain.complain(f"error: {error}\n{_hint(error)}")
        case click.ClickException():
            plain.complain(f"error: {error.format_message()}")
            return ExitCode.USAGE
        case OSError():
            plain.complain(f"error: {cause(error)}")
            return ExitCode.FAILED
        case MemoryError():
            plain.complain("error: out of memory\n  hint: fewer workers need less memory")
            return ExitCode.FAILED
        case _:
            from segctl.cli.bug import report

            plain.complain(report(error, arguments, told=plain.log is None))
            return ExitCode.BUG
    return error.exit_code


def _hint(error: SegctlError) -> str:
    return f"  hint: {error.hint}\n" if error.hint else ""


def cause(error: OSError) -> str:
    """The operating system's reason, with the file it is about."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


def run() -> None:
    """The console script."""
    _fill()
    listen()
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # ids and arrows are UTF-8 everywhere
                stream.reconfigure(encoding="utf-8")
        leave(main(sys.argv[1:]))
    except (KeyboardInterrupt, Terminated) as error:  # right before the command, or right after it
        leave(_stopped(terminal(), error))


def _fill() -> None:
    """Open what was closed of stdin, stdout and stderr, so that no file of the state gets its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
            setattr(sys, name, os.fdopen(nowhere, "r" if name == "stdin" else "w"))
