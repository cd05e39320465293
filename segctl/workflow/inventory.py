"""What there is: the definitions on disk beside what is applied."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.graph import Graph
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Document, Key
from segctl.logic.describe import describe, describe_trait
from segctl.logic.lower import lower, lower_trait
from segctl.logic.settings import Settings, settings_of
from segctl.plan.compare import compare
from segctl.plan.plan import Action
from segctl.selection import EVERYTHING, Selection
from segctl.state.record import Record, Snapshot, Trait
from segctl.workflow.naming import find
from segctl.workflow.opened import Opened, opened
from segctl.workflow.selection import chosen


class Status(enum.StrEnum):
    """How a definition on disk stands to what is applied."""

    APPLIED = "applied"
    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"


@dataclass(frozen=True)
class Item:
    """A definition in a listing; `snapshot`, or of a trait `values`, is None until an apply has published it."""

    key: Key
    status: Status
    snapshot: Snapshot | None
    data: Mapping[str, object]
    values: Trait | None = None


@dataclass(frozen=True)
class Inventory:
    """All that is defined or applied, sorted by key; serial 0 before the first apply."""

    project: str
    zone: str
    serial: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Shown:
    """One definition: what it says in words, what it refers to, what refers to it, what is published of it.

    `file` and `line` say where it stands; `tests` are those that expect members of it.
    """

    item: Item
    zone: str
    sentence: str
    file: str
    line: int
    uses: tuple[Key, ...]
    used_by: tuple[Key, ...]
    tests: tuple[str, ...]


def inventory(start: Path, access: Access = ANYWHERE, selection: Selection = EVERYTHING) -> Inventory:
    """Everything of the project that `start` lies in, or what is selected of it.

    Raises:
        InvalidInput: definitions that are wrong.
        Usage: the selection matches nothing.
    """
    project = opened(start, access)
    record = project.state.current()
    name = project.definitions.project.key[1]
    items = _items(project, record)
    if not selection.is_everything:
        keys = chosen(project, record.definitions if record else {}, selection).keys
        items = tuple(item for item in items if item.key in keys)
    return Inventory(name, project.zone, record.serial if record else 0, items)


def show(start: Path, name: str, access: Access = ANYWHERE) -> Shown:
    """One definition of the project that `start` lies in.

    Raises:
        InvalidInput: definitions that are wrong.
        SegctlError: no such name.
    """
    project = opened(start, access)
    documents = project.definitions.documents
    key = find(name, project.defined)
    span = documents[key].span()
    return Shown(
        item=next(item for item in _items(project, project.state.current()) if item.key == key),
        zone=project.zone,
        sentence=_sentence(documents[key], settings_of(project.definitions)),
        file=span.file if span else "",
        line=span.line if span else 0,
        uses=tuple(sorted({link.key for link in project.graph.links.get(key, ())})),
        used_by=tuple(sorted(project.graph.referrers.get(key, ()))),
        tests=tuple(sorted(test[1] for test in documents if test[0] == "test" and _expects(project.graph, test, key))),
    )


def _items(project: Opened, record: Record | None) -> tuple[Item, ...]:
    applied = record.definitions if record else {}
    snapshots = record.snapshots if record else {}
    columns = record.traits.columns if record and record.traits else {}
    after = project.defined
    actions = {difference.key: difference.action for difference in compare(applied, after, project.graph)}
    return tuple(
        Item(
            key,
            _STATUS[actions[key]] if key in actions else Status.APPLIED,
            snapshots.get(key),
            (after.get(key) or applied[key]).data,
            columns.get(key[1]) if key[0] == "trait" else None,
        )
        for key in sorted({*after, *applied})
    )


_STATUS = {Action.CREATE: Status.NEW, Action.UPDATE: Status.CHANGED, Action.DELETE: Status.REMOVED}


def _expects(graph: Graph, test: Key, key: Key) -> bool:
    """Whether a test says who must be a member of a resource."""
    return any(link.key == key and link.path[0] == "expect" for link in graph.links.get(test, ()))


def _sentence(document: Document, around: Settings) -> str:
    """What the definition means; a list is its file."""
    if document.key[0] == "list":
        return f"the ids in the column `{document.data['id']}` of {document.data['path']}"
    if document.key[0] == "trait":
        return describe_trait(lower_trait(document, around))
    if document.key[0] == "policy":
        return describe_policy(document, around)
    return describe(lower(document, around))
