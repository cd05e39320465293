"""The definitions that are and the definitions that were, both on today's data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from segctl.diagnostics import InvalidInput
from segctl.index.column import Bits
from segctl.load.document import Document, Key
from segctl.load.project import Definitions, project_of
from segctl.plan.moves import Moves
from segctl.progress import Progress
from segctl.state.record import Record
from segctl.workflow.evaluate import Binding, Data, Evaluated, Library, Target, evaluate, library_of
from segctl.workflow.lists import read_list
from segctl.workflow.measure import TodaysBits
from segctl.workflow.opened import applied
from segctl.workflow.stored import Stored

NEW, OLD = "new", "old"
Label = tuple[str, Key]


@dataclass(frozen=True)
class Applied:
    """What is applied, under the names that it was applied by; `moved` says what each was, by what it is now."""

    record: Record | None
    moved: Moves = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Worlds:
    """Two libraries of definitions; `old` is None where nothing was applied, or nobody can read it any more.

    `moved` says what each had as its name in the old world, where that was another one.
    """

    new: Library
    old: Library | None
    moved: Moves = field(default_factory=dict)

    def before(self, key: Key) -> Target | None:
        """A resource in the old world; None if it was not there."""
        was = self.moved.get(key, key)
        return Target(self.old, was) if self.old is not None and was in self.old.documents else None

    def targets(self, keys: Collection[Key], data: Data) -> dict[Label, Target]:
        """Resources in both worlds; an old definition that does not fit today's data any more is left out."""
        was = ((key, self.before(key)) for key in keys)
        fitting = {(OLD, key): target for key, target in was if target is not None and _fits(target, data)}
        return {(NEW, key): Target(self.new, key) for key in keys} | fitting


def worlds(definitions: Definitions, before: Applied, moving: Collection[Key], data: Data, stored: Stored) -> Worlds:
    """Extensions whose definition has not changed, and what is held, stand as they were published, in both worlds."""
    record, moved = before.record, {old: key for key, old in before.moved.items()}
    held = {moved.get(key, key) for key in record.held} if record else set()
    new = library_of(definitions, stored.resting(definitions.documents, moving, held))
    try:
        was = None if record is None else applied(definitions.root, record)
    except InvalidInput:
        was = None
    if was is None:
        return Worlds(new, None)
    called = {moved.get(key, key): document for key, document in was.documents.items()}
    given = stored.resting(called, moving, held) | _lost_lists(called, moving, data, stored)
    given = {before.moved.get(key, key): bits for key, bits in given.items()}
    return Worlds(new, library_of(was, given, project_of(was.project).timezone), before.moved)


def evaluated(
    pair: Worlds, moving: Collection[Key], data: Data, progress: Progress
) -> tuple[Evaluated[Label], TodaysBits]:
    """Both worlds at once; an old definition that does not fit today's data any more is left out."""
    wanted = pair.targets(moving, data)
    found = evaluate(data, wanted, progress)

    def new_bits(key: Key) -> Bits:
        return found.memberships[NEW, key]

    def old_bits(key: Key) -> Bits | None:
        return found.memberships[OLD, key] if (OLD, key) in wanted else None

    return found, TodaysBits(new_bits, old_bits)


def _lost_lists(
    documents: Mapping[Key, Document], moving: Collection[Key], data: Data, stored: Stored
) -> dict[Key, Bits]:
    """Lists that were read from another file, which is not there any more: they stand as published."""
    found: dict[Key, Bits] = {}
    for key in documents:
        if key[0] != "list" or key not in moving:
            continue
        bits = stored.bits(key)
        try:
            read_list(documents[key], data.root, data.population, data.access)
        except InvalidInput:
            found |= {} if bits is None else {key: bits}
    return found


def _fits(target: Target, data: Data) -> bool:
    """Whether a definition fits today's data."""
    binding = Binding(data.index.schema)
    _ = binding.value(target) if target.key[0] == "trait" else binding.bind(target)
    return not any(found.is_error for found in binding.diagnostics)
