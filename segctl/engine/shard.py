"""One shard's answers: a pure function of the plan and the shard, run by cores here and by Spark elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segctl.engine import engagement, sequences
from segctl.engine.algebra import joined
from segctl.engine.answers import answer
from segctl.engine.columns import on_its_own
from segctl.engine.gauges import gauged
from segctl.engine.ids import BUCKETS, variant_buckets
from segctl.engine.leaves import any_of_elements, leaf
from segctl.engine.plan import (
    Chained,
    Counted,
    Engaged,
    Junction,
    ListTested,
    Negation,
    Plan,
    RowWork,
    Step,
    Tested,
)
from segctl.engine.rows import ShardRows
from segctl.engine.shared import Shared
from segctl.engine.source import Bits, ColumnData, Shard
from segctl.engine.tallies import started
from segctl.engine.values import complete
from segctl.index.column import Lists
from segctl.index.physical import rows_of, take
from segctl.logic.bound import Bucket, ElementTest, Everyone, Given, PlaceTest, Share, ValueTest

Packed = npt.NDArray[np.uint8]
GivenBits = Mapping[tuple[str, str], Bits]


@dataclass(frozen=True)
class Answers:
    """The bits of each of the plan's labels over a shard's users in the population's order, eight to a byte.

    `columns` are the values that the plan asks for, over the same users.
    """

    users: int
    packed: Packed
    unseen: int
    columns: tuple[ColumnData, ...] = ()


def evaluate_shard(plan: Plan, shard: Shard, shared: Shared, given: GivenBits) -> Answers:
    """Every condition over the users of one shard; `given` holds bits over these users in their order."""
    rows = ShardRows(shard, shared, plan)
    bits: dict[int, Bits] = {}
    values: dict[int, ColumnData] = {}
    for work in plan.work:
        _counted(work, rows, bits, values)
    complete(values, plan, shard.size)
    bits |= engagement.engaged(plan.steps, rows)
    for number, step in enumerate(plan.steps):
        if isinstance(step, Tested):
            bits[number] = shared.passes(values[step.value], step.test)
        elif isinstance(step, ListTested):
            bits[number] = _of_elements(step, values[step.value], shared)
        elif number not in bits:
            bits[number] = _step(step, bits, rows, given)
    columns = tuple(on_its_own(take(values[number], shard.order)) for number in plan.columns)
    return Answers(len(shard.order), _packed([bits[number] for number in plan.outputs], shard), rows.unseen, columns)


def _of_elements(step: ListTested, column: ColumnData, shared: Shared) -> Bits:
    if not isinstance(column, Lists):
        return np.zeros(rows_of(column), dtype=np.bool_)
    return any_of_elements(column, step.where, shared.passes)


def _packed(bits: list[Bits], shard: Shard) -> Packed:
    """The bits in the population's order, which often is that of the numbers."""
    order = shard.order
    as_numbered = len(order) == shard.size and bool((order == np.arange(shard.size)).all())
    packed = [np.packbits(one if as_numbered else one[order]) for one in bits]
    return np.stack(packed) if packed else np.zeros((0, (len(order) + 7) // 8), dtype=np.uint8)


def _counted(work: RowWork, rows: ShardRows, bits: dict[int, Bits], values: dict[int, ColumnData]) -> None:
    """The answers of all thresholds and gauges over one row set, gone through once."""
    size = rows.shard.size
    tallied = {tally: started(tally, size) for tally in work.tallies}
    for selection in rows.select(work.rows):
        for tally, kept in tallied.items():
            kept.add(selection.part, selection.within(tally.span))
    bits |= {number: answer(threshold, tallied, size) for number, threshold in work.thresholds.items()}
    values |= {number: gauged(gauge, tallied, size) for number, gauge in work.gauges.items()}


def _step(step: Step, bits: Mapping[int, Bits], rows: ShardRows, given: GivenBits) -> Bits:  # noqa: PLR0911 one for each
    shard = rows.shard
    match step:
        case Junction(every=every, of=of):
            return joined((bits[number] for number in of), shard.size, every=every)
        case Negation(of=number):
            return ~bits[number]
        case ValueTest() | PlaceTest() | ElementTest():
            return leaf(step, lambda column: shard.attribute(column.path), shard.size, rows.shared.passes)
        case Bucket(low=low, high=high):
            buckets = shard.hashes % np.uint64(BUCKETS)
            return (buckets >= np.uint64(low)) & (buckets <= np.uint64(high))
        case Given(kind=kind, name=name):
            members = np.zeros(shard.size, dtype=np.bool_)
            members[shard.order] = given[kind, name]
            return members
        case Everyone():
            return np.ones(shard.size, dtype=np.bool_)
        case Chained():
            return sequences.holds(step, rows)
        case Share(campaign=campaign, low=low, high=high):
            variants = variant_buckets(campaign, shard.ids)
            return (variants >= low) & (variants < high)
        case Counted() | Tested() | ListTested() | Engaged():
            raise TypeError("thresholds and tests of values are answered elsewhere")
