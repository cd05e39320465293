"""A project narrowed to a selection: the selected definitions of the disk over what is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from segctl.diagnostics import Diagnostic, InvalidInput, Severity, Usage
from segctl.graph import Graph, Link, build, references
from segctl.load.document import Document, Key, restore
from segctl.load.moved import moved_from
from segctl.load.project import Definitions
from segctl.logic.meaning import meanings
from segctl.plan.definition import APPLIED, definitions
from segctl.selection import Selection
from segctl.state.record import Record
from segctl.workflow.opened import Opened, applied
from segctl.workflow.selection import chosen

Documents = Mapping[Key, Document]


def narrowed(project: Opened, before: Record | None, selection: Selection) -> Opened:
    """The project as it would be if nothing but what is selected had been changed on disk.

    What is selected and not on disk any more is removed. The project's own settings stay those applied.
    Of what is selected, whatever cannot be without something excluded is left out, with a warning.

    Raises:
        Usage: something that is asked for is not there, or nothing is left.
        InvalidInput: the selection and what is applied do not go together.
    """
    if selection.is_everything:
        return project
    meant = chosen(project, before.definitions if before else {}, selection)
    was = applied(project.definitions.root, before).documents if before else {}
    overlay = _Overlay(was, project.definitions.documents)
    taken, left_out = overlay.whole(meant.keys, meant.excluded)
    settings = restore(before.project) if before else project.definitions.project
    mixed = replace(project.definitions, project=settings, documents=overlay.over(taken))
    graph = _graph(mixed)
    defined = definitions(mixed.documents, meanings(mixed, graph))
    warnings = (*project.warnings, *left_out)
    return replace(
        project, definitions=mixed, graph=graph, defined=defined, warnings=warnings, selected=frozenset(taken)
    )


def _graph(mixed: Definitions) -> Graph:
    """The graph of definitions that refer to nothing that is missing, but may go round."""
    try:
        return build(mixed)
    except InvalidInput as error:
        hint = "this is a circular reference only together with what is applied: select all of them"
        raise InvalidInput(replace(found, hint=hint) for found in error.diagnostics) from None


@dataclass(frozen=True)
class _Broken:
    """A reference that leads nowhere."""

    document: Document
    link: Link

    @property
    def target(self) -> Key:
        return self.link.key


@dataclass(frozen=True)
class _Overlay:
    """Definitions as applied, and as they are on disk."""

    was: Documents
    disk: Documents

    def over(self, taken: AbstractSet[Key]) -> dict[Key, Document]:
        """What is applied with what is taken from the disk over it, sorted by key; no tests."""
        fresh = {key: self.disk[key] for key in taken if key in self.disk and key[0] in APPLIED}
        moved = self._moved()
        kept = {key: one for key, one in self.was.items() if key not in taken and moved.get(key) not in taken}
        return dict(sorted({**kept, **fresh}.items()))

    def whole(
        self, keys: AbstractSet[Key], excluded: AbstractSet[Key]
    ) -> tuple[AbstractSet[Key], tuple[Diagnostic, ...]]:
        """Of these keys those that go together with what is not taken, and what is told of the others.

        Raises:
            InvalidInput: something that is missing was not excluded, but not selected either.
            Usage: nothing is left.
        """
        moved = self._moved()
        left_out = _both_names(excluded, moved)
        taken = {*keys, *(new for old, new in moved.items() if old in keys)} - left_out
        warnings: list[Diagnostic] = []
        while broken := list(self._broken(self.over(taken))):
            drops = {key: one for one in broken if (key := _spoiled(one, taken, left_out))}
            if not drops:
                raise InvalidInput(_fault(one, taken, moved.get(one.target, one.target)) for one in broken)
            warnings += [_left_out(key, one, is_new=key not in self.was) for key, one in sorted(drops.items())]
            left_out |= _both_names(drops.keys(), moved)
            taken -= left_out
        if not taken:
            raise Usage("`--exclude` leaves nothing: what is selected cannot be without it", hint="exclude less")
        return taken, tuple(warnings)

    def _moved(self) -> dict[Key, Key]:
        """What was renamed, by what it was applied as."""
        former = ((key, moved_from(key, one.data)) for key, one in self.disk.items())
        return {old: key for key, old in former if old and old in self.was and old not in self.disk}

    def _broken(self, mixed: Documents) -> Iterator[_Broken]:
        for document in mixed.values():
            for link in references(document):
                if not any((kind, link.key[1]) in mixed for kind in link.kinds):
                    yield _Broken(document, link)


def _both_names(keys: AbstractSet[Key], moved: Mapping[Key, Key]) -> set[Key]:
    """These keys, and what those of them that were renamed were applied as, or are called now."""
    return {*keys, *(name for pair in moved.items() if not keys.isdisjoint(pair) for name in pair)}


def _spoiled(broken: _Broken, taken: AbstractSet[Key], left_out: AbstractSet[Key]) -> Key | None:
    """What must stay as it is applied because of what is left out; None where nothing was asked to be left out."""
    user, target = broken.document.key, broken.target
    if user in taken:
        return user if target in left_out else None
    return target if user in left_out and target in taken else None


def _left_out(key: Key, broken: _Broken, *, is_new: bool) -> Diagnostic:
    user, target = broken.document.key, broken.target
    why = f"it uses `{target[1]}`" if key == user else f"`{user[1]}` uses it"
    what = "is left out too" if is_new else "stays as it is applied"
    summary = f"the {key[0]} `{key[1]}` {what}: {why}, and that is excluded"
    return Diagnostic("left-out", summary, broken.document.span(broken.link.path), severity=Severity.WARNING)


def _fault(broken: _Broken, taken: AbstractSet[Key], renamed: Key) -> Diagnostic:
    (kind, name), target = broken.document.key, broken.target
    if (kind, name) in taken:
        summary = f"`{name}` uses the {target[0]} `{target[1]}`, which is new and not selected"
        hint = f"take what it uses as well: `--select +{name}`"
    else:
        summary = f"without the {target[0]} `{target[1]}` the {kind} `{name}` would break: it uses it as it is applied"
        hint = f"take what used it as well: `--select {renamed[1]}+`"
    return Diagnostic("not-selected", summary, broken.document.span(broken.link.path), hint=hint)
