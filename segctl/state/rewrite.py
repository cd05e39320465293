"""Records as they would be if some users had never been there. Pure.

Counts follow: members, who entered and exited at a serial, who has a value of a trait. Where the serial before is
not kept, nobody can tell whether an erased user had just entered: then these counts stay, but never exceed the members.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from segctl.load.document import Key
from segctl.sources.sought import SoughtIds
from segctl.state.cut import Cut, CutMembership, CutTable
from segctl.state.record import Record, Snapshot, Trait, Traits


@dataclass(frozen=True, eq=False)
class Rewriter:
    """What becomes of each object, by its digest; records are handed in from the oldest on.

    `secret` is known to nobody afterwards. Digests of the data replace each other under it: equal ones stay equal,
    and none can be tried against a list of ids any more.
    """

    sought: SoughtIds
    populations: Mapping[str, Cut]
    memberships: Mapping[str, CutMembership]
    tables: Mapping[str, CutTable]
    secret: bytes
    _snapshots: dict[tuple[Key, Snapshot], Snapshot] = field(default_factory=dict)
    _columns: dict[tuple[Key, Trait], Trait] = field(default_factory=dict)

    def record(self, old: Record, before: Record | None, previous: str | None) -> Record:
        """The record anew; `before` is the old record of the serial before, None if it is not kept.

        `previous` is the digest of the new record of the serial before.
        """
        snapshots = {key: self._snapshot(key, snapshot, old, before) for key, snapshot in old.snapshots.items()}
        traits = self._traits(old, before)
        population = self._population(old.population)
        same = (snapshots, traits, population) == (old.snapshots, old.traits, old.population)
        return replace(
            old,
            snapshots=snapshots,
            traits=traits,
            population=population,
            previous=previous,
            data=self._unlinked(old.data),
            plan=old.plan if same else None,  # its digest is also of the memberships that it made
            overrides=tuple(replace(one, reason=self.sought.redacted(one.reason)) for one in old.overrides),
        )

    def _population(self, digest: str) -> str:
        cut = self.populations.get(digest)
        return digest if cut is None else cut.population

    def _unlinked(self, digest: str) -> str:
        return hashlib.sha256(self.secret + digest.encode()).hexdigest()[: len(digest)]

    # --- memberships -----------------------------------------------------------------------------

    def _snapshot(self, key: Key, old: Snapshot, record: Record, before: Record | None) -> Snapshot:
        """Made at this serial, or repeated from an earlier one, which was rewritten in the same way."""
        made = record.name_at(key, old.serial), old
        if made not in self._snapshots:
            known = old.serial == record.serial and (before is not None or record.serial == 1)
            then = before.snapshots.get(record.name_at(key, before.serial)) if before else None
            self._snapshots[made] = self._cut(old, then) if known else self._cut_of_unknown(old)
        return self._snapshots[made]

    def _gone(self, snapshot: Snapshot | None) -> Mapping[int, int]:
        cut = self.memberships.get(snapshot.membership) if snapshot else None
        return cut.gone if cut else {}

    def _cut(self, old: Snapshot, then: Snapshot | None) -> Snapshot:
        new, was = self._gone(old), self._gone(then)
        stay = [number for number in new if number in was]
        redrawn = sum(_variant(old, new[n]) != _variant(then, was[n]) for n in stay if then is not None)
        return replace(
            self._members(old),
            entered=old.entered - sum(number not in was for number in new),
            exited=old.exited - sum(number not in new for number in was),
            reassigned=old.reassigned - redrawn,
        )

    def _cut_of_unknown(self, old: Snapshot) -> Snapshot:
        new = self._members(old)
        return replace(new, entered=min(old.entered, new.members), reassigned=min(old.reassigned, new.members))

    def _members(self, old: Snapshot) -> Snapshot:
        cut = self.memberships.get(old.membership)
        if cut is None:
            return replace(old, population=self._population(old.population))
        lost = list(cut.gone.values())
        variants = tuple((name, members - lost.count(place)) for place, (name, members) in enumerate(old.variants))
        return replace(
            old,
            population=self._population(old.population),
            membership=cut.digest,
            members=cut.members,
            variants=variants,
        )

    # --- traits ----------------------------------------------------------------------------------

    def _traits(self, record: Record, before: Record | None) -> Traits | None:
        old = record.traits
        cut = self.tables.get(old.table) if old else None
        if old is None or cut is None:
            return old
        columns = {name: self._column(name, cut, record, before) for name in old.columns}
        return Traits(cut.digest, cut.population, columns)

    def _column(self, name: str, cut: CutTable, record: Record, before: Record | None) -> Trait:
        assert record.traits is not None  # noqa: S101 the caller has looked
        old = record.traits.columns[name]
        key = ("trait", name)
        made = record.name_at(key, old.serial), replace(old, column=None)
        if made not in self._columns:
            self._columns[made] = self._cut_column(name, cut, record, before)
        return replace(self._columns[made], column=old.column)

    def _cut_column(self, name: str, cut: CutTable, record: Record, before: Record | None) -> Trait:
        assert record.traits is not None  # noqa: S101 the caller has looked
        old, column = record.traits.columns[name], record.traits.column(name)
        mine = {number: row[column] for number, row in cut.gone.items()}
        users = old.users - sum(value is not None for _, value in mine.values()) - cut.removed.get(column, 0)
        if old.serial != record.serial or (before is None and record.serial > 1):
            return replace(old, users=users, changed=min(old.changed, users))
        was = self._before(record.name_at(("trait", name), record.serial - 1)[1], before)
        changed = sum(_differ(value, was.get(number)) for number, value in mine.items())
        return replace(old, users=users, changed=max(0, old.changed - changed))

    def _before(self, name: str, before: Record | None) -> Mapping[int, tuple[str, object]]:
        """What erased users had in the table of the serial before."""
        traits = before.traits if before else None
        cut = self.tables.get(traits.table) if traits else None
        if traits is None or cut is None or name not in traits.columns:
            return {}
        return {number: row[traits.column(name)] for number, row in cut.gone.items()}


def _variant(snapshot: Snapshot | None, number: int) -> str | None:
    return snapshot.variants[number][0] if snapshot and snapshot.variants else None


def _differ(now: tuple[str, object], was: tuple[str, object] | None) -> bool:
    """As `plan.values.different`: a missing value is the same as a missing value, other types are others."""
    (kind, value), (kind_then, then) = now, was or (now[0], None)
    if value is None or then is None:
        return value is not then
    return kind != kind_then or value != then
