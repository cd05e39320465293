"""What a command asks for, and who runs it: all that comes from outside is an argument."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from segctl.diagnostics import Usage
from segctl.load.access import ANYWHERE, Access
from segctl.plan.backtest import DEFAULT_POINTS
from segctl.plan.grants import Grant, parse_allowance
from segctl.plan.plan import Allowance
from segctl.selection import Selection, parse
from segctl.state.lease import term_of
from segctl.state.lock import AT_ONCE, Waiting
from segctl.state.origin import Origin, here
from segctl.workflow.prepared import Prepared


@dataclass(frozen=True)
class Request:
    """Evaluate as of when (as written; None is now), and which guards may pass (`RULE` or `RULE:NAME`).

    `everything`: a refresh computes extensions too that are not due. `reason` says why guards may pass;
    `granted` are guards that may pass with a reason each.
    `select` and `exclude` narrow the definitions, as written; `backtest` is a duration to look back,
    in so many points.
    `refresh`: a plan says what a refresh would move, whatever that takes.
    `hold`: what a guard refuses is held at what is published, and the rest goes on.
    `access` says which files the definitions may point to.
    """

    now_us: int
    as_of: str | None = None
    allow: tuple[str, ...] = ()
    everything: bool = False
    reason: str = ""
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    backtest: str | None = None
    backtest_points: int = DEFAULT_POINTS
    access: Access = ANYWHERE
    granted: tuple[Grant, ...] = ()
    hold: bool = False
    refresh: bool = False

    def allowances(self) -> frozenset[Allowance]:
        """What `allow` and the grants say.

        Raises:
            Usage: a rule that no flag lets pass.
        """
        return frozenset(map(parse_allowance, self.allow)) | {grant.allowance for grant in self.granted}

    def selection(self) -> Selection:
        """What `select` and `exclude` say.

        Raises:
            Usage: they cannot be read.
        """
        return parse(self.select, self.exclude)

    def check_reason(self) -> None:
        """What lets something pass, and is kept in the history, needs a reason; a plan needs none.

        Raises:
            Usage: there is none, or none is needed; or a rule that no flag lets pass.
        """
        if self.allow and not self.reason.strip():
            hint = 'add `--reason "..."`: it is kept in the history with your name'
            raise Usage("`--allow` needs a reason", hint=hint)
        if self.reason and not self.allow:
            raise Usage("`--reason` goes with `--allow`: nothing is allowed here")


@dataclass(frozen=True)
class Run:
    """Who writes to the state; `lineage` is the name that a new state would get, `nonce` is of this run alone."""

    origin: Origin
    lineage: str
    waiting: Waiting = AT_ONCE
    nonce: str = ""


def this_run(folder: Path, environ: Mapping[str, str], waiting: Waiting = AT_ONCE) -> Run:
    """This process; asked once, at the edge.

    Raises:
        Usage: the term of the lock that the environment asks for is none.
    """
    waits = replace(waiting, term=term_of(environ))
    return Run(here(folder, environ), uuid.uuid4().hex, waits, uuid.uuid4().hex)


class Review(Protocol):
    """Whoever looks at a plan before it is done."""

    def show(self, prepared: Prepared) -> None:
        """Show what would be done, before any guard speaks."""

    def confirm(self, prepared: Prepared) -> bool:
        """Whether it shall be done; asked only if no guard stops it."""


class Unasked:
    """Nobody looks, everything is confirmed."""

    def show(self, prepared: Prepared) -> None:
        """Nobody to show it to."""

    def confirm(self, prepared: Prepared) -> bool:  # noqa: ARG002 nobody looks at it
        """Yes."""
        return True
