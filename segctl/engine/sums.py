"""Whether sums stay in 64 bits, whatever rows a condition chooses (law 7)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.engine.plan import Name, Plan, TallyKind
from segctl.engine.shared import Shared
from segctl.engine.source import Ints, Source
from segctl.index.millionths import LARGEST
from segctl.logic.bound import Column, Scope
from segctl.logic.exact import GREATEST_INTEGER
from segctl.logic.types import descend

_EXACT = frozenset({TallyKind.SUM, TallyKind.MEDIAN})
"""Kept in whole millionths of 64 bits."""


def check_sums(plan: Plan, source: Source) -> None:
    """Refuse sums that could leave 64 bits.

    Raises:
        InvalidInput: naming each column whose absolute values add up to too much.
    """
    shared = Shared(source)
    wrong = {column.path for names, column in _summed(plan) if _bound(shared, names, column) > GREATEST_INTEGER}
    if wrong:
        raise InvalidInput(_problem(path) for path in wrong)


def _summed(plan: Plan) -> Iterator[tuple[tuple[Name, ...], Column]]:
    for work in plan.work:
        for tally in work.tallies:
            if tally.kind in _EXACT and tally.column is not None:
                yield work.rows.names, tally.column


def _bound(shared: Shared, names: tuple[Name, ...], column: Column) -> int:
    """The sum of the absolute millionths over all rows with these names."""
    if column.scope is Scope.CATALOG:
        return sum(_catalog_bound(shared, name, column) for name in names)
    source, events = shared.source, shared.source.schema.events
    having = [name for name in names if descend(events.get(name, {}), column.path) is not None]
    return sum(source.sum_bound(name, column.path) for name in having)


def _catalog_bound(shared: Shared, name: Name, column: Column) -> int:
    """How often each row of the catalogue is pointed to, times its value."""
    numbers = shared.catalog_millionths(column)
    sizes, total = np.abs(numbers.values), 0
    if numbers.large is not None:
        return LARGEST
    for number in range(shared.source.shards):
        for part in shared.source.shard(number).events(name):
            rows = part.catalog_rows(str(column.catalog))
            counts = np.bincount(rows[rows >= 0], minlength=len(sizes))
            total += _dot(counts, sizes)
    return total


def _dot(counts: Ints, sizes: Ints) -> int:
    """The exact sum of products, in Python's integers where 64 bits could be too few."""
    if len(sizes) and int(counts.sum()) * int(sizes.max()) <= GREATEST_INTEGER:
        return int((counts * sizes).sum())
    return sum(count * size for count, size in zip(counts.tolist(), sizes.tolist(), strict=True))


def _problem(path: tuple[str, ...]) -> Diagnostic:
    name = ".".join(path)
    return Diagnostic(
        "sum-too-large",
        f"the absolute values of `{name}` add up to more than 9,223,372,036,854",
        detail="sums are exact, in whole millionths of 64 bits; those of this column do not fit",
        hint=f"give `{name}` in a larger unit, by the project's `properties`",
    )
