"""`segctl graph`: what uses what, on disk and as it is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Key
from segctl.plan.definition import WITHOUT_MEMBERS
from segctl.selection import Selection, parse
from segctl.workflow.compared import Compared, compared
from segctl.workflow.inventory import Item, gone, items
from segctl.workflow.naming import find
from segctl.workflow.opened import opened
from segctl.workflow.selection import chosen
from segctl.workflow.surroundings import uses_applied


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Who refers to what itself: as it is `applied`, as it is `defined` on disk, or both."""

    user: Key
    used: Key
    applied: bool
    defined: bool


@dataclass(frozen=True)
class Drawing:
    """Resources with their standing, and who uses what among them, sorted; `named` are those that were asked for."""

    project: str
    serial: int
    items: Mapping[Key, Item]
    edges: tuple[Edge, ...]
    named: frozenset[Key] = frozenset()


def drawing(
    start: Path, names: Sequence[str] = (), selection: Selection | None = None, access: Access = ANYWHERE
) -> Drawing:
    """What uses what in the project that `start` lies in; with names what each uses and what uses it.

    A name may also be `+name` (with what it uses) or `name+` (with what uses it).

    Raises:
        InvalidInput: definitions that are wrong.
        SegctlError: nothing is called that.
        Usage: the selection matches nothing.
    """
    project = opened(start, access)
    comparison = compared(project)
    record = comparison.applied.record
    every = {item.key: item for item in items(comparison) if item.key[0] not in WITHOUT_MEMBERS}
    found = Drawing(
        project.definitions.project.key[1], record.serial if record else 0, every, tuple(sorted(_edges(comparison)))
    )
    if names:
        named = {name: find(name.strip("+"), every, gone(comparison)) for name in names}
        wanted = parse(_around(name, key) for name, key in named.items())
        found = replace(_narrowed(found, _chosen(comparison, wanted)), named=frozenset(named.values()))
    if selection is not None and not selection.is_everything:
        found = _narrowed(found, _chosen(comparison, selection))
    return found


def _around(name: str, key: Key) -> str:
    """What is asked for, as it is selected; a plain name means all around it."""
    full, up, down = ".".join(key), name.startswith("+"), name.endswith("+")
    return f"{'+' if up or not down else ''}{full}{'+' if down or not up else ''}"


def _chosen(comparison: Compared, selection: Selection) -> frozenset[Key]:
    """What is meant, by its name on disk; what is archived can be asked for too."""
    project = comparison.project
    documents = {**project.definitions.archived, **project.definitions.documents}
    seen = replace(project, definitions=replace(project.definitions, documents=documents))
    record, names = comparison.applied.record, {old: new for new, old in comparison.applied.moved.items()}
    keys = chosen(seen, record.definitions if record else {}, selection).keys
    return frozenset(names.get(key, key) for key in keys)


def _narrowed(whole: Drawing, keys: frozenset[Key]) -> Drawing:
    edges = tuple(edge for edge in whole.edges if edge.user in keys and edge.used in keys)
    return replace(whole, items={key: item for key, item in whole.items.items() if key in keys}, edges=edges)


def _edges(comparison: Compared) -> Iterator[Edge]:
    applied = _pairs(uses_applied(comparison.applied))
    links = comparison.project.graph.links
    defined = _pairs({key: {link.key for link in links.get(key, ())} for key in comparison.after})
    for pair in applied | defined:
        yield Edge(*pair, pair in applied, pair in defined)


def _pairs(uses: Mapping[Key, Sequence[Key] | set[Key]]) -> set[tuple[Key, Key]]:
    return {(user, used) for user, targets in uses.items() for used in targets}
