"""The common end of apply and refresh: look, guards, steps, and the head moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from segctl.apply.execute import execute
from segctl.apply.next_record import Stamp, next_record
from segctl.apply.steps import steps
from segctl.diagnostics import Refused
from segctl.plan.grants import Grant
from segctl.plan.plan import Held, Plan
from segctl.progress import Progress
from segctl.state.holder import Holder
from segctl.state.lease import Lease
from segctl.state.lock import lock
from segctl.state.record import Author, Override
from segctl.state.state import State
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Review, Run


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was prepared, and the serial that it became; None if there was nothing to do, or somebody said no.

    `overrides` are the guards that were let pass, as the record keeps them.
    """

    prepared: Prepared
    serial: int | None = None
    declined: bool = False
    overrides: tuple[Override, ...] = ()

    @property
    def held(self) -> tuple[str, ...]:
        """Why something was held, a message for each."""
        return () if self.declined else tuple(held_messages(self.prepared.plan))


@dataclass(frozen=True)
class Hold:
    """A state whose lock is held, and what the next record says of who writes it."""

    state: State
    lease: Lease
    stamp: Stamp

    def granting(self, grants: tuple[Grant, ...]) -> Hold:
        """The same, with guards that may pass for a reason each."""
        return replace(self, stamp=replace(self.stamp, grants=grants))


@contextmanager
def held(state: State, run: Run, operation: str, now_us: int, reason: str = "") -> Iterator[Hold]:
    """Hold a state's lock; a state that is none yet gets its lineage. `reason` is why guards are let pass.

    Raises:
        Locked: somebody else is at work.
    """
    with lock(state.store, Holder(run.origin, operation, now_us), run.waiting, state.fence) as lease:
        state.mint(run.lineage)
        yield Hold(state, lease, _stamp(run, now_us, reason))


def commit(hold: Hold, prepared: Prepared, review: Review, progress: Progress) -> Outcome:
    """Show what is prepared, and do it unless a guard stops it or it is declined.

    Raises:
        Refused: guards stop it, or leave nothing to publish; each says how to let it pass.
        SegctlError: the state cannot be written; it is as it was.
    """
    review.show(prepared)
    refuse(prepared.plan)
    if prepared.plan.is_empty:
        return Outcome(prepared)
    if not review.confirm(prepared):
        return Outcome(prepared, declined=True)
    head = prepared.head
    stamp = replace(hold.stamp, lineage=head.lineage) if head else hold.stamp  # who named the state first has named it
    following = prepared.following
    record = next_record(prepared.before, head.record or None if head else None, prepared.plan, following, stamp)
    published = steps(head, record, prepared.population, following.memberships, following.table)
    execute(published, hold.state, hold.lease, progress)
    return Outcome(prepared, serial=record.serial, overrides=record.overrides)


def refuse(plan: Plan) -> None:
    """Refuse what a guard stops, and a plan of which all is held.

    Raises:
        Refused: each guard says how to let it pass.
    """
    stops = [] if plan.is_empty else [finding.message for finding in plan.findings() if finding.stops]
    if stops:
        raise Refused(stops)
    if plan.all_held:
        raise Refused(held_messages(plan), hint="nothing is left to publish, so there is no new serial")


def held_messages(plan: Plan) -> list[str]:
    """Why each of what was evaluated is held: what refuses it, or what it depends on."""
    return [message for one in plan.held_now for message in _messages(one)]


def _messages(held: Held) -> list[str]:
    others = ", ".join(f"{kind} `{name}`" for kind, name in held.through)
    through = f"{held.key[0]} `{held.key[1]}` depends on {others}, held too" if others else ""
    return [reason.message for reason in held.reasons] or [through]


def _stamp(run: Run, now_us: int, reason: str) -> Stamp:
    origin = run.origin
    author = Author(origin.who, origin.host, origin.commit, origin.run)
    return Stamp(now_us, author, run.lineage, run.nonce, reason)
