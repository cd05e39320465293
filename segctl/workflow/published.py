"""The memberships that a serial published, as they are in the state."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from segctl.index.population import Population
from segctl.load.document import Key
from segctl.plan.variant_choice import NO_VARIANTS, VariantNames, controls_of
from segctl.state.record import Record
from segctl.state.state import State
from segctl.workflow.member_lists import Selected


@dataclass(frozen=True, eq=False)
class Published:
    """The memberships of a record, of None nobody's; a population that several are over is read once."""

    state: State
    record: Record | None
    _populations: dict[str, Population] = field(default_factory=dict)

    def variants(self, key: Key) -> VariantNames:
        """The variants that members of a campaign were given; those of its definition say who gets no message."""
        snapshot = self.record.snapshots.get(key) if self.record else None
        if self.record is None or snapshot is None:
            return NO_VARIANTS
        names = tuple(name for name, _ in snapshot.variants)
        return VariantNames(names, controls_of(self.record.definitions[key].data))

    def selected(self, key: Key) -> Selected:
        """Who was published as a member; nobody of no users where nothing was."""
        snapshot = self.record.snapshots.get(key) if self.record else None
        if snapshot is None:
            return Selected.nobody(Population.ordered(pa.array([], pa.string())))
        membership = self.state.membership(snapshot.membership)
        return Selected(self._population(snapshot.population), membership.bits, membership.variants, self.variants(key))

    def _population(self, digest: str) -> Population:
        if digest not in self._populations:
            self._populations[digest] = self.state.population(digest)
        return self._populations[digest]
