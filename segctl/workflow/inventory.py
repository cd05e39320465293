"""What there is: the definitions on disk beside what is applied."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Key
from segctl.plan.compare import Difference
from segctl.plan.plan import Action, Reason
from segctl.selection import EVERYTHING, Selection
from segctl.state.record import HeldBack, Snapshot, Trait
from segctl.workflow.compared import Compared, compared
from segctl.workflow.naming import absent
from segctl.workflow.opened import opened
from segctl.workflow.selection import chosen


class Status(enum.StrEnum):
    """How a definition on disk stands to what is applied."""

    APPLIED = "applied"
    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"
    RENAMED = "renamed"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Item:
    """A definition in a listing; `snapshot`, or of a trait `values`, is None until an apply has published it.

    `moved_from` is the name that it is applied by, where that is another one. `last_serial` is the last
    serial that had it, of what is there no more. `held` says why it is kept at what was published before.
    """

    key: Key
    status: Status
    snapshot: Snapshot | None
    data: Mapping[str, object]
    values: Trait | None = None
    moved_from: str | None = None
    last_serial: int | None = None
    held: HeldBack | None = None


@dataclass(frozen=True)
class Inventory:
    """All that is defined or applied, sorted by key; serial 0 before the first apply."""

    project: str
    zone: str
    serial: int
    items: tuple[Item, ...]


def inventory(start: Path, access: Access = ANYWHERE, selection: Selection = EVERYTHING) -> Inventory:
    """Everything of the project that `start` lies in, or what is selected of it.

    Raises:
        InvalidInput: definitions that are wrong.
        Usage: the selection matches nothing.
    """
    project = opened(start, access)
    comparison = compared(project)
    record = comparison.applied.record
    name = project.definitions.project.key[1]
    found = items(comparison)
    if not selection.is_everything:
        keys = chosen(project, record.definitions if record else {}, selection).keys
        found = tuple(item for item in found if item.key in keys)
    return Inventory(name, project.zone, record.serial if record else 0, found)


def items(comparison: Compared) -> tuple[Item, ...]:
    """All that is defined, archived or applied, sorted by key; what was renamed under its new name."""
    before, put_away = comparison.before, comparison.project.definitions.archived
    applied = before.definitions if before else {}
    columns = before.columns if before else {}
    found = {difference.key: difference for difference in comparison.differences}
    data = {key: one.data for key, one in applied.items()} | {key: one.data for key, one in put_away.items()}
    data |= {key: one.data for key, one in comparison.after.items()}
    return tuple(
        Item(
            key,
            Status.ARCHIVED if key in put_away else _status(found.get(key)),
            comparison.snapshots.get(key),
            data[key],
            columns.get(key[1]) if key[0] == "trait" else None,
            found[key].moved_from if key in found else None,
            before.archived.get(key) if before else None,
            before.held.get(key) if before else None,
        )
        for key in sorted(data)
        if key[0] != "test"
    )


def gone(comparison: Compared) -> Mapping[Key, SegctlError]:
    """What to say of names that are neither on disk nor applied any more."""
    return absent(comparison.before) if comparison.before else {}


def _status(difference: Difference | None) -> Status:
    if difference is None:
        return Status.APPLIED
    return Status.RENAMED if difference.reasons == (Reason.MOVED,) else _STATUS[difference.action]


_STATUS = {Action.CREATE: Status.NEW, Action.UPDATE: Status.CHANGED, Action.DELETE: Status.REMOVED}
