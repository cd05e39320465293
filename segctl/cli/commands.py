"""The list of commands, and how one is found: by its name, loaded only when it is called."""

from __future__ import annotations

import importlib

import click

from segctl.cli.global_options import after_command
from segctl.cli.help_text import Context, Formatter

COMMANDS: dict[str, str] = {
    "init": "Start a new project, or a working example shop.",
    "validate": "Check all definitions, and that they fit the data.",
    "test": "Run the tests of the definitions.",
    "fmt": "Format the definition files; comments are kept.",
    "plan": "Show what an apply would change: who enters, who leaves.",
    "apply": "Publish the definitions on disk as a new snapshot.",
    "refresh": "Evaluate everything applied on today's data.",
    "list": "List the segments, extensions, lists, campaigns and traits.",
    "show": "Show what a definition means, what it uses and what uses it.",
    "graph": "Draw the graph of references, and what has changed.",
    "members": "Write the ids of the members.",
    "traits": "Show how the values of traits are spread, or write them.",
    "engagement": "Show the levels of engagement, and the moves between them.",
    "explain": "Explain why a user is in or out.",
    "user": "Show one user: memberships, traits, profile, recent events.",
    "history": "List what was applied, when and by whom.",
    "diff": "Compare two serials: definitions, members, values.",
    "rollback": "Publish an older serial again, as a new one.",
    "drift": "Check that what is published is as recorded, and within the expected bands.",
    "unlock": "Show who holds the state's lock, and break it.",
    "gc": "Keep the last serials, and delete what nothing refers to.",
    "doctor": "Check the whole state, and say how to fix it.",
    "forget": "Erase users from every serial of the state.",
    "state": "Copy the state to a local folder, to plan against.",
    "schema": "Write the JSON Schemas that editors complete from.",
    "completion": "Print the completion script of a shell.",
    "help": "Show the help of a command.",
    "version": "Show the version.",
}
"""Every command with its one line of help, in the order in which one needs them.

It stands here so that `segctl --help` loads none of them; a test holds it against their own help.
"""


class Lazy(click.Group):
    """A group whose commands are modules of `segctl.cli`, each loaded when it is called."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        """All names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"segctl.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; an unknown one is told with what was probably meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise unknown_command(name, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        """The list of commands, out of the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def unknown_command(name: str, ctx: click.Context) -> click.UsageError:
    """The error for a command that does not exist."""
    from segctl.cli.meant import command_hint

    hint = command_hint(name, COMMANDS)
    return click.UsageError(f"no such command `{name}`{': ' if hint else ''}{hint}", ctx)


class _Exemplified(click.Command):
    """Examples are printed as they are written, and global options are taken too."""

    context_class = Context

    def __init__(self, *args: object, examples: str = "", **settings: object) -> None:
        super().__init__(*args, **settings)  # type: ignore[arg-type]
        self.examples = examples.strip("\n")
        self.params += after_command()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        """The examples, each on its own line."""
        if isinstance(formatter, Formatter):
            with formatter.section("Examples"):
                formatter.write_examples(self.examples.splitlines())


class Command(_Exemplified):
    """A command whose examples are printed as they are written."""


class Commands(_Exemplified, click.Group):
    """A command with commands below it, and examples."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their whole first sentence, which click would cut at the width."""
        commands = [(name, command) for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=1_000)) for name, command in commands])
