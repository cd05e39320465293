"""What there is: the definitions on disk beside what is applied."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.graph import Graph
from segctl.load.document import Document, Key
from segctl.load.project import Definitions, find_root
from segctl.logic.describe import describe
from segctl.logic.lower import lower
from segctl.logic.meaning import meanings
from segctl.model.project import Project
from segctl.plan.compare import compare
from segctl.plan.definition import EVALUATED, definitions
from segctl.plan.plan import Action
from segctl.state.local import LocalStore
from segctl.state.record import Record, Snapshot
from segctl.state.state import State
from segctl.workflow.naming import find
from segctl.workflow.validate import validate


class Status(enum.StrEnum):
    """How a definition on disk stands to what is applied."""

    APPLIED = "applied"
    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"


@dataclass(frozen=True)
class Item:
    """A definition in a listing; `snapshot` is None until an apply has published it."""

    key: Key
    status: Status
    snapshot: Snapshot | None
    data: Mapping[str, object]


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


@dataclass(frozen=True)
class _Read:
    """What was read of a project."""

    definitions: Definitions
    graph: Graph
    project: Project
    record: Record | None


def inventory(start: Path) -> Inventory:
    """Everything of the project that `start` lies in.

    Raises:
        InvalidInput: definitions that are wrong.
    """
    read = _read(start)
    serial = read.record.serial if read.record else 0
    return Inventory(read.project.name, read.project.timezone, serial, _items(read))


def show(start: Path, name: str) -> Shown:
    """One definition of the project that `start` lies in.

    Raises:
        InvalidInput: definitions that are wrong.
        SegctlError: no such name.
    """
    read = _read(start)
    documents = read.definitions.documents
    key = find(name, (key for key in documents if key[0] in EVALUATED))
    span = documents[key].span()
    return Shown(
        item=next(item for item in _items(read) if item.key == key),
        zone=read.project.timezone,
        sentence=_sentence(documents[key]),
        file=span.file if span else "",
        line=span.line if span else 0,
        uses=tuple(sorted({link.key for link in read.graph.links.get(key, ())})),
        used_by=tuple(sorted(read.graph.referrers.get(key, ()))),
        tests=tuple(sorted(name for name, test in _tests(documents) if _expects(read.graph, test, key))),
    )


def _read(start: Path) -> _Read:
    loaded, graph, _ = validate(find_root(start))
    project = loaded.project.resource
    if not isinstance(project, Project):
        raise TypeError(f"{loaded.project.key} is not a project")
    return _Read(loaded, graph, project, State(LocalStore(loaded.root / project.state)).current())


def _items(read: _Read) -> tuple[Item, ...]:
    applied = read.record.definitions if read.record else {}
    snapshots = read.record.snapshots if read.record else {}
    after = definitions(read.definitions.documents, meanings(read.definitions, read.graph))
    upstream = {key: read.graph.upstream(key) for key in after}
    actions = {difference.key: difference.action for difference in compare(applied, after, upstream)}
    return tuple(
        Item(
            key,
            _STATUS[actions[key]] if key in actions else Status.APPLIED,
            snapshots.get(key),
            (after.get(key) or applied[key]).data,
        )
        for key in sorted({*after, *applied})
    )


_STATUS = {Action.CREATE: Status.NEW, Action.UPDATE: Status.CHANGED, Action.DELETE: Status.REMOVED}


def _tests(documents: Mapping[Key, Document]) -> Iterator[tuple[str, Key]]:
    return ((key[1], key) for key in documents if key[0] == "test")


def _expects(graph: Graph, test: Key, key: Key) -> bool:
    """Whether a test says who must be a member of a resource."""
    return any(link.key == key and link.path[0] == "expect" for link in graph.links.get(test, ()))


def _sentence(document: Document) -> str:
    """What the definition means; a list is its file."""
    if document.key[0] == "list":
        return f"the ids in the column `{document.data['id']}` of {document.data['path']}"
    return describe(lower(document))
