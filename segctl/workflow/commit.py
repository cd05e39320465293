"""The common end of apply and refresh: look, guards, steps, and the head moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from segctl.apply.execute import execute
from segctl.apply.next_record import Stamp, next_record
from segctl.apply.steps import steps
from segctl.diagnostics import Refused
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


@contextmanager
def held(state: State, run: Run, operation: str, now_us: int) -> Iterator[Lease]:
    """Hold a state's lock; a state that is none yet gets its lineage.

    Raises:
        Locked: somebody else is at work.
    """
    with lock(state.store, Holder(run.origin, operation, now_us), run.waiting, state.fence) as lease:
        state.mint(run.lineage)
        yield lease


def commit(  # noqa: PLR0913 what is done, where, under which lock, and who looks and is told
    state: State, prepared: Prepared, review: Review, *, stamp: Stamp, lease: Lease, progress: Progress
) -> Outcome:
    """Show what is prepared, and do it unless a guard stops it or it is declined; the lock is held.

    Raises:
        Refused: guards stop it; each says how to let it pass.
        SegctlError: the state cannot be written; it is as it was.
    """
    review.show(prepared)
    if prepared.plan.is_empty:
        return Outcome(prepared)
    stops = [finding.message for finding in prepared.plan.findings() if finding.stops]
    if stops:
        raise Refused(stops)
    if not review.confirm(prepared):
        return Outcome(prepared, declined=True)
    head = prepared.head
    stamp = replace(stamp, lineage=head.lineage) if head else stamp  # whoever named the state first has named it
    following = prepared.following
    record = next_record(prepared.before, head.record or None if head else None, prepared.plan, following, stamp)
    published = steps(head, record, prepared.population, following.memberships, following.table)
    execute(published, state, lease, progress)
    return Outcome(prepared, serial=record.serial, overrides=record.overrides)


def stamp(run: Run, now_us: int, reason: str = "") -> Stamp:
    """When, by whom, and why guards are let pass."""
    origin = run.origin
    author = Author(origin.who, origin.host, origin.commit, origin.run)
    return Stamp(now_us, author, run.lineage, run.nonce, reason)
