"""What was probably meant by a command or an option that does not exist: a near name, or another tool's word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import click

from segctl.cli.commands import COMMANDS
from segctl.cli.global_options import BEFORE_ONLY
from segctl.diagnostics import did_you_mean

_COMMANDS = {
    "check": "validate", "lint": "validate", "format": "fmt", "preview": "plan", "deploy": "apply", "publish": "apply",
    "run": "apply", "up": "apply", "ls": "list", "describe": "show", "get": "show", "dag": "graph",
    "lineage": "graph", "export": "members", "why": "explain", "log": "history", "revert": "rollback",
    "undo": "rollback", "status": "drift", "force-unlock": "unlock", "repair": "doctor", "new": "init",
    "create": "init", "completions": "completion",
}  # fmt: skip
"""What other tools call a command."""

_FORMATS = ("json", "csv", "markdown", "parquet", "arrow", "jsonl", "sarif", "github", "mermaid", "dot")
_APPROVE = ("--auto-approve", "--force")
_FILE = ("--out FILE", "--output FILE", "--json-into FILE", "> FILE")
_INSTANT = ("--as-of TIME",)
_WHICH = ("--select WHICH",)
_FOLDER = ("-C DIR",)
_OPTIONS: dict[str, tuple[str, ...]] = {
    **{form: (f"--format {form}",) for form in _FORMATS},
    "md": ("--format markdown",),
    **dict.fromkeys(("o", "out", "output", "output-file", "file"), _FILE),
    **dict.fromkeys(("f", "fmt"), ("--format",)),
    **dict.fromkeys(("target", "t", "only", "filter", "include", "models", "m", "resource", "segment"), _WHICH),
    **dict.fromkeys(("skip", "ignore", "not"), ("--exclude WHICH",)),
    **dict.fromkeys(("y", "yes", "approve", "auto", "force", "no-input"), _APPROVE),
    **dict.fromkeys(("n", "dry-run", "preview"), ("--dry-run", "--check")),
    **dict.fromkeys(("date", "at", "time", "now", "today", "asof"), _INSTANT),
    **dict.fromkeys(("u", "id", "user-id"), ("--user ID",)),
    **dict.fromkeys(("comment", "why", "because"), ("--reason TEXT",)),
    **dict.fromkeys(("wait", "timeout"), ("--lock-timeout SECONDS",)),
    **dict.fromkeys(("chdir", "dir", "directory", "cwd", "project", "project-dir"), _FOLDER),
    **dict.fromkeys(("no-color", "no-colour", "nocolor"), ("--color never",)),
    "colour": ("--color",),
    **dict.fromkeys(("debug", "trace", "vv"), ("-v",)),
    "silent": ("-q",),
    "exit-code": ("--detailed-exitcode",),
    "limit": ("--limit N", "--events N"),
    "V": ("--version",),
}
"""What other tools call an option: ours, the first one that the command has."""

_PUBLISHES_NOTHING = "`segctl plan`, which publishes nothing"


def command_hint(name: str, known: Collection[str]) -> str:
    """The command that was probably meant, or an empty string."""
    other = _COMMANDS.get(name.lower().lstrip("-"), "")
    return f"did you mean `{other}`?" if other else did_you_mean(name.lower(), known)


def explain(error: click.UsageError, arguments: Sequence[str]) -> str:
    """The text for a command line that is invalid: what is wrong with it, and where to look."""
    command = error.ctx.command_path if error.ctx else "segctl"
    if isinstance(error, click.NoSuchOption):
        name, hint = _option(error, arguments)
        message = f"no such option `{name}`{': ' if hint else ''}{hint}"
    else:
        message = error.format_message()
    return f"error: {message[:1].lower()}{message[1:]}\n  hint: see `{command} --help`"


def _option(error: click.NoSuchOption, arguments: Sequence[str]) -> tuple[str, str]:
    """The option as it was written, and what was probably meant."""
    if error.ctx is None:
        return error.option_name, ""
    command, before = _command(error.ctx, arguments)
    has = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    has |= {"--help", "-h"}
    written, value = _written(error.option_name, arguments, has)
    if written in BEFORE_ONLY:
        return written, f"it goes before the command: `segctl {written} {error.ctx.info_name}`"
    for candidate in (*_same(written, has), *_candidates(written, value, command)):
        if candidate.split()[0] in has or (candidate.startswith(">") and before == "" and "--format" in has):
            return written, f"did you mean `{before}{candidate}`?"
    if command.name == "apply" and written.strip("-") in {"n", "dry-run", "preview"}:
        return written, f"did you mean {_PUBLISHES_NOTHING}?"
    near = did_you_mean(written, {name for name in has if name.startswith("--")})
    return written, near.replace("`", f"`{before}", 1) if before and near else near


def _command(ctx: click.Context, arguments: Sequence[str]) -> tuple[click.Command, str]:
    """The command whose option was probably meant, and how a line with it begins where the option stood before it."""
    verb = next((word for word in arguments if word in COMMANDS), None)
    if isinstance(ctx.command, click.Group) and verb is not None:
        found = ctx.command.get_command(ctx, verb)
        if found is not None:
            return found, f"segctl {verb} "
    return ctx.command, ""


def _written(name: str, arguments: Sequence[str], has: Collection[str]) -> tuple[str, str]:
    """The option as it stands on the command line, `-target=x` whole, and the value that follows it."""
    for word, after in zip(arguments, [*arguments[1:], ""], strict=True):
        option, _, joined = word.partition("=")
        if option == name:
            return name, joined or after
        known = option.lstrip("-") in _OPTIONS or f"-{option}" in has
        if name in {option[:2], f"-{option[1:][-1:]}"} and known and re.fullmatch(r"-[A-Za-z][a-z-]+", option):
            return option, joined or after
        if name[1:] and option[1:2] != "-" and option.startswith(name):
            return name, option[2:]
    return name, ""


def _same(written: str, has: Collection[str]) -> Iterator[str]:
    """The same word with the dashes that it needs."""
    word = written.lstrip("-")
    yield from (name for name in (f"--{word}", f"-{word}") if name in has and name != written)


def _candidates(written: str, value: str, command: click.Command) -> Iterator[str]:
    """Options for the same purpose; `-o json` is about a format, and a format that a command lacks is none."""
    formats = [parameter for parameter in command.params if "--format" in parameter.opts]
    choices = {choice for one in formats if isinstance(one.type, click.Choice) for choice in one.type.choices}
    word = written.lstrip("-")
    if word in {"o", "output", "f"} and value in choices:
        yield f"--format {value}"
    for candidate in _OPTIONS.get(word, ()):
        option, _, form = candidate.partition(" ")
        if option != "--format" or not form or form in choices:
            yield candidate
