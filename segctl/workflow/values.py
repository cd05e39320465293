"""Traits to values: of the definitions on disk, and of those that were applied, both on today's data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic

import pyarrow as pa

from segctl.apply.next_record import NewTraits
from segctl.diagnostics import Diagnostic
from segctl.engine import compute as engine
from segctl.engine.plan import Label
from segctl.index.arrow import to_arrow
from segctl.index.population import Population
from segctl.load.document import Key
from segctl.logic.needs import needs
from segctl.plan import values
from segctl.plan.build import Effect
from segctl.plan.values import Distribution
from segctl.progress import Progress
from segctl.state.record import Traits
from segctl.state.state import State
from segctl.state.traits import TraitTable, pack
from segctl.workflow.evaluate import Binding, Data, Target, checked
from segctl.workflow.worlds import NEW, OLD, Worlds


@dataclass(frozen=True, eq=False)
class Computation(Generic[Label]):
    """The values of traits in the population's order; `unseen` events lie at or after as_of."""

    values: Mapping[Label, pa.Array]
    warnings: tuple[Diagnostic, ...]
    unseen: int


def compute(data: Data, wanted: Mapping[Label, Target], progress: Progress) -> Computation[Label]:
    """The values of traits; what several share is computed once.

    Raises:
        InvalidInput: traits that do not fit the data.
    """
    binding = Binding(data.index.schema)
    computed = {label: binding.value(target) for label, target in wanted.items()}
    warnings = checked(binding.diagnostics)
    data.index.ensure(needs([], values=computed.values()), progress)
    found = engine.compute(data.index.at(data.as_of_us), computed, progress=progress)
    return Computation({label: to_arrow(one) for label, one in found.columns.items()}, warnings, found.unseen)


@dataclass(frozen=True, eq=False)
class Published:
    """The values of traits as they were published; None where there are none."""

    state: State
    traits: Traits | None

    @cached_property
    def table(self) -> TraitTable | None:
        """The table that holds, with the columns that are still published."""
        if self.traits is None or not self.traits.columns:
            return None
        table = self.state.traits(self.traits.table)
        kept = {name: table.columns[self.traits.column(name)] for name in self.traits.columns}
        return replace(table, columns=kept)

    def columns(self, today: Population) -> Mapping[str, pa.Array]:
        """The published columns over today's users; who is new has no value."""
        if self.table is None or self.table.population == today.digest:
            return self.table.columns if self.table else {}
        places = self.state.population(self.table.population).index_of(today.ids)
        rows = pa.array(places, mask=places < 0)
        return {name: column.take(rows) for name, column in self.table.columns.items()}

    def spreads(self, names: Collection[str]) -> dict[str, Distribution]:
        """How the published values were spread, over the users of then."""
        columns = self.table.columns if self.table and names else {}
        return {name: values.distribution(columns[name]) for name in names if name in columns}


@dataclass(frozen=True, eq=False)
class TraitEffects:
    """The effects on traits, and the table that would be published (None: it stays as it is)."""

    effects: Mapping[Key, Effect]
    traits: NewTraits | None
    warnings: tuple[Diagnostic, ...] = ()
    unseen: int = 0


def trait_effects(
    pair: Worlds, keys: Collection[Key], data: Data, published: Published, progress: Progress
) -> TraitEffects:
    """Compute traits in both worlds, and count whose values differ."""
    if not keys:
        return TraitEffects({}, None)
    found = compute(data, pair.targets(keys, data), progress)
    stored = published.columns(data.population)
    spreads = published.spreads(stored)
    effects = {key: Effect(values=_effect(key, found, stored, spreads)) for key in keys}
    columns = {**stored, **{name: found.values[NEW, ("trait", name)] for _, name in keys}}
    kept = {name: columns[name] for name in sorted(columns) if ("trait", name) in pair.new.documents}
    table = pack(TraitTable(data.population.digest, data.population.ids, kept))
    computed = {key[1]: _counts(effects[key]) for key in keys}
    return TraitEffects(effects, NewTraits(table, computed), found.warnings, found.unseen)


def _effect(
    key: Key, found: Computation[tuple[str, Key]], stored: Mapping[str, pa.Array], spreads: Mapping[str, Distribution]
) -> values.Values:
    new = found.values[NEW, key]
    if key[1] not in stored:
        return values.created(new)
    return values.moved(stored[key[1]], spreads[key[1]], found.values.get((OLD, key)), new)


def _counts(effect: Effect) -> tuple[int, int]:
    """The users with a value, and those whose value is another one."""
    after = effect.values.after if effect.values else None
    return (after.users if after else 0), (effect.values.changed if effect.values else 0)


def removed(published: Published, keys: Collection[Key]) -> dict[Key, Effect]:
    """The effect of removing traits."""
    spreads = published.spreads([name for _, name in keys])
    return {
        ("trait", name): Effect(values=values.Values(spread, None, by_definition=spread.users))
        for name, spread in spreads.items()
    }
