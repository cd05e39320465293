"""The rows of row sets: in each part of a shard those that pass, found once for all windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from segctl.engine.joined import packed
from segctl.engine.parts import Chosen, Numbers, Part
from segctl.engine.plan import Name, Plan, RowSet, Span
from segctl.engine.shared import Shared
from segctl.engine.source import Shard
from segctl.logic.bound import Everyone


@dataclass(frozen=True, eq=False)
class Selection:
    """The rows of a part that pass a row set's filter; `numbers` None is all of them."""

    part: Part
    numbers: Numbers | None

    def within(self, span: Span) -> Chosen:
        """The selected rows in a span."""
        start, stop = self.part.within(span)
        if self.numbers is None:
            return slice(start, stop)
        first, last = np.searchsorted(self.numbers, [start, stop])
        return self.numbers[first:last]


@dataclass(eq=False)
class ShardRows:
    """All event rows of a shard, opened when they are asked for."""

    shard: Shard
    shared: Shared
    plan: Plan
    _parts: dict[Name, Sequence[Part]] = field(default_factory=dict)

    def parts(self, name: Name) -> Sequence[Part]:
        """The rows of one event name."""
        if name not in self._parts:
            slices = packed(self.shard.events(name), self.shared.source.schema.events.get(name, {}))
            self._parts[name] = [Part(name, one, self.shared, self.plan) for one in slices]
        return self._parts[name]

    @property
    def unseen(self) -> int:
        """How many rows of all event names are at or after as_of."""
        times = [part.times for name in self.shared.source.schema.events for part in self.parts(name)]
        return sum(len(one) - int(one.searchsorted(self.plan.as_of_us)) for one in times)

    def select(self, rows: RowSet) -> list[Selection]:
        """The rows of a row set, in each part that has any of its names."""
        parts = [part for name in rows.names for part in self.parts(name)]
        return [_selection(part, rows) for part in parts]


def _selection(part: Part, rows: RowSet) -> Selection:
    if isinstance(rows.where, Everyone):
        return Selection(part, None)
    start, stop = part.within(rows.span)
    numbers = np.flatnonzero(part.passed(rows.where, start, stop))
    numbers += start
    return Selection(part, numbers)
