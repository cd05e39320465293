"""Who moves, and why: each user who enters or exits is attributed to the data or to the definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segctl.index.column import Bits
from segctl.plan.plan import Members, Movement, VariantMembers
from segctl.state.membership import Variants


@dataclass(frozen=True, eq=False)
class Held:
    """A membership over today's population.

    `departed` members have left the population since; `variants` number into `names`.
    """

    bits: Bits
    departed: int = 0
    variants: Variants | None = None
    names: tuple[str, ...] = ()
    variant_members: tuple[tuple[str, int], ...] = ()

    @property
    def members(self) -> int:
        """How many members, the departed ones included."""
        return _count(self.bits) + self.departed


def created(new: Held) -> Members:
    """All members enter by definition."""
    return Members(0, new.members, Movement(entered=new.members), variants=_variants((), new.variant_members))


def deleted(members: int, variants: Sequence[tuple[str, int]] = ()) -> Members:
    """All members exit by definition; nothing has to be evaluated for that."""
    return Members(members, 0, Movement(exited=members), variants=_variants(variants, ()))


def unmoved(members: int, variants: Sequence[tuple[str, int]] = ()) -> Members:
    """Nobody moves, whatever else is another one."""
    return Members(members, members, variants=_variants(variants, variants))


def moved(stored: Held, old: Bits | None, new: Held) -> Members:
    """From the stored membership to today's.

    `old` is the old definition on today's data. Who enters although `old` does not hold does so
    by definition, else by data; who exits although `old` holds does so by definition, else by data.
    With None the old definition cannot be evaluated any more, and counts as the stored membership.
    """
    kept = stored.bits if old is None else old
    entered, exited = new.bits & ~stored.bits, stored.bits & ~new.bits
    return Members(
        before=stored.members,
        after=new.members,
        by_definition=Movement(_count(entered & ~kept), _count(exited & kept)),
        by_data=Movement(_count(entered & kept), _count(exited & ~kept) + stored.departed),
        reassigned=_reassigned(stored, new),
        variants=_variants(stored.variant_members, new.variant_members),
    )


def _reassigned(stored: Held, new: Held) -> int:
    """Members who stay, with a variant of another name; having none is one more."""
    if stored.variants is None and new.variants is None:
        return 0
    stay = stored.bits & new.bits
    return _count(_named(stored, new.names)[stay] != _named(new, new.names)[stay])


def _named(held: Held, names: tuple[str, ...]) -> Variants:
    """Variants as numbers into `names`: -1 for no variant, -2 and below for one that is not there."""
    if held.variants is None:
        return np.full(len(held.bits), -1, dtype=np.int16)
    numbers = [names.index(name) if name in names else -2 - i for i, name in enumerate(held.names)]
    return np.array([*numbers, -1], dtype=np.int16)[held.variants]


def _variants(before: Sequence[tuple[str, int]], after: Sequence[tuple[str, int]]) -> tuple[VariantMembers, ...]:
    was, will = dict(before), dict(after)
    names = [*will, *(name for name in was if name not in will)]
    return tuple(VariantMembers(name, was.get(name, 0), will.get(name, 0)) for name in names)


def _count(bits: Bits) -> int:
    return int(np.count_nonzero(bits))
