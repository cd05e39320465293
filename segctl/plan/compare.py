"""What is defined against what is applied: which resources differ, why, and in which fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from segctl.graph import Graph
from segctl.load.document import Key
from segctl.plan.definition import WITHOUT_MEMBERS, logic, metadata, sources
from segctl.plan.diff import diff, form
from segctl.plan.moves import Moves
from segctl.plan.plan import Action, FieldChange, Reason, Use, Words
from segctl.state.record import Definition

_NOTHING_MOVED: Moves = MappingProxyType({})


@dataclass(frozen=True)
class Difference:
    """A resource that is not as it was applied.

    `redraws` says that it is a campaign under a new name, by which its variants are drawn anew. The rest
    is what a `Change` tells of it.
    """

    key: Key
    action: Action
    reasons: tuple[Reason, ...] = ()
    diff: tuple[FieldChange, ...] = ()
    moved_from: str | None = None
    redraws: bool = False
    uses: tuple[Key, ...] = ()
    used_by: tuple[Use, ...] = ()
    last_serial: int | None = None
    words: Words | None = None

    @property
    def moves_members(self) -> bool:
        """Whether its membership may be another one; a project and a policy have none."""
        if self.key[0] in WITHOUT_MEMBERS:
            return False
        if self.redraws:
            return True
        return self.action is not Action.UPDATE or bool({Reason.LOGIC, Reason.DEPENDS, Reason.DATA} & set(self.reasons))


def compare(
    before: Mapping[Key, Definition], after: Mapping[Key, Definition], graph: Graph, moved: Moves = _NOTHING_MOVED
) -> tuple[Difference, ...]:
    """The differences, sorted by key; `graph` says what each resource of `after` builds on.

    What is `moved` is already under its new name in `before`.
    """
    changed = {key for key in {*before, *after} if _own(before.get(key)) != _own(after.get(key))}
    building_on_changed = graph.downstream(*changed)
    found = []
    for key in sorted({*before, *after}):
        if key not in before:
            found.append(Difference(key, Action.CREATE))
        elif key not in after:
            found.append(Difference(key, Action.DELETE))
        else:
            updated = _update(key, before[key], after[key], key in building_on_changed)
            found.extend(_renamed(key, updated, moved[key][1], before[key], after[key]) if key in moved else updated)
    return tuple(found)


def _renamed(
    key: Key, updated: Iterable[Difference], name: str, before: Definition, after: Definition
) -> tuple[Difference, ...]:
    """A resource under a new name, with what else has changed of it."""
    both = next(iter(updated), Difference(key, Action.UPDATE))
    redraws = key[0] == "campaign" and any(one.data.get("variants") for one in (before, after))
    return (replace(both, reasons=(Reason.MOVED, *both.reasons), moved_from=name, redraws=redraws),)


def with_new_sources(differences: Iterable[Difference], kept: Iterable[Key]) -> tuple[Difference, ...]:
    """The differences where the project reads other data: the membership of every kept resource may be another one."""
    found = {difference.key: difference for difference in differences}
    for key in (key for key in kept if key[0] not in WITHOUT_MEMBERS):
        known = found.get(key, Difference(key, Action.UPDATE))
        found[key] = replace(known, reasons=(*known.reasons, Reason.DATA))
    return tuple(found[key] for key in sorted(found))


def compare_projects(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Difference, ...]:
    """The project's own difference, if there is one."""
    kinds = (Reason.LOGIC, logic), (Reason.METADATA, _named), (Reason.DATA, sources)
    differing = [(reason, part) for reason, part in kinds if form(part(before)) != form(part(after))]
    if not differing:
        return ()
    fields = tuple(change for _, part in differing for change in diff(part(before), part(after)))
    return (Difference(("project", str(after["name"])), Action.UPDATE, tuple(r for r, _ in differing), fields),)


def _named(project: Mapping[str, object]) -> dict[str, object]:
    """A project's name is no identity: there is one project in a state."""
    return {"name": project["name"], **metadata(project)}


def _update(key: Key, before: Definition, after: Definition, builds_on_changed: bool) -> tuple[Difference, ...]:  # noqa: FBT001
    reasons: list[Reason] = []
    fields: tuple[FieldChange, ...] = ()
    if before.own != after.own:
        reasons.append(Reason.LOGIC)
        fields += diff(logic(before.data), logic(after.data))
    if before.metadata != after.metadata:
        reasons.append(Reason.METADATA)
        fields += diff(metadata(before.data), metadata(after.data))
    if before.deep != after.deep and (before.own == after.own or builds_on_changed):
        reasons.append(Reason.DEPENDS)
    return (Difference(key, Action.UPDATE, tuple(reasons), fields),) if reasons else ()


def _own(definition: Definition | None) -> str | None:
    return None if definition is None else definition.own
