"""Definitions now beside definitions then: what is new, what is another one, what is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.graph import examine
from segctl.load.document import Key, Placed
from segctl.load.project import Definitions, Survey
from segctl.logic.meaning import meanings
from segctl.plan.definition import APPLIED, definitions
from segctl.plan.diff import form
from segctl.state.record import Definition

Prints = Mapping[Key, object]
"""Something for each definition that is equal where nothing has changed."""


@dataclass(frozen=True)
class Standing:
    """The keys of definitions by how they stand to what was before."""

    new: frozenset[Key]
    changed: frozenset[Key]
    removed: frozenset[Key]
    unchanged: frozenset[Key]


def standing(now: Prints, then: Prints) -> Standing:
    """Compare by what was taken of both in the same way."""
    both = now.keys() & then.keys()
    changed = frozenset(key for key in both if now[key] != then[key])
    return Standing(
        frozenset(now.keys() - then.keys()), changed, frozenset(then.keys() - now.keys()), frozenset(both - changed)
    )


def against_applied(now: Mapping[Key, Definition], then: Mapping[Key, Definition]) -> Standing:
    """Definitions on disk beside those applied; what is built on another changed one has not changed itself."""
    return standing(_prints(now), _prints(then))


def read_against_applied(now: Survey, then: Mapping[Key, Definition]) -> Standing:
    """The same where something on disk may be wrong: what is written is compared then."""
    meant = _meant(now)
    if meant is not None:
        return standing({key: one for key, one in meant.items() if key[0] in APPLIED}, _prints(then))
    on_disk = {key: document for key, document in _placed(now).items() if key[0] in APPLIED}
    return standing(forms(on_disk), {key: form(one.data) for key, one in then.items()})


def between(now: Survey, then: Survey) -> Standing:
    """Two readings of a project; how something is written makes no difference where both are whole."""
    meant = _meant(now), _meant(then)
    if meant[0] is None or meant[1] is None:
        return standing(forms(_placed(now)), forms(_placed(then)))
    return standing(meant[0], meant[1])


def forms(documents: Mapping[Key, Placed]) -> Prints:
    """What is written, without the order of keys and unordered lists."""
    return {key: form(document.data) for key, document in documents.items()}


def _placed(surveyed: Survey) -> dict[Key, Placed]:
    return {**surveyed.drafts, **surveyed.documents}


def _prints(defined: Mapping[Key, Definition]) -> Prints:
    return {key: (one.own, one.metadata) for key, one in defined.items()}


def _meant(surveyed: Survey) -> Prints | None:
    """What the definitions mean, and their metadata; None where something is wrong with them."""
    graph, wrong = examine(surveyed.documents, surveyed.drafts, surveyed.names)
    told = any(diagnostic.is_error for diagnostic in (*surveyed.diagnostics, *wrong))
    if told or surveyed.project is None:
        return None
    loaded = Definitions(surveyed.root, surveyed.project, surveyed.documents)
    return {**forms(surveyed.documents), **_prints(definitions(surveyed.documents, meanings(loaded, graph)))}
