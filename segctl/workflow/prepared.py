"""A plan with all that is needed to do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segctl.apply.next_record import Following
from segctl.diagnostics import Diagnostic
from segctl.index.population import Population
from segctl.index.reader import DataReport
from segctl.load.document import Key
from segctl.plan.plan import Plan
from segctl.state.record import Head, Record


@dataclass(frozen=True, eq=False)
class Prepared:
    """A plan, the state it starts from, and what it would publish over today's population (None: nothing).

    `unseen` events lie at or after as_of; `unknown` ids of a list are not in the population;
    `report` says what was read of the data, None where none was needed; `tables` has a digest of each table.
    `uses` are pairs of definitions: who uses, and what; `selected` is what a selection came to.
    """

    plan: Plan
    zone: str
    head: Head | None
    before: Record | None
    following: Following
    population: Population | None = None
    warnings: tuple[Diagnostic, ...] = ()
    unseen: int = 0
    unknown: Mapping[Key, int] = field(default_factory=dict)
    report: DataReport | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    uses: tuple[tuple[Key, Key], ...] = ()
    selected: frozenset[Key] = frozenset()
