"""Old and new definitions on one schema, with what they refer to in its place, for what can be proved of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from segctl.diagnostics import Severity
from segctl.load.document import Key
from segctl.logic import bound, nodes
from segctl.logic.bind import Binder
from segctl.logic.lower import lower
from segctl.logic.types import Schema
from segctl.plan.plan import Proved, Relation
from segctl.plan.relation import NOBODY_SEEN, Witnesses, always, related
from segctl.workflow.evaluate import Target
from segctl.workflow.measure import Today
from segctl.workflow.worlds import Worlds


def proved(pair: Worlds, keys: Collection[Key], schema: Schema, today: Today) -> Mapping[Key, Proved]:
    """What is certain of each new definition, and of how it lies to the old one."""
    sides = _Sides(pair, schema)
    return {key: _of(key, sides, today) for key in keys}


def _of(key: Key, sides: _Sides, today: Today) -> Proved:
    new = sides.new(key)
    if new is None:
        return Proved()
    old, was = sides.pair.before(key), today.old(key)
    if old is None:
        return Proved(always=always(new))
    before = sides.old(old)
    seen = NOBODY_SEEN
    if was is not None:
        bits = today.new(key)
        seen = Witnesses(bool(np.any(bits & ~was)), bool(np.any(was & ~bits)), bool(np.any(bits & was)))
    return Proved(Relation.UNKNOWN if before is None else related(before, new, seen), always(new))


@dataclass(frozen=True, eq=False)
class _Sides:
    """Both worlds. A membership of which only the ids are known is the same one on both sides only if its ids are."""

    pair: Worlds
    schema: Schema

    def new(self, key: Key) -> bound.Node | None:
        return self._bound(Target(self.pair.new, key), "new", {})

    def old(self, target: Target) -> bound.Node | None:
        """None where it fits no more, or where local days were those of another zone."""
        if target.library.zone not in (None, self.schema.zone):
            return None
        return self._bound(target, "old", {was: key for key, was in self.pair.moved.items()})

    def _bound(self, target: Target, side: str, renamed: Mapping[Key, Key]) -> bound.Node | None:
        library = target.library

        def resolve(reference: nodes.Reference) -> nodes.Node | None:
            if "/" in reference.kind:
                return None
            key = reference.kind, reference.name
            if reference.kind != "list" and key not in library.given:
                return lower(library.documents[key], library.settings)
            now = renamed.get(key, key)
            where = "both" if self._is_shared(now) else side
            return replace(reference, kind=f"{where}/{now[0]}", name=now[1])

        binder = Binder(self.schema, resolve, library.trait)
        node = binder.bind(lower(library.documents[target.key], library.settings))
        return None if any(one.severity is Severity.ERROR for one in binder.diagnostics) else node

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
