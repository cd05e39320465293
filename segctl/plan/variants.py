"""Which variant of a campaign a member gets: the same one for ever (law 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from segctl.engine.ids import variant_buckets
from segctl.index.column import Bits
from segctl.load.document import Key
from segctl.plan.variant_choice import controls_of
from segctl.state.membership import Variants


def assign(campaign: str, shares: Sequence[int], ids: pa.StringArray, bits: Bits) -> Variants:
    """The variant's number per user, -1 for no member; `shares` are hundredths of a percent, in order."""
    ends = np.cumsum(np.asarray(shares, dtype=np.int64))
    variants = np.full(len(bits), -1, dtype=np.int16)
    members = np.flatnonzero(bits)
    buckets = variant_buckets(campaign, ids.take(pa.array(members)))
    variants[members] = np.searchsorted(ends, buckets, side="right").astype(np.int16)
    return variants


def shares_of(campaign: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and hundredths of a percent of a campaign's variants, from its data as written; empty without any."""
    written = campaign.get("variants") or ()
    names = tuple(str(variant["name"]) for variant in written)
    return names, tuple(int(Decimal(variant["percent"]) * 100) for variant in written)


def drawn(
    key: Key, data: Mapping[str, Any], ids: pa.StringArray, bits: Bits
) -> tuple[tuple[str, ...], Variants | None]:
    """The names of a resource's variants, and the variant's number per user; none and None where it has none."""
    names, shares = shares_of(data) if key[0] == "campaign" else ((), ())
    return names, assign(key[1], shares, ids, bits) if names else None


@dataclass(frozen=True, slots=True)
class Given:
    """The variant that a member of a campaign gets; in a `control` one no message."""

    name: str
    control: bool


def given_to(user: str, key: Key, data: Mapping[str, Any]) -> Given | None:
    """The variant of a member; None where the resource has none."""
    names, variants = drawn(key, data, pa.array([user], pa.string()), np.ones(1, dtype=np.bool_))
    if variants is None:
        return None
    name = names[variants[0]]
    return Given(name, name in controls_of(data))


def counts(names: Sequence[str], variants: Variants) -> tuple[tuple[str, int], ...]:
    """The members of each variant, in the variants' order."""
    found = np.bincount(variants[variants >= 0], minlength=len(names))
    return tuple((name, int(number)) for name, number in zip(names, found, strict=True))
