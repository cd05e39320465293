"""Evaluated memberships against published ones: what each would do, and what would be stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from segctl.index.column import Bits
from segctl.load.document import Key
from segctl.plan import movement
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


@dataclass(frozen=True, eq=False)
class TodaysBits:
    """Today's bits of a resource: as it is defined, and as it was applied (None: nobody can say)."""

    new: Callable[[Key], Bits]
    old: Callable[[Key], Bits | None]


def measure(keys: Iterable[Key], today: TodaysBits, stored: Stored, defined: Mapping[Key, Definition]) -> Measured:
    """One resource after the other, so that only one is held in full."""
    effects: dict[Key, Effect] = {}
    packed: dict[Key, Packed] = {}
    variants: dict[Key, tuple[tuple[str, int], ...]] = {}
    for key in keys:
        new = _held(key, today.new(key), stored, defined[key])
        packed[key] = pack(Membership(stored.today.digest, new.bits, new.variants))
        variants[key] = new.variant_members
        before = stored.held(key)
        members = movement.created(new) if before is None else movement.moved(before, today.old(key), new)
        effects[key] = Effect(members, packed[key].digest)
    return Measured(effects, packed, variants)


def _held(key: Key, bits: Bits, stored: Stored, definition: Definition) -> Held:
    names, variants = drawn(key, definition.data, stored.today.ids, bits)
    if variants is None:
        return Held(bits)
    return Held(bits, variants=variants, names=names, variant_members=counts(names, variants))
