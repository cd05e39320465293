"""Evaluated memberships against published ones: what each would do, and what would be stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from segctl.index.column import Bits
from segctl.index.threads import threads
from segctl.load.document import Key
from segctl.plan import movement, plan
from segctl.plan.build import Effect
from segctl.plan.movement import Held
from segctl.plan.variants import counts, drawn
from segctl.state.membership import Membership, Packed, pack
from segctl.state.record import Definition
from segctl.workflow.stored import Stored


@dataclass(frozen=True)
class Measured:
    """Effects and packed memberships by resource; `variants` are those of campaigns, with their members."""

    effects: Mapping[Key, Effect]
    packed: Mapping[Key, Packed]
    variants: Mapping[Key, tuple[tuple[str, int], ...]]

    def without(self, held: Iterable[plan.Held]) -> Measured:
        """The same, less what is not published because it is held."""
        keys = {one.key for one in held}
        return Measured(
            self.effects,
            {key: packed for key, packed in self.packed.items() if key not in keys},
            {key: names for key, names in self.variants.items() if key not in keys},
        )


@dataclass(frozen=True, eq=False)
class TodaysBits:
    """Today's bits of a resource: as it is defined, and as it was applied (None: nobody can say)."""

    new: Callable[[Key], Bits]
    old: Callable[[Key], Bits | None]


_THREADS = 8
"""Resources measured at once: a state in an object store takes its time for each membership that is read."""


def measure(keys: Iterable[Key], today: TodaysBits, stored: Stored, defined: Mapping[Key, Definition]) -> Measured:
    """A few resources at a time, so that no more are held in full."""
    wanted = tuple(keys)
    stored.align(wanted)
    with threads(_THREADS) as pool:
        found = dict(
            zip(wanted, pool.map(lambda key: _measured(key, today, stored, defined[key]), wanted), strict=True)
        )
    return Measured(
        {key: one.effect for key, one in found.items()},
        {key: one.packed for key, one in found.items()},
        {key: one.variants for key, one in found.items()},
    )


@dataclass(frozen=True)
class _One:
    """What `Measured` says of one resource."""

    effect: Effect
    packed: Packed
    variants: tuple[tuple[str, int], ...]


def _measured(key: Key, today: TodaysBits, stored: Stored, definition: Definition) -> _One:
    new = _held(key, today.new(key), stored, definition)
    packed = pack(Membership(stored.today.digest, new.bits, new.variants))
    before = stored.held(key)
    members = movement.created(new) if before is None else movement.moved(before, today.old(key), new)
    return _One(Effect(members, packed.digest), packed, new.variant_members)


def _held(key: Key, bits: Bits, stored: Stored, definition: Definition) -> Held:
    names, variants = drawn(key, definition.data, stored.today.ids, bits)
    if variants is None:
        return Held(bits)
    return Held(bits, variants=variants, names=names, variant_members=counts(names, variants))
