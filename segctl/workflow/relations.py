"""Old and new definitions on one schema, with what they refer to in its place, for what can be proved of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from segctl.index.column import Bits
from segctl.load.document import Key
from segctl.logic import bound, nodes
from segctl.logic.bind import Binder
from segctl.logic.lower import lower
from segctl.logic.types import Schema
from segctl.plan.plan import Proved, Relation
from segctl.plan.relation import Seen, always, budget, related
from segctl.workflow.evaluate import Library, Target
from segctl.workflow.measure import TodaysBits
from segctl.workflow.worlds import Worlds


def proved(pair: Worlds, keys: Collection[Key], schema: Schema, today: TodaysBits) -> Mapping[Key, Proved]:
    """What is certain of each new definition, and of how it lies to the old one."""
    sides, looks = _Sides(pair, schema), budget(len(keys))
    return {key: _of(key, sides, today, looks) for key in keys}


def _of(key: Key, sides: _Sides, today: TodaysBits, looks: int) -> Proved:
    was = today.old(key)
    new, seen = sides.new(key), _seen(today.new(key), was)
    if new is None:
        return Proved()
    target = sides.pair.before(key)
    if target is None:
        return Proved(always=always(new, seen, looks))
    old = None if was is None else sides.old(target)  # what it refers to may fit no more
    return Proved(Relation.UNKNOWN if old is None else related(old, new, seen, looks), always(new, seen, looks))


def _seen(new: Bits, old: Bits | None) -> Seen:
    """What today's users show; where nobody can say who met the old definition, it is taken for the new one."""
    was = new if old is None else old
    return Seen(bool(np.any(new & ~was)), bool(np.any(was & ~new)), bool(np.any(new & was)), not np.all(new | was))


class _Sides:
    """Both worlds. A membership of which only the ids are known is the same one on both sides only if its ids are."""

    def __init__(self, pair: Worlds, schema: Schema) -> None:
        self.pair = pair
        self._zone = schema.zone
        self._new = self._binder(pair.new, schema, "new", {})
        renamed = {was: key for key, was in pair.moved.items()}
        self._old = None if pair.old is None else self._binder(pair.old, schema, "old", renamed)

    def new(self, key: Key) -> bound.Node | None:
        """The new definition; None if it does not fit."""
        return _bound(self._new, self.pair.new, key)

    def old(self, target: Target) -> bound.Node | None:
        """None where it fits no more, or where local days were those of another zone."""
        if self._old is None or target.library.zone not in (None, self._zone):
            return None
        return _bound(self._old, target.library, target.key)

    def _binder(self, library: Library, schema: Schema, side: str, renamed: Mapping[Key, Key]) -> Binder:
        def resolve(reference: nodes.Reference) -> nodes.Node | None:
            if "/" in reference.kind:
                return None
            key = reference.kind, reference.name
            if reference.kind != "list" and key not in library.given:
                return lower(library.documents[key], library.settings)
            now = renamed.get(key, key)
            where = "both" if self._is_shared(now) else side
            return replace(reference, kind=f"{where}/{now[0]}", name=now[1])

        return Binder(schema, resolve, library.trait)

    def _is_shared(self, key: Key) -> bool:
        """Whether a list, or a published extension, has the very same members on both sides."""
        old, new = self.pair.before(key), self.pair.new
        if old is None or key not in new.documents:
            return False
        published = key in new.given, old.key in old.library.given
        if any(published) or key[0] != "list":
            return all(published)
        now, was = new.documents[key].data, old.library.documents[old.key].data
        return (now["path"], now["id"]) == (was["path"], was["id"])


def _bound(binder: Binder, library: Library, key: Key) -> bound.Node | None:
    before = len(binder.diagnostics)
    node = binder.bind(lower(library.documents[key], library.settings))
    wrong = any(one.is_error for one in binder.diagnostics[before:])
    return None if wrong else node
