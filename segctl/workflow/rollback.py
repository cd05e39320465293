"""`segctl rollback SERIAL`: an older serial comes back as a new one. Needs the state alone, no data."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from segctl.apply.restoration import Restoration, is_back
from segctl.diagnostics import InvalidInput, SegctlError, Stale
from segctl.load.project import project_of
from segctl.plan import definition
from segctl.plan.allowances import check_names
from segctl.plan.build import Sides, rollback_plan
from segctl.plan.holds import still_held
from segctl.plan.plan import Basis
from segctl.progress import Progress
from segctl.state.faults import fault
from segctl.state.reach import referred
from segctl.state.record import Head, Record
from segctl.state.state import State
from segctl.workflow.commit import Outcome, commit, held
from segctl.workflow.compared import compared
from segctl.workflow.opened import opened, opened_state
from segctl.workflow.policies import judged_back
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Request, Review, Run
from segctl.workflow.then_and_now import distance

MOST_NAMED = 3


@dataclass(frozen=True, eq=False)
class Back:
    """What came of it; `ahead` definitions on disk are not as they are applied now (None: they have errors)."""

    outcome: Outcome
    ahead: int | None = 0


def check_serial(start: Path, serial: int) -> None:
    """See to it that there is such a serial, before anything else is asked or said.

    Raises:
        SegctlError: there is none, or it is not kept any more.
        Stale: the state is damaged.
    """
    _, state, _ = opened_state(start)
    _ = state.record(serial)


def preview(start: Path, serial: int, request: Request) -> Prepared:
    """What a rollback would do. Writes nothing, and takes no lock.

    Raises:
        SegctlError: there is no such serial, or it is not kept any more.
        Stale: the state is damaged.
    """
    root, state, _ = opened_state(start)
    return _prepare(root, state, serial, request)


def rollback(  # noqa: PLR0913 what comes back, for whom, and who looks and is told
    start: Path, serial: int, request: Request, run: Run, *, review: Review, progress: Progress
) -> Back:
    """Publish as a new serial what an older one held; with nothing to bring back, no new serial.

    Raises:
        SegctlError: there is no such serial, or it is not kept any more.
        Locked: somebody else is at work.
        Refused: guards stop it.
        Stale: the state is damaged, or something of the older serial is; what it is is named.
    """
    root, state, _ = opened_state(start)
    request.check_reason()
    with held(state, run, "rollback", request.now_us, request.reason) as hold:
        prepared = _prepare(root, state, serial, request)
        outcome = commit(hold, prepared, review, progress)
    return Back(outcome, _ahead(start) if outcome.serial else 0)


def _ahead(start: Path) -> int | None:
    try:
        return len(compared(opened(start)).differences)
    except InvalidInput:
        return None


def _prepare(root: Path, state: State, serial: int, request: Request) -> Prepared:
    head, now, then = _pair(state, serial)
    way = distance(root, state, now, then)
    now, then, documents = way.now, way.then, way.definitions
    allowances = request.allowances()
    check_names(allowances, {*now.definitions, *then.definitions})
    plan = rollback_plan(
        _basis(head, then),
        Sides(now.definitions, then.definitions, judged=judged_back(documents, now, then, state)),
        way.differences,
        way.effects,
        allowances,
        restores=serial,
        is_back=is_back(then, now),
        held=tuple(still_held(key, one) for key, one in sorted(then.held.items())),
    )
    return Prepared(plan, project_of(documents.project).timezone, head, now, Restoration(then))


def _pair(state: State, serial: int) -> tuple[Head, Record, Record]:
    """The head, its record, and that of an older serial, which the chain of records leads to."""
    head = state.head()
    _ = state.record(serial)  # says what is wrong with a number that is none
    if head is None:
        raise SegctlError("nothing has been applied yet, so there is nothing to go back to")
    way = islice(state.records_of(head), head.serial - serial + 1)
    then = deque(way, maxlen=1).pop()
    _whole(state, then, head)
    return head, state.record_of(head), then


def _whole(state: State, then: Record, head: Head) -> None:
    """See to it that everything that comes back is there, each bit of it."""
    wrong = [found for name in sorted(referred(then, head.erasures)) if (found := fault(state, name))]
    if wrong:
        more = f"; and {len(wrong) - MOST_NAMED:,} more" if len(wrong) > MOST_NAMED else ""
        named = "; ".join(wrong[:MOST_NAMED])
        raise Stale(f"serial {then.serial} cannot come back: {named}{more}", hint="`segctl doctor` checks all of it")


def _basis(head: Head, then: Record) -> Basis:
    return Basis(
        project=str(then.project["name"]),
        lineage=head.lineage,
        serial=head.serial,
        as_of_us=then.as_of_us,
        definitions=definition.digest(then.project, then.definitions),
        data=then.data,
    )
