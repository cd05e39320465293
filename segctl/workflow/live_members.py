"""`segctl members --live`: members by the definitions on disk and the data of today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.diagnostics import Diagnostic
from segctl.index.column import Bits
from segctl.index.population import Population
from segctl.index.reader import DataReport
from segctl.load.document import Document, Key
from segctl.plan.moves import moves
from segctl.plan.variant_choice import VariantNames
from segctl.plan.variants import drawn
from segctl.progress import Progress
from segctl.workflow.as_of import instant
from segctl.workflow.evaluate import Target, evaluate, library_of, open_data
from segctl.workflow.levels import PREBUILT, level_named
from segctl.workflow.member_lists import Alignment, MemberList, MemberLists, Selected
from segctl.workflow.members import Asked, Named, moved, not_published
from segctl.workflow.naming import find_evaluated, trait_without_members
from segctl.workflow.opened import Opened, opened
from segctl.workflow.published import Published
from segctl.workflow.request import Request
from segctl.workflow.selection import chosen
from segctl.workflow.serials import at_serial

_WITH_MEMBERS = ("campaign", "extension", "list", "segment")


@dataclass(frozen=True, eq=False)
class Live:
    """Members evaluated now, with what there is to say about the definitions and the data."""

    lists: tuple[MemberList, ...]
    warnings: tuple[Diagnostic, ...]
    unseen: int
    unknown: Mapping[Key, int]
    report: DataReport


def live(start: Path, asked: Asked, request: Request, progress: Progress) -> Live:
    """Members by the definitions on disk and the data; extensions are computed at once.

    The state is read only to say who would enter or exit (against the serial asked for, the last one if none is),
    and for `state:` in a selection. A level of engagement is there without a definition: `engagement.most`.

    Raises:
        InvalidInput: definitions or data that are wrong.
        SegctlError: there is nothing of that name, or no such variant.
        Usage: the selection matches nothing that has members.
    """
    project = opened(start)
    documents = {**project.definitions.documents, **PREBUILT}
    named = _named(project, asked)
    published = None if asked.direction is None else _Earlier.of(project, asked.serial, named)
    for _, key in named:
        earlier = [published.variants(key)] if published else []
        asked.variants.check(key, [VariantNames.of(_campaign(documents[key])), *earlier])
    data = open_data(project.definitions, instant(request.as_of, project.zone, request.now_us), progress)
    library = replace(library_of(project.definitions), documents=documents)
    found = evaluate(data, {key: Target(library, key) for _, key in named}, progress)
    lists, alignment = MemberLists(asked.variants), Alignment()
    for name, key in named:
        now = _selected(documents[key], data.population, found.memberships[key])
        selected = now.only(asked.variants)
        if asked.direction is not None and published is not None:
            selected = moved((now, published.selected(key)), asked.variants, asked.direction, alignment)
        lists.add(name, key, data.as_of_us, selected)
    return Live(lists.lists(), (*project.warnings, *found.warnings), found.unseen, found.unknown, data.index.report)


def _named(project: Opened, asked: Asked) -> list[Named]:
    known = [key for key in project.defined if key[0] in _WITH_MEMBERS]

    def selected() -> Collection[Key]:
        by_state = any(atom.method == "state" for atom in asked.selection.atoms())
        record = project.state.current() if by_state else None
        return chosen(project, record.definitions if record else {}, asked.selection).keys

    return list(asked.named(lambda name: _meant(name, project), selected, known))


def _meant(name: str, project: Opened) -> Key:
    key = level_named(name) or find_evaluated(name, project.defined)
    if key[0] == "trait":
        raise trait_without_members(key[1])
    return key


def _campaign(document: Document) -> Mapping[str, object]:
    """A campaign as written; nothing of what is none."""
    return document.data if document.key[0] == "campaign" else {}


def _selected(document: Document, population: Population, bits: Bits) -> Selected:
    _, variants = drawn(document.key, document.data, population.ids, bits)
    return Selected(population, bits, variants, VariantNames.of(_campaign(document)))


@dataclass(frozen=True, eq=False)
class _Earlier:
    """What was published at a serial, by the names on disk."""

    published: Published
    names: Mapping[Key, Key]

    @classmethod
    def of(cls, project: Opened, serial: int | None, named: Collection[Named]) -> _Earlier:
        for _, key in named:
            if key in PREBUILT:
                raise not_published(key)
        then = at_serial(project.state, serial)
        last = then.current or then.record
        was = moves(last.definitions, project.defined)
        names = {key: last.name_at(was.get(key, key), then.record.serial) for _, key in named}
        return cls(Published(project.state, then.record), names)

    def variants(self, key: Key) -> VariantNames:
        return self.published.variants(self.names[key])

    def selected(self, key: Key) -> Selected:
        return self.published.selected(self.names[key])
