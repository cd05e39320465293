"""The record that follows: what holds once a plan has been applied. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from segctl.index.summary import Summary
from segctl.load.document import Key
from segctl.plan.allowances import overrides
from segctl.plan.definition import FINGERPRINTS
from segctl.plan.grants import Grant
from segctl.plan.plan import Action, Held, Members, Plan
from segctl.state.membership import Packed
from segctl.state.record import Author, Definition, HeldBack, Record, Snapshot, Trait, Traits
from segctl.state.traits import PackedTraits

REFRESH = "refresh"
MOST_SUMMARIES = 8


@dataclass(frozen=True, eq=False)
class NewTraits:
    """A table of all traits, and of those computed for it how many users have a value, and for how many it changed."""

    packed: PackedTraits
    computed: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Content:
    """What a serial holds, whoever made it and when; `restores` is the older serial whose content this is."""

    as_of_us: int
    project: Mapping[str, object]
    definitions: Mapping[Key, Definition]
    snapshots: Mapping[Key, Snapshot]
    population: str
    data: str
    changes: Mapping[Key, str]
    archived: Mapping[Key, int]
    traits: Traits | None
    restores: int | None = None
    former: Mapping[Key, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    held: Mapping[Key, HeldBack] = field(default_factory=dict)
    evaluated: Mapping[int, Summary] = field(default_factory=dict)


class Following(Protocol):
    """What follows from a plan: the objects that are new, and what the next serial holds."""

    @property
    def memberships(self) -> Mapping[Key, Packed]:
        """The memberships that have to be written."""

    @property
    def table(self) -> PackedTraits | None:
        """The table of traits that has to be written."""

    def content(self, before: Record | None, plan: Plan) -> Content:
        """What the serial after `before` holds."""


@dataclass(frozen=True, eq=False)
class Publication:
    """What is published anew, and what is defined from then on.

    `memberships` are over the population of digest `population` (None: nothing was evaluated);
    `variants` are those of campaigns, with their members. `traits` is the table of all traits, None
    where it stays as it is. `summary` says what the data held. What the plan holds is not published.
    """

    project: Mapping[str, object]
    definitions: Mapping[Key, Definition]
    memberships: Mapping[Key, Packed]
    variants: Mapping[Key, tuple[tuple[str, int], ...]]
    population: str | None
    data: str
    traits: NewTraits | None = None
    summary: Summary | None = None

    @property
    def table(self) -> PackedTraits | None:
        """The table of traits that has to be written."""
        return self.traits.packed if self.traits else None

    def content(self, before: Record | None, plan: Plan) -> Content:
        """What is published now, and what of `before` stays as it is."""
        serial, evaluated = serial_after(before), self.population is not None
        snapshots = _snapshots(before, serial, plan, self)
        return Content(
            as_of_us=plan.basis.as_of_us if evaluated or before is None else before.as_of_us,
            project=self.project,
            definitions=self.definitions,
            snapshots=snapshots,
            population=self.population or (before.population if before else ""),
            data=self.data if evaluated or before is None else before.data,
            changes={c.key: REFRESH if plan.operation == REFRESH else str(c.action) for c in plan.changes},
            archived=_archived(before, plan),
            traits=_traits(before, serial, plan, self),
            former=before.former if before else {},
            held={one.key: held_back(one) for one in plan.held},
            evaluated=summaries(before, {serial: self.summary}, snapshots),
        )


@dataclass(frozen=True, slots=True)
class Stamp:
    """When it happens, by whom; `lineage` names a state that is new, `nonce` this attempt.

    `reason` says why guards are let pass; `grants` say it for each on its own.
    """

    created_us: int
    author: Author
    lineage: str
    nonce: str = ""
    reason: str = ""
    grants: tuple[Grant, ...] = ()


def next_record(before: Record | None, digest: str | None, plan: Plan, following: Following, stamp: Stamp) -> Record:
    """The record after `before`, whose digest is given."""
    content = following.content(before, plan)
    return Record(
        serial=serial_after(before),
        lineage=before.lineage if before else stamp.lineage,
        operation=plan.operation,
        as_of_us=content.as_of_us,
        created_us=stamp.created_us,
        author=stamp.author,
        project=content.project,
        definitions=content.definitions,
        snapshots=content.snapshots,
        population=content.population,
        data=content.data,
        fingerprints=FINGERPRINTS,
        changes=content.changes,
        archived=content.archived,
        previous=digest,
        traits=content.traits,
        plan=plan.digest,
        overrides=overrides(plan, stamp.reason, stamp.grants),
        nonce=stamp.nonce,
        restores=content.restores,
        former=content.former,
        held=content.held,
        evaluated=content.evaluated,
    )


def serial_after(before: Record | None) -> int:
    """The number of the next serial."""
    return before.serial + 1 if before else 1


def held_back(held: Held) -> HeldBack:
    """What a record keeps of what is held."""
    return HeldBack(held.since_us, tuple((one.rule, one.message) for one in held.reasons), held.through)


def summaries(
    before: Record | None, new: Mapping[int, Summary | None], snapshots: Mapping[Key, Snapshot]
) -> dict[int, Summary]:
    """What the data held when the snapshots were made that are published; of many instants the last ones."""
    known: dict[int, Summary | None] = {**(before.evaluated if before else {}), **new}
    serials = sorted({snapshot.serial for snapshot in snapshots.values()} & set(known), reverse=True)
    kept = {serial: known[serial] for serial in serials[:MOST_SUMMARIES]}
    return {serial: summary for serial, summary in kept.items() if summary is not None}


def _snapshots(before: Record | None, serial: int, plan: Plan, publication: Publication) -> dict[Key, Snapshot]:
    """Those that are published now, and those that stay as they are."""
    kept = before.snapshots if before else {}
    effects = {change.key: change.members for change in plan.changes}
    snapshots = {key: kept[key] for key in publication.definitions if key in kept}
    for key, packed in publication.memberships.items():
        effect = effects.get(key) or Members(packed.members, packed.members)
        snapshots[key] = Snapshot(
            serial=serial,
            as_of_us=plan.basis.as_of_us,
            population=packed.population,
            membership=packed.digest,
            members=packed.members,
            entered=effect.entered,
            exited=effect.exited,
            reassigned=effect.reassigned,
            variants=publication.variants.get(key, ()),
        )
    return snapshots


def _traits(before: Record | None, serial: int, plan: Plan, publication: Publication) -> Traits | None:
    """The columns that are computed now, and those that stay as they are."""
    names = sorted(name for kind, name in publication.definitions if kind == "trait")
    if not names:
        return None
    kept = before.traits if before else None
    columns = {name: kept.columns[name] for name in names if kept and name in kept.columns}
    new = publication.traits
    if new is None:
        return None if kept is None else Traits(kept.table, kept.population, columns)
    columns = {name: replace(column, column=None) for name, column in columns.items()}
    for name, (users, changed) in new.computed.items():
        columns[name] = Trait(serial, plan.basis.as_of_us, users, changed)
    return Traits(new.packed.digest, new.packed.population, columns)


def _archived(before: Record | None, plan: Plan) -> dict[Key, int]:
    """What was removed, now or earlier, and has not come back."""
    if before is None:
        return {}
    removed = {c.key: before.serial for c in plan.changes if c.action is Action.DELETE}
    there = {c.key for c in plan.changes if c.action is not Action.DELETE}
    return {key: serial for key, serial in {**before.archived, **removed}.items() if key not in there}
