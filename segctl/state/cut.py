"""Populations, memberships and tables of traits without some users. Pure.

The order of a population is by hash of the ids, so that whoever stays keeps the order: the bits of a membership
are the same ones, without those at the places of who is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from segctl.index.column import Ints
from segctl.index.population import Population
from segctl.sources.sought import SoughtIds
from segctl.state.membership import Membership, Packed, pack
from segctl.state.traits import PackedTraits, TraitTable
from segctl.state.traits import pack as pack_traits

Values = Mapping[str, tuple[str, object]]
"""What one user had, by column: Arrow's name of the type, and the value."""


@dataclass(frozen=True, eq=False)
class Cut:
    """What a population becomes: its new digest, the places that are gone, and the number of the id at each."""

    population: str
    places: Ints
    numbers: Ints


@dataclass(frozen=True)
class CutMembership:
    """What a membership becomes. `gone` are the erased members by number, with the number of their variant (0)."""

    digest: str
    members: int
    gone: Mapping[int, int]


@dataclass(frozen=True)
class CutTable:
    """What a table of traits becomes. `gone` is what erased users had, by number.

    `removed` says of how many other users a column lost the value, because it was one of the ids.
    """

    digest: str
    population: str
    gone: Mapping[int, Values]
    removed: Mapping[str, int]


def cut_population(population: Population, sought: SoughtIds) -> tuple[Population, Cut] | None:
    """The population without these users; None if it has none of them."""
    numbers = sought.numbers(population.ids)
    places = np.flatnonzero(numbers >= 0)
    if not len(places):
        return None
    rest = Population.ordered(population.ids.filter(pa.array(numbers < 0)))
    return rest, Cut(rest.digest, places, numbers[places])


def cut_membership(membership: Membership, cut: Cut) -> tuple[Packed, CutMembership]:
    """The membership over what is left of its population."""
    variants = membership.variants
    gone = {
        int(number): 0 if variants is None else int(variants[place])
        for place, number in zip(cut.places.tolist(), cut.numbers.tolist(), strict=True)
        if membership.bits[place]
    }
    left = None if variants is None else np.delete(variants, cut.places)
    packed = pack(Membership(cut.population, np.delete(membership.bits, cut.places), left))
    return packed, CutMembership(packed.digest, packed.members, gone)


def cut_table(
    table: TraitTable, cut: Cut | None, sought: SoughtIds, *, keep_values: bool = False
) -> tuple[PackedTraits, CutTable] | None:
    """The table without these users, and (unless `keep_values`) without their ids as values of others.

    None if it holds neither.
    """
    gone: dict[int, Values] = {}
    if cut is not None:
        gone = {int(n): _row(table, int(p)) for n, p in zip(cut.numbers, cut.places, strict=True)}
        table = _without_rows(table, cut)
    removed: dict[str, int] = {}
    columns = dict(table.columns)
    for name, column in {} if keep_values else table.columns.items():
        rows = sought.within(column)
        if rows is not None and rows.any():
            columns[name] = sought.without(column, rows)
            removed[name] = columns[name].null_count - column.null_count
    if cut is None and not removed:
        return None
    packed = pack_traits(replace(table, columns={name: _as_computed(one) for name, one in columns.items()}))
    return packed, CutTable(packed.digest, table.population, gone, removed)


def values_held(table: TraitTable, cut: Cut | None, sought: SoughtIds) -> dict[str, int]:
    """In how many rows of other users a column holds one of the ids."""
    left = table if cut is None else _without_rows(table, cut)
    found = {name: sought.within(column) for name, column in left.columns.items()}
    return {name: int(np.count_nonzero(rows)) for name, rows in found.items() if rows is not None and rows.any()}


def _as_computed(column: pa.Array) -> pa.Array:
    """With Arrow's own name for the elements of lists, which Parquet renames: the same table, the same bytes."""
    return column.cast(pa.list_(column.type.value_type)) if pa.types.is_list(column.type) else column


def _row(table: TraitTable, place: int) -> Values:
    return {name: (str(column.type), column[place].as_py()) for name, column in table.columns.items()}


def _without_rows(table: TraitTable, cut: Cut) -> TraitTable:
    stays = np.ones(len(table.ids), dtype=np.bool_)
    stays[cut.places] = False
    kept = pa.array(stays)
    return TraitTable(
        cut.population, table.ids.filter(kept), {name: column.filter(kept) for name, column in table.columns.items()}
    )
