"""`segctl diff`: two serials against each other, by the definitions and memberships that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.graph import build
from segctl.plan.build import changes_of
from segctl.plan.compare import compare, compare_projects
from segctl.plan.moves import Moves, moves_back, renamed
from segctl.plan.plan import Change
from segctl.state.record import Record
from segctl.workflow.compared import of_this_version
from segctl.workflow.opened import applied, opened_state
from segctl.workflow.then_and_now import distances


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
    old, new = of_this_version(root, old), of_this_version(root, new)
    moved = _moves(old, new)
    old = renamed(old, moved)
    found = compare(old.definitions, new.definitions, build(applied(root, new)), moved)
    differences, effects = distances(state, old, new, found)
    own = compare_projects(old.project, new.project)
    changes = changes_of(sorted((*own, *differences), key=lambda difference: difference.key), effects)
    touched = {change.key for change in changes}
    return Between(old, new, changes, sum(key not in touched for key in new.definitions), zone)


def _moves(old: Record, new: Record) -> Moves:
    """What has another name, by its name in `new`; the later one of the two knows."""
    if old.serial > new.serial:
        return moves_back(old, new)
    names = {key: new.name_at(key, old.serial) for key in new.former if key in new.definitions}
    known = old.definitions
    return {key: was for key, was in names.items() if was != key and was in known and key not in known}
