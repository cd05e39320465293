"""How a plan is shown at the terminal before it is done, and how somebody confirms it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from segctl.cli.terminal import Terminal
from segctl.diagnostics import Usage

if TYPE_CHECKING:
    from segctl.workflow.engagement import Levels
    from segctl.workflow.live_members import Live
    from segctl.workflow.prepared import Prepared
    from segctl.workflow.traits import TraitValues


def require_somebody(command: str) -> None:
    """Refuse to ask where nobody can answer.

    Raises:
        Usage: standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise Usage(
            f"`segctl {command}` asks before it publishes, and standard input is not a terminal",
            hint=f"`segctl {command} --auto-approve` publishes without asking",
        )


@dataclass(frozen=True)
class AtTerminal:
    """Shows the plan; asks on stderr unless told not to. With `silent` (JSON is wanted) the plan is not shown."""

    terminal: Terminal
    ask: bool
    silent: bool = False

    def show(self, prepared: Prepared) -> None:
        """Show the plan and what was left out."""
        say_beside(self.terminal, prepared)
        say_idle(self.terminal, prepared)
        if not self.silent:
            from segctl.report.plan import plan

            self.terminal.result(plan(prepared.plan, prepared.zone))

    def confirm(self, prepared: Prepared) -> bool:
        """Ask, where there is something to ask about."""
        if not self.ask or prepared.plan.is_empty:
            return True
        if self.terminal.log:
            raise Usage(
                "segctl cannot ask a question with `--log-format json`",
                hint="`--auto-approve` publishes without asking",
            )
        return click.confirm("Publish this?", err=True)


def say_beside(terminal: Terminal, prepared: Prepared | Live | TraitValues | Levels) -> None:
    """Warnings, and what of the data was left out."""
    from segctl.report.notes import left_out, read

    terminal.warn(prepared.warnings)
    terminal.talk(left_out(prepared.report, prepared.unseen, prepared.unknown))
    terminal.detail(read(prepared.report))


def say_idle(terminal: Terminal, prepared: Prepared) -> None:
    """Flags that let nothing pass."""
    from segctl.plan.allowances import idle
    from segctl.report import notes

    terminal.talk(notes.idle(idle(prepared.plan)))
