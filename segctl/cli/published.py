"""What apply and refresh say at their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segctl.cli.terminal import Terminal
from segctl.diagnostics import ExitCode

if TYPE_CHECKING:
    from segctl.workflow.commit import Outcome


def tell(terminal: Terminal, done: Outcome, form: str) -> int:
    """The serial that was published, or why there is none; the exit code."""
    if form == "json":
        from segctl.report.json import dumps
        from segctl.report.overrides import override_data
        from segctl.report.plan_json import as_data

        overrides = [override_data(one) for one in done.overrides]
        terminal.result(dumps({**as_data(done.prepared.plan), "published": done.serial, "overrides": overrides}))
    elif done.serial is not None:
        terminal.result(f"Published serial {done.serial}.")
    if done.held:
        terminal.complain("".join(f"held: {message}\n" for message in done.held))
    if done.serial is not None:
        _log(terminal, done, done.serial)
    if done.declined:
        terminal.talk("nothing was published")
        return ExitCode.FAILED
    return ExitCode.REFUSED if done.held else ExitCode.OK


def _log(terminal: Terminal, done: Outcome, serial: int) -> None:
    plan = done.prepared.plan
    moved = [change.members for change in plan.changes if change.members]
    counts = {
        "changes": len(plan.changes), "unchanged": plan.unchanged, "held": len(plan.held),
        "entered": sum(members.entered for members in moved), "exited": sum(members.exited for members in moved),
    }  # fmt: skip
    terminal.event("published", operation=plan.operation, serial=serial, digest=plan.digest, counts=counts)
