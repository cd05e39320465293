"""`segctl diff`: two serials against each other, by the definitions and memberships that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.plan.build import changes_of
from segctl.plan.plan import Change
from segctl.state.record import Record
from segctl.workflow.opened import opened_state
from segctl.workflow.then_and_now import distance


@dataclass(frozen=True)
class Between:
    """What is another one at serial `after` than at `before`, and how many definitions are not."""

    before: Record
    after: Record
    changes: tuple[Change, ...]
    unchanged: int
    zone: str


def diff(start: Path, before: int, after: int | None = None) -> Between:
    """What changed from one serial to another one (the current one), in whichever direction.

    Raises:
        SegctlError: nothing is applied, there is no such serial, or it is not kept any more.
        InvalidInput: definitions that this version does not know.
        Stale: the state is damaged.
    """
    root, state, zone = opened_state(start)
    old, new = state.record(before), state.current() if after is None else state.record(after)
    if new is None:
        raise SegctlError("nothing has been applied yet")
    way = distance(root, state, old, new)
    changes = changes_of(way.differences, way.effects)
    touched = {change.key for change in changes}
    unchanged = sum(key not in touched for key in way.then.definitions)
    return Between(way.now, way.then, changes, unchanged, zone)
