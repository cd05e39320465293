"""Renames: what is applied under another name than it has on disk, told under its new name."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from segctl.diagnostics import InvalidInput
from segctl.graph import Link, build, references
from segctl.load.document import Document, Key, restore, unchecked
from segctl.load.moved import moved_from
from segctl.load.project import Definitions
from segctl.logic.meaning import meanings
from segctl.plan.definition import definitions
from segctl.state.record import Definition, HeldBack, Record, Traits

T = TypeVar("T")

Moves = Mapping[Key, Key]
"""What each resource was, by what it is now."""


def moves(before: Mapping[Key, Definition], after: Mapping[Key, Definition]) -> dict[Key, Key]:
    """What is renamed: defined as moved from a name that is applied and defined no more, and itself not applied yet."""
    former = ((key, moved_from(key, definition.data)) for key, definition in after.items())
    return {new: old for new, old in former if old and old in before and old not in after and new not in before}


def moves_between(now: Record, then: Record) -> Moves:
    """What has another name at one serial than at another one, by its name in `then`; the later of the two knows."""
    return _moves_on(now, then) if now.serial < then.serial else _moves_back(now, then)


def _moves_on(now: Record, then: Record) -> dict[Key, Key]:
    names = {key: then.name_at(key, now.serial) for key in then.former if key in then.definitions}
    known = now.definitions
    return {key: was for key, was in names.items() if was != key and was in known and key not in known}


def _moves_back(now: Record, then: Record) -> dict[Key, Key]:
    names = {now.name_at(key, then.serial): key for key in now.former if key in now.definitions}
    return {
        old: new
        for old, new in names.items()
        if old != new and old in then.definitions and old not in now.definitions and new not in then.definitions
    }


def renamed(record: Record, moved: Moves) -> Record:
    """The record as it would be if everything had had its new name already.

    What refers to a new name only is the same as before, so that nothing but the name differs. References to a
    campaign's control group stay: who is in it is drawn by the campaign's name, so they mean other users now.
    """
    if not moved:
        return record
    names = {old: new for new, old in moved.items()}
    return replace(
        record,
        definitions=_definitions(record, names),
        snapshots=_by_new_names(record.snapshots, names),
        traits=_traits(record.traits, names),
        former=_former(record, names),
        held=_held(record.held, names),
    )


def _by_new_names(found: Mapping[Key, T], names: Mapping[Key, Key]) -> dict[Key, T]:
    return {names.get(key, key): value for key, value in found.items()}


def _held(held: Mapping[Key, HeldBack], names: Mapping[Key, Key]) -> dict[Key, HeldBack]:
    through = {key: tuple(names.get(one, one) for one in why.through) for key, why in held.items()}
    return _by_new_names({key: replace(why, through=through[key]) for key, why in held.items()}, names)


def _traits(traits: Traits | None, names: Mapping[Key, Key]) -> Traits | None:
    """The table stays; a column that was renamed is found in it under its old name."""
    if traits is None:
        return None
    columns = {
        names.get(("trait", name), ("trait", name))[1]: replace(column, column=column.column or name)
        if ("trait", name) in names
        else column
        for name, column in traits.columns.items()
    }
    return replace(traits, columns=columns)


def _former(record: Record, names: Mapping[Key, Key]) -> dict[Key, tuple[tuple[str, int], ...]]:
    found = _by_new_names(record.former, names)
    return {**found, **{new: ((old[1], record.serial), *record.former.get(old, ())) for old, new in names.items()}}


def _definitions(record: Record, names: Mapping[Key, Key]) -> dict[Key, Definition]:
    """With fingerprints of their own; a campaign gets its new name last, as what it means to others goes by its name.

    Definitions that this version cannot read any more are changed in their names alone.
    """
    within = {old: new for old, new in names.items() if old[0] != "campaign"}
    try:
        documents = _documents(record, within)
        loaded = Definitions(Path(), restore(record.project), documents)
        found = definitions(documents, meanings(loaded, build(loaded)))
    except InvalidInput:
        found, within = dict(record.definitions), {}
    rest = {old: new for old, new in names.items() if old not in within}
    return {rest.get(key, key): _called(rest.get(key, key), definition) for key, definition in sorted(found.items())}


def _called(key: Key, definition: Definition) -> Definition:
    return replace(definition, data={**definition.data, "name": key[1]})


def _documents(record: Record, names: Mapping[Key, Key]) -> dict[Key, Document]:
    found = {}
    for key, definition in record.definitions.items():
        new = names.get(key, key)
        found[new] = restore({**_referring(key, definition.data, names), "name": new[1]})
    return dict(sorted(found.items()))


def _referring(key: Key, written: Mapping[str, object], names: Mapping[Key, Key]) -> Mapping[str, object]:
    """A definition's data with the new names of what it refers to."""
    links = [link for link in references(unchecked(key, written)) if link.key in names]
    if not links:
        return written
    data: Any = copy.deepcopy(dict(written))
    for link in links:
        _rename(data, link, names[link.key][1])
    return {**data}


def _rename(data: Any, link: Link, name: str) -> None:
    *above, last = link.path
    for part in above:
        data = data[part]
    if last == "formula":
        data[last] = re.sub(rf"(?<![\w.]){re.escape(link.key[1])}(?![\w.])", name, data[last])
    else:
        data[last] = name
