"""One definition in full: what it says, what uses it, what is published of it; also of what is archived or removed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segctl.graph import Graph, references
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Document, Key, restore
from segctl.load.project import Definitions
from segctl.logic.settings import Settings, settings_of
from segctl.plan.variant_choice import controls_of
from segctl.ways import reached, reverse
from segctl.workflow.compared import Compared, compared
from segctl.workflow.inventory import Item, gone, items
from segctl.workflow.naming import find
from segctl.workflow.opened import applied, opened
from segctl.workflow.sentences import sentence
from segctl.workflow.surroundings import uses_applied


@dataclass(frozen=True)
class Shown:
    """One definition: what it says in words, what it refers to, what refers to it, what is published of it.

    `file` and `line` say where it stands; `tests` are those that expect members of it. `used_through` uses it
    through those that do so themselves. `controls` are the control variants of a campaign, as it was applied.
    `mixes` are held resources that its members were evaluated with. Of what is removed or archived all that is as it
    was applied.
    """

    item: Item
    zone: str
    sentence: str
    file: str
    line: int
    uses: tuple[Key, ...]
    used_by: tuple[Key, ...]
    tests: tuple[str, ...]
    used_through: tuple[Key, ...] = ()
    controls: frozenset[str] = frozenset()
    mixes: tuple[Key, ...] = ()


def show(start: Path, name: str, access: Access = ANYWHERE) -> Shown:
    """One definition of the project that `start` lies in, also one that is archived, or applied and not on disk.

    Raises:
        InvalidInput: definitions that are wrong.
        SegctlError: no such name.
    """
    project = opened(start, access)
    comparison = compared(project)
    every = {item.key: item for item in items(comparison)}
    key = find(name, every, gone(comparison))
    graph, item = project.graph, every[key]
    if key in project.defined:
        document, settings, users = (
            project.definitions.documents[key],
            settings_of(project.definitions),
            graph.referrers,
        )
    else:
        document, settings = _gone(key, comparison)
        users = reverse(uses_applied(comparison.applied))
    span = document.span()
    direct = tuple(sorted(users.get(key, ())))
    tests = (test for test in project.definitions.documents if test[0] == "test" and _expects(graph, test, key))
    return Shown(
        item=item,
        zone=project.zone,
        sentence=sentence(document, settings),
        file=span.file if span else "",
        line=span.line if span else 0,
        uses=_uses(document, comparison),
        used_by=direct,
        tests=tuple(sorted(test[1] for test in tests)),
        used_through=tuple(sorted(reached((key,), lambda at: users.get(at, ())) - {*direct})),
        controls=_controls(key, comparison),
        mixes=_mixes(item, graph, comparison),
    )


def _controls(key: Key, comparison: Compared) -> frozenset[str]:
    was = comparison.before.definitions.get(key) if comparison.before else None
    return controls_of(was.data) if was is not None and key[0] == "campaign" else frozenset()


def _mixes(item: Item, graph: Graph, comparison: Compared) -> tuple[Key, ...]:
    """The held resources that what is published of it was evaluated with, though it is not held itself."""
    snapshot, before = item.snapshot, comparison.before
    if item.held is not None or snapshot is None or before is None:
        return ()
    since = {key for key, one in before.held.items() if one.since_us <= snapshot.as_of_us}
    return tuple(sorted(graph.upstream(item.key) & since))


def _gone(key: Key, comparison: Compared) -> tuple[Document, Settings]:
    """A definition that is archived, or applied and not on disk, with what its words mean."""
    kept = comparison.project.definitions.archived.get(key)
    if kept is not None or comparison.before is None:
        around = comparison.project.definitions
        return (kept or around.documents[key]), settings_of(around)
    was: Definitions = applied(comparison.project.definitions.root, comparison.before)
    return restore(comparison.before.definitions[key].data), settings_of(was)


def _uses(document: Document, comparison: Compared) -> tuple[Key, ...]:
    """What it refers to, as far as that is or was there."""
    known = {*comparison.after, *(comparison.before.definitions if comparison.before else ())}
    links = comparison.project.graph.links.get(document.key) or references(document)
    return tuple(sorted({link.key for link in links if link.key in known}))


def _expects(graph: Graph, test: Key, key: Key) -> bool:
    """Whether a test says who must be a member of a resource."""
    return any(link.key == key and link.path[0] == "expect" for link in graph.links.get(test, ()))
