"""How far apart two serials are, by what was published at each: no data are read, and nothing is evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from segctl.graph import build
from segctl.load.document import Key
from segctl.load.project import Definitions
from segctl.plan import movement, values
from segctl.plan.build import Effect
from segctl.plan.compare import Difference, compare, compare_projects
from segctl.plan.movement import Held
from segctl.plan.moves import moves_between, renamed
from segctl.plan.plan import Action, Members, Reason
from segctl.state.record import Record, Snapshot
from segctl.state.state import State
from segctl.workflow.compared import of_this_version
from segctl.workflow.opened import applied
from segctl.workflow.stored import Stored
from segctl.workflow.values import Published, removed


@dataclass(frozen=True, eq=False)
class Serials:
    """Two serials of a state; one goes from `now` to `then`, whichever is the older one.

    Who moves does so by definition where the definition is another one, else by data.
    """

    state: State
    now: Record
    then: Record
    _carried: dict[str, Stored] = field(default_factory=dict)

    def memberships(self, keys: Iterable[Key]) -> Iterator[tuple[Key, Effect]]:
        """The effects on memberships, one resource after the other, so that only one is held in full."""
        for key in keys:
            before, after = self.now.snapshots.get(key), self.then.snapshots.get(key)
            if after is None and before is not None:
                yield key, Effect(movement.deleted(before.members, before.variants))
            elif after is not None and before is None:
                yield key, Effect(movement.created(self._held(after)), after.membership)
            elif after is not None:
                yield key, Effect(self._moved(key, after), after.membership)

    def traits(self, names: Iterable[str]) -> Iterator[tuple[Key, Effect]]:
        """The effects on traits; users are those of `then`."""
        wanted = list(names)
        now, then = Published(self.state, self.now.traits), Published(self.state, self.then.traits)
        table = then.table
        new = table.columns if table else {}
        kept = [name for name in wanted if name in new]
        old = now.columns(self.state.population(table.population)) if table and kept else {}
        spreads = now.spreads([name for name in kept if name in old])
        for name in kept:
            key = ("trait", name)
            same = new[name] if self._same(key) else None
            known = name in spreads
            effect = values.moved(old[name], spreads[name], same, new[name]) if known else values.created(new[name])
            yield key, Effect(values=effect)
        yield from removed(now, [("trait", name) for name in wanted if name not in new]).items()

    def stirred(self) -> list[Key]:
        """The resources whose published members are others, or of another population."""
        keys = sorted({*self.now.snapshots, *self.then.snapshots})
        return [key for key in keys if _content(self.now.snapshots.get(key)) != _content(self.then.snapshots.get(key))]

    def recomputed(self) -> list[str]:
        """The traits of tables that are not the same one."""
        tables = [record.traits for record in (self.now, self.then)]
        names = sorted({name for table in tables if table for name in table.columns})
        digests = {table.table if table else None for table in tables}
        gone = {name for name in names if sum(name in table.columns for table in tables if table) == 1}
        return names if len(digests) > 1 else sorted(gone)

    def _moved(self, key: Key, after: Snapshot) -> Members:
        if _content(self.now.snapshots[key]) == _content(after):
            return movement.unmoved(after.members, after.variants)
        stored = self._stored(after.population).held(key)
        new = self._held(after)
        if stored is None:
            raise KeyError(key)
        return movement.moved(stored, new.bits if self._same(key) else None, new)

    def _same(self, key: Key) -> bool:
        """Whether a definition means the same at both serials."""
        one, other = self.now.definitions.get(key), self.then.definitions.get(key)
        return one is not None and other is not None and one.deep == other.deep

    def _stored(self, population: str) -> Stored:
        if population not in self._carried:
            users = self.state.population(population)
            self._carried[population] = Stored(self.state, self.now.snapshots, users)
        return self._carried[population]

    def _held(self, snapshot: Snapshot) -> Held:
        membership = self.state.membership(snapshot.membership)
        names = tuple(name for name, _ in snapshot.variants)
        return Held(membership.bits, 0, membership.variants, names, snapshot.variants)


def _content(snapshot: Snapshot | None) -> object:
    return None if snapshot is None else (snapshot.membership, snapshot.variants)


@dataclass(frozen=True)
class Distance:
    """What differs on the way from `now` to `then`, the project's own differences too, and the effect on everybody.

    Both have fingerprints of this version, and everything has the name that it has in `then`, whose
    definitions these are.
    """

    now: Record
    then: Record
    definitions: Definitions
    differences: tuple[Difference, ...]
    effects: Mapping[Key, Effect]


def distance(root: Path, state: State, now: Record, then: Record) -> Distance:
    """How far it is from one serial to another one, whichever is the older.

    Raises:
        InvalidInput: definitions that this version does not know.
        Stale: the state is damaged.
    """
    now, then = of_this_version(root, now), of_this_version(root, then)
    definitions, moved = applied(root, then), moves_between(now, then)
    now = renamed(now, moved)
    found = compare(now.definitions, then.definitions, build(definitions), moved)
    differences, effects = _effects(state, now, then, found)
    own = compare_projects(now.project, then.project)
    every = sorted((*own, *differences), key=lambda difference: difference.key)
    return Distance(now, then, definitions, tuple(every), effects)


def _effects(
    state: State, now: Record, then: Record, found: Iterable[Difference]
) -> tuple[Iterable[Difference], Mapping[Key, Effect]]:
    """The differences of definitions, those of the data beside them, and the effect on everybody."""
    serials = Serials(state, now, then)
    differences = {difference.key: difference for difference in found}
    moving = {key for key, difference in differences.items() if difference.moves_members}
    computed = {("trait", name) for name in serials.recomputed()}
    stirred = {*serials.stirred(), *computed}
    effects = dict(serials.memberships(sorted(key for key in {*stirred, *moving} if key[0] != "trait")))
    effects |= serials.traits(sorted(name for kind, name in {*stirred, *moving} if kind == "trait"))
    for key in stirred:
        known = differences.get(key, Difference(key, Action.UPDATE))
        if known.action is Action.UPDATE and not known.moves_members:
            differences[key] = replace(known, reasons=(*known.reasons, Reason.DATA))
    return differences.values(), effects
