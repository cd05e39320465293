"""An older serial that comes back as a new one: the same definitions, and the same objects. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from segctl.apply.next_record import Content, serial_after, summaries
from segctl.load.document import Key
from segctl.plan.plan import Members, Plan
from segctl.state.membership import Packed
from segctl.state.record import Record, Snapshot, Trait, Traits
from segctl.state.traits import PackedTraits


@dataclass(frozen=True, eq=False)
class Restoration:
    """The record that comes back, its definitions with fingerprints of this version; there is nothing to write."""

    record: Record
    memberships: Mapping[Key, Packed] = field(default_factory=dict)
    table: PackedTraits | None = None

    def content(self, before: Record | None, plan: Plan) -> Content:
        """What the older serial held; what has to be told apart from `before` is of the new serial."""
        then, serial = self.record, serial_after(before)
        snapshots = _snapshots(then, before, plan)
        return Content(
            as_of_us=then.as_of_us,
            project=then.project,
            definitions=then.definitions,
            snapshots=snapshots,
            population=then.population,
            data=then.data,
            changes={change.key: str(change.action) for change in plan.changes},
            archived=_archived(then, before),
            traits=_traits(then, before, plan),
            restores=then.serial,
            former=before.former if before else then.former,
            held=then.held,
            evaluated=summaries(before, {serial: then.evaluated.get(then.serial)}, snapshots),
        )


def is_back(then: Record, now: Record) -> bool:
    """Whether everything published is what it was then, as of the same instants."""
    return _published(then) == _published(now)


def _published(record: Record) -> object:
    traits = record.traits
    columns = {name: column.as_of_us for name, column in traits.columns.items()} if traits else {}
    tables = (traits.table, columns) if traits else None
    return record.as_of_us, record.data, record.population, _contents(record.snapshots), tables


def _contents(snapshots: Mapping[Key, Snapshot]) -> dict[Key, Snapshot]:
    return {key: _content(snapshot) for key, snapshot in snapshots.items()}


def _content(snapshot: Snapshot) -> Snapshot:
    """A snapshot without what it was made by, and against what."""
    return replace(snapshot, serial=0, entered=0, exited=0, reassigned=0)


def _snapshots(then: Record, before: Record | None, plan: Plan) -> dict[Key, Snapshot]:
    serial, kept = serial_after(before), before.snapshots if before else {}
    effects = {change.key: change.members for change in plan.changes}
    snapshots: dict[Key, Snapshot] = {}
    for key, snapshot in then.snapshots.items():
        if key in kept and _content(kept[key]) == _content(snapshot):
            snapshots[key] = kept[key]
            continue
        effect = effects.get(key) or Members(snapshot.members, snapshot.members)
        snapshots[key] = replace(
            snapshot, serial=serial, entered=effect.entered, exited=effect.exited, reassigned=effect.reassigned
        )
    return snapshots


def _traits(then: Record, before: Record | None, plan: Plan) -> Traits | None:
    if then.traits is None:
        return None
    serial, kept = serial_after(before), before.columns if before else {}
    effects = {change.key: change.values for change in plan.changes}
    columns: dict[str, Trait] = {}
    for name, column in then.traits.columns.items():
        effect, now = effects.get(("trait", name)), kept.get(name)
        changed = effect.changed if effect else 0
        same = now is not None and not changed and (now.as_of_us, now.users) == (column.as_of_us, column.users)
        made = now if now and same else replace(column, serial=serial, changed=changed)
        columns[name] = replace(made, column=column.column)
    return replace(then.traits, columns=columns)


def _archived(then: Record, before: Record | None) -> dict[Key, int]:
    """What was removed, then, since, or now, and has not come back."""
    if before is None:
        return dict(then.archived)
    removed = dict.fromkeys(before.definitions, before.serial)
    known = {**then.archived, **before.archived, **removed}
    return {key: serial for key, serial in known.items() if key not in then.definitions}
