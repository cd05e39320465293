"""`--select` and `--exclude` over a project: the definitions on disk, what is applied, and what git has."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from segctl.diagnostics import Usage
from segctl.graph import references
from segctl.load.document import Key, Placed, restore
from segctl.load.project import Definitions, Survey, survey
from segctl.plan.definition import APPLIED
from segctl.selection import Chosen, Item, Selection, Universe, resolve
from segctl.state.record import Definition
from segctl.workflow.opened import Opened
from segctl.workflow.revision import at_revision
from segctl.workflow.standing import Standing, against_applied, between, read_against_applied


def chosen(
    project: Opened,
    applied: Mapping[Key, Definition],
    selection: Selection,
    kinds: Collection[str] = APPLIED,
) -> Chosen:
    """What is meant among the definitions on disk of these kinds, and those applied that are not on disk any more.

    Raises:
        Usage: something that is asked for is not there, or nothing is left.
    """
    documents = project.definitions.documents

    def stands() -> Standing:
        return against_applied(project.defined, applied)

    return resolve(selection, _Scope(project.definitions, documents, applied, kinds, stands).universe())


def chosen_of(surveyed: Survey, applied: Mapping[Key, Definition], selection: Selection) -> Chosen:
    """What is meant among all that can be read of a project, tests and what is wrong included.

    Raises:
        Usage: something that is asked for is not there, or nothing is left.
    """
    documents: dict[Key, Placed] = {**surveyed.drafts, **surveyed.documents}
    kinds = {kind for kind, _ in documents} - {"project"}

    def stands() -> Standing:
        return read_against_applied(surveyed, applied)

    return resolve(selection, _Scope(surveyed, documents, applied, kinds, stands).universe())


def chosen_applied(documents: Mapping[Key, Placed], selection: Selection, verb: str) -> Chosen:
    """What is meant among what is applied, without a selection all of it; no file is known of it.

    Raises:
        Usage: something that is asked for is not there, or is about files.
    """
    if selection.is_everything:
        return Chosen(frozenset(documents))
    for atom in selection.atoms():
        if atom.method in ("path", "state", "git"):
            why = f"`{atom.method}:` is about the files on disk, and `{verb}` takes what is applied"
            raise Usage(why, hint="select by name, `tag:`, `owner:` or `kind:`")
    items = {key: _item(document.data) for key, document in documents.items()}
    return resolve(selection, Universe(items, _uses(documents), _unanswered))


@dataclass(frozen=True)
class _Scope:
    """The definitions on disk beside those applied; `stands` says how they differ."""

    project: Definitions | Survey
    documents: Mapping[Key, Placed]
    applied: Mapping[Key, Definition]
    kinds: Collection[str]
    stands: Callable[[], Standing]

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    def universe(self) -> Universe:
        """All that can be selected."""
        here = os.path.relpath(Path.cwd(), self.root)
        items = {key: _item(gone.data) for key, gone in self._gone.items()}
        items |= {
            key: _item(document.data, self._file(document))
            for key, document in self.documents.items()
            if key[0] in self.kinds
        }
        return Universe(items, self._all_uses(), self._ask, "" if here == "." else Path(here).as_posix())

    @cached_property
    def _gone(self) -> dict[Key, Placed]:
        """What is applied and not on disk any more."""
        return {key: restore(one.data) for key, one in self.applied.items() if key not in self.documents}

    def _file(self, document: Placed) -> str:
        return Path(os.path.relpath(Path.cwd() / document.file, self.root)).as_posix() if document.file else ""

    def _all_uses(self) -> dict[Key, set[Key]]:
        """What is written on disk; of what is applied only what something removed refers to, or was referred to by."""
        uses = {key: set(targets) for key, targets in _uses(self.documents).items()}
        if self._gone:
            was = {key: restore(one.data) for key, one in self.applied.items()}
            for key, targets in _uses(was).items():
                uses.setdefault(key, set()).update(t for t in targets if key in self._gone or t in self._gone)
        return uses

    def _ask(self, method: str, value: str) -> Collection[Key]:
        if method == "git":
            if self.project.access.confined:
                raise Usage("git is not run with `--untrusted`: what a repository says may run programs")
            found = between(survey(self.root), at_revision(self.root, value))
            return found.new | found.changed | found.removed
        found = self.stands()
        return {
            "new": found.new, "modified": found.new | found.changed, "removed": found.removed,
            "unchanged": found.unchanged,
        }[value]  # fmt: skip


def _uses(documents: Mapping[Key, Placed]) -> dict[Key, list[Key]]:
    """What each refers to, as far as it is there."""
    return {key: list(_targets(document, documents)) for key, document in documents.items()}


def _targets(document: Placed, known: Collection[Key]) -> Iterator[Key]:
    for link in references(document):
        yield from ((kind, link.key[1]) for kind in link.kinds if (kind, link.key[1]) in known)


def _item(data: Mapping[str, object], file: str = "") -> Item:
    """What a definition says of itself; what is written wrong says nothing."""
    owner, tags = data.get("owner"), data.get("tags")
    words = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list | tuple) else ()
    return Item(owner if isinstance(owner, str) else "", words, file)


def _unanswered(method: str, value: str) -> Collection[Key]:
    raise Usage(f"`{method}:{value}` cannot be answered here")
