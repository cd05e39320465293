"""Published memberships, carried onto the users of today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from segctl.index.column import Bits, Ints
from segctl.index.population import Population
from segctl.load.document import Key
from segctl.plan.movement import Held
from segctl.state.membership import Variants
from segctl.state.record import Snapshot
from segctl.state.state import State


@dataclass(frozen=True, eq=False)
class Stored:
    """The snapshots of a state, by id over today's population; whoever has left it has departed."""

    state: State
    snapshots: Mapping[Key, Snapshot]
    today: Population
    _places: dict[str, Ints | None] = field(default_factory=dict)

    def held(self, key: Key) -> Held | None:
        """The membership as it was published; None if it never was."""
        snapshot = self.snapshots.get(key)
        if snapshot is None:
            return None
        membership = self.state.membership(snapshot.membership)
        places = self._place(snapshot.population)
        bits = _carry(membership.bits, places)
        variants = None if membership.variants is None else _carry_variants(membership.variants, places)
        names = tuple(name for name, _ in snapshot.variants)
        return Held(bits, membership.members - int(np.count_nonzero(bits)), variants, names, snapshot.variants)

    def align(self, keys: Iterable[Key]) -> None:
        """Make ready for `held` of these from several threads: each older population is laid over today's once."""
        for population in {self.snapshots[key].population for key in keys if key in self.snapshots}:
            self._place(population)

    def bits(self, key: Key) -> Bits | None:
        """Who of today's users was published as a member; None if it never was."""
        held = self.held(key)
        return None if held is None else held.bits

    def resting(self, documents: Iterable[Key], moving: Collection[Key], held: Collection[Key] = ()) -> dict[Key, Bits]:
        """Who of today's users was published as a member of what does not move now and stands as published.

        These are the extensions among the documents, and what of them is held.
        """
        resting = (key for key in documents if (key[0] == "extension" or key in held) and key not in moving)
        return {key: bits for key in resting if (bits := self.bits(key)) is not None}

    def _place(self, digest: str) -> Ints | None:
        """Where each user of today stood in the older population, -1 if nowhere; None if it is the same one."""
        if digest == self.today.digest:
            return None
        if digest not in self._places:
            self._places[digest] = self.state.population(digest).index_of(self.today.ids)
        return self._places[digest]


def _carry(bits: Bits, places: Ints | None) -> Bits:
    if places is None:
        return bits
    known = places >= 0
    carried = np.zeros(len(places), dtype=np.bool_)
    carried[known] = bits[places[known]]
    return carried


def _carry_variants(variants: Variants, places: Ints | None) -> Variants:
    if places is None:
        return variants
    known = places >= 0
    carried = np.full(len(places), -1, dtype=np.int16)
    carried[known] = variants[places[known]]
    return carried
