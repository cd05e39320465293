"""The definitions on disk against the state as it is now; no data are needed for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.graph import build
from segctl.load.document import Key
from segctl.logic.meaning import meanings
from segctl.plan import movement
from segctl.plan.build import Effect, Sides
from segctl.plan.compare import Difference, compare, compare_projects, with_new_sources
from segctl.plan.definition import FINGERPRINTS, definitions
from segctl.plan.moves import moves, renamed
from segctl.plan.plan import Action, Reason
from segctl.selection import EVERYTHING, Selection
from segctl.state.record import Definition, Head, Record, Snapshot
from segctl.workflow.narrowed import narrowed
from segctl.workflow.opened import Opened, applied
from segctl.workflow.surroundings import check_moves, renames_untold, surrounded
from segctl.workflow.worlds import Applied


@dataclass(frozen=True)
class Compared:
    """What differs, and from what: `head` and `before` are None where nothing is applied yet.

    The definitions of `before` have fingerprints of this version, whatever they had in the state, and
    everything in it has the name that it has on disk; `applied` is the same under the names of then.
    `project` is what was compared: narrowed to what is selected.
    """

    head: Head | None
    before: Record | None
    after: Mapping[Key, Definition]
    differences: tuple[Difference, ...]
    project: Opened
    applied: Applied

    @property
    def moving(self) -> tuple[Key, ...]:
        """The resources whose membership has to be evaluated."""
        return tuple(key for key in self._stirred if key[0] != "trait")

    @property
    def computing(self) -> tuple[Key, ...]:
        """The traits whose values have to be computed."""
        return tuple(key for key in self._stirred if key[0] == "trait")

    @property
    def redefined(self) -> tuple[Key, ...]:
        """What has members, and is new or means something else by itself or by what it refers to."""
        meant = {Reason.LOGIC, Reason.DEPENDS}
        return tuple(
            d.key
            for d in self.differences
            if d.key[0] in ("segment", "extension", "campaign")
            and (d.action is Action.CREATE or (d.action is Action.UPDATE and meant & set(d.reasons)))
        )

    @property
    def removed_traits(self) -> tuple[Key, ...]:
        """The traits that are removed."""
        return tuple(d.key for d in self.differences if d.action is Action.DELETE and d.key[0] == "trait")

    @property
    def _stirred(self) -> tuple[Key, ...]:
        return tuple(d.key for d in self.differences if d.moves_members and d.action is not Action.DELETE)

    @property
    def sides(self) -> Sides:
        """Definitions before and after."""
        if self.before is None:
            return Sides({}, self.after)
        return Sides(self.before.definitions, self.after, self.before.as_of_us)

    @property
    def snapshots(self) -> Mapping[Key, Snapshot]:
        """What is published."""
        return {} if self.before is None else self.before.snapshots

    @property
    def uses(self) -> tuple[tuple[Key, Key], ...]:
        """Who refers to what, on disk; of what is removed, and by what, as it is applied."""
        written = {(key, link.key) for key, links in self.project.graph.links.items() for link in links}
        gone = [difference for difference in self.differences if difference.action is Action.DELETE]
        written |= {(difference.key, used) for difference in gone for used in difference.uses}
        written |= {(use.key, difference.key) for difference in gone for use in difference.used_by if use.direct}
        return tuple(sorted(written))

    def deletions(self) -> dict[Key, Effect]:
        """The effect of removing what is removed."""
        removed = (d.key for d in self.differences if d.action is Action.DELETE and d.key in self.snapshots)
        snapshots = ((key, self.snapshots[key]) for key in removed)
        return {key: Effect(movement.deleted(s.members, s.variants)) for key, s in snapshots}


def compared(project: Opened, selection: Selection = EVERYTHING) -> Compared:
    """What differs now, of what is selected.

    Raises:
        Usage: the selection matches nothing.
        InvalidInput: the selection and what is applied do not go together.
    """
    head = project.state.head()
    record = project.state.record_of(head) if head and head.serial else None
    before = None if record is None else of_this_version(project.definitions.root, record)
    project = narrowed(project, before, selection)
    was = Applied(before, _moves(project, before) if before else {})
    before = renamed(before, was.moved) if before else None
    found = compare(before.definitions if before else {}, project.defined, project.graph, was.moved)
    own = compare_projects(before.project, project.definitions.project.data) if before else ()
    if before and any(Reason.DATA in difference.reasons for difference in own):
        found = with_new_sources(found, before.definitions.keys() & project.defined.keys())
    found = tuple(sorted((*own, *surrounded(found, project, was)), key=lambda d: d.key))
    told = (*project.warnings, *renames_untold(found, project, before))
    return Compared(head, before, project.defined, found, replace(project, warnings=told), was)


def _moves(project: Opened, before: Record) -> dict[Key, Key]:
    found = moves(before.definitions, project.defined)
    check_moves(project, before, found)
    return found


def of_this_version(root: Path, record: Record) -> Record:
    """Make fingerprints of another version anew, so that an update of segctl is no change of a definition."""
    if record.fingerprints == FINGERPRINTS:
        return record
    loaded = applied(root, record)
    return replace(record, definitions=definitions(loaded.documents, meanings(loaded, build(loaded))))
