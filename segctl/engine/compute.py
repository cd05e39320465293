"""Computed values over all users: traits, and what ranks are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from segctl.engine.compile import compiled
from segctl.engine.gauges import MILLIONTHS
from segctl.engine.local import Task, helpful, run
from segctl.engine.plan import Label
from segctl.engine.source import ColumnData, Source
from segctl.engine.sums import check_sums
from segctl.index.physical import join, missing
from segctl.logic.bound import Computed
from segctl.logic.types import Scalar, Type
from segctl.progress import Progress


@dataclass(frozen=True, eq=False)
class Computation(Generic[Label]):
    """Columns in the population's order; `unseen` events lie at or after as_of and were not counted."""

    columns: Mapping[Label, ColumnData]
    unseen: int


def compute(
    source: Source, wanted: Mapping[Label, Computed], *, workers: int | None = None, progress: Progress
) -> Computation[Label]:
    """All wanted values at once, as of the source's instant: columns in the population's order.

    A column is of the value's own type; where that is `NOTHING`, all are missing (`Presence`). Numbers have
    no negative zero, texts a dictionary of their own. `workers` None is as many as help.

    Raises:
        InvalidInput: a sum that 64 bits of millionths cannot hold, by column.
    """
    if not wanted:
        return Computation({}, 0)
    plan = compiled({}, source.as_of_us, wanted.values())
    check_sums(plan, source)
    answers = run(Task(plan, source, lambda _: {}), workers or helpful(plan, source), progress)
    parts = zip(*(shard.columns for shard in answers), strict=True) if answers else (() for _ in wanted)
    columns = {label: _whole(column, of.type) for (label, of), column in zip(wanted.items(), parts, strict=True)}
    return Computation(columns, sum(shard.unseen for shard in answers))


def _whole(parts: tuple[ColumnData, ...], kind: Type) -> ColumnData:
    physical = Scalar.INT if kind == MILLIONTHS else kind
    return join(parts, physical) if parts else missing(physical, 0)
