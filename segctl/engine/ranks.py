"""Ranks over the whole population, in two passes: values out and cuts in, then conditions like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np

from segctl.engine.columns import valid_of
from segctl.engine.compute import compute
from segctl.engine.gauges import MILLIONTHS
from segctl.engine.source import Bits, ColumnData, Ints, Source, Values
from segctl.index.physical import join, take
from segctl.logic.algebra import NOBODY, all_of, any_of
from segctl.logic.bound import (
    At,
    Between,
    Column,
    Computed,
    ComputedTest,
    Date,
    During,
    EventTest,
    Exactly,
    Measure,
    Measured,
    Node,
    Number,
    OnDays,
    RankTest,
    RfmTest,
    Test,
    ValueTest,
)
from segctl.logic.exact import MILLION
from segctl.logic.needs import distinct
from segctl.logic.nodes import MeasureKind
from segctl.logic.ranks import Cut, Quartiles, rank_size
from segctl.logic.types import Scalar, Type
from segctl.progress import Progress

Ranked = RankTest | RfmTest

_RECENCY, _FREQUENCY = Measure(MeasureKind.LAST), Measure(MeasureKind.COUNT)


def cuts(
    source: Source, conditions: Iterable[Node], *, workers: int | None = None, progress: Progress
) -> Mapping[Node, Cut]:
    """Where each rank that is anywhere in the conditions begins; nothing is gone through where there is none.

    Raises:
        InvalidInput: a sum that 64 bits of millionths cannot hold, by column.
    """
    found = [node for node in distinct(conditions) if isinstance(node, Ranked)]
    wanted = {key: value for node in found for key, value in _values(node).items()}
    columns = compute(source, wanted, workers=workers, progress=progress).columns
    return {node: _cut(node, source, columns) for node in found}


def stand_ins(cuts: Mapping[Node, Cut]) -> Mapping[Node, Node]:
    """For each rank a condition without one that says the same."""
    return {node: _stand_in(node, cut) for node, cut in cuts.items()}


# --- the first pass --------------------------------------------------------------------------------


def _values(node: Ranked) -> dict[Computed, Computed]:
    """What is to be computed of every user; attributes are there already."""
    if isinstance(node, RfmTest):
        return {value: value for value in _figures(node)}
    return {} if isinstance(node.of, Column) else {node.of: node.of}


def _figures(node: RfmTest) -> tuple[Computed, Computed, Computed]:
    recency, frequency = Measured(node.rows, _RECENCY), Measured(node.rows, _FREQUENCY)
    money = Number(0.0) if node.money is None else Measured(node.rows, _money(node.money))
    return Computed(recency, Scalar.TIME), Computed(frequency, Scalar.INT), Computed(money, MILLIONTHS)


def _money(column: Column) -> Measure:
    return Measure(MeasureKind.SUM, column)


def _cut(node: Ranked, source: Source, columns: Mapping[Computed, ColumnData]) -> Cut:
    if isinstance(node, RfmTest):
        return _quartiles(*(_scalars(columns[value]) for value in _figures(node)))
    found = _attribute(source, node.of) if isinstance(node.of, Column) else columns[node.of]
    values = _scalars(found)
    there = valid_of(values)
    return _rank(node, values.values if there is None else values.values[there])


def _attribute(source: Source, column: Column) -> ColumnData:
    """The values of the population's users."""
    shards = [source.shard(number) for number in range(source.shards)]
    return join([take(shard.attribute(column.path), shard.order) for shard in shards], column.type)


def _scalars(column: ColumnData) -> Values:
    if not isinstance(column, Values):
        raise TypeError("only numbers, dates and times are ranked")
    return column


def _rank(node: RankTest, values: Ints) -> int | float | None:
    """The last value that is in, found without sorting all."""
    size = rank_size(node, len(values))
    if not size:
        return None
    place = len(values) - size if node.top else size - 1
    found: int | float = np.partition(values, place)[place].item()
    return found


def _quartiles(recency: Values, frequency: Values, money: Values) -> Cut:
    """The quartiles of users who have a row."""
    there: Bits = frequency.values > 0
    if not there.any():
        return None
    return _quarters(recency.values[there]), _quarters(frequency.values[there]), _quarters(money.values[there])


def _quarters(values: Ints) -> Quartiles:
    places = [-(-len(values) * part // 4) - 1 for part in (1, 2, 3)]
    low, middle, high = np.partition(values, places)[places].tolist()
    return low, middle, high


# --- the second pass -------------------------------------------------------------------------------


def _stand_in(node: Node, cut: Cut) -> Node:
    match node, cut:
        case RankTest(of, top), int() | float():
            test = _from_cut(of.type, cut, top=top)
            return ValueTest(of, test) if isinstance(of, Column) else ComputedTest(of, test)
        case RfmTest(), tuple():
            return _scored(node, cut)
    return NOBODY


def _from_cut(kind: Type, cut: float, *, top: bool) -> Test:
    """All at or above the cut, or at or below it, ties included."""
    if kind is Scalar.DATE:
        return OnDays(Date(int(cut)), None) if top else OnDays(None, Date(int(cut) + 1))
    if kind is Scalar.TIME:
        return During(At(int(cut)), None) if top else During(None, At(int(cut) + 1))
    return Between(cut, None) if top else Between(None, cut)


def _scored(node: RfmTest, cut: tuple[Quartiles, Quartiles, Quartiles]) -> Node:
    """The scores as thresholds of the measures; recency is missing for whoever has no row, and none is theirs."""
    recency, frequency, money = cut

    def scored(triple: tuple[int, int, int]) -> Node:
        since, until = _stretch(recency, triple[0])
        during = During(None if since is None else At(since + 1), None if until is None else At(until + 1))
        parts = [
            EventTest(node.rows, _RECENCY, during),
            EventTest(node.rows, _FREQUENCY, _between(frequency, triple[1], 1)),
        ]
        if node.money is None:
            return NOBODY if triple[2] else all_of(parts)
        return all_of([*parts, EventTest(node.rows, _money(node.money), _between(money, triple[2], MILLION))])

    return any_of(scored(triple) for triple in node.scores)


def _stretch(cuts: Quartiles, score: int) -> tuple[int | None, int | None]:
    """Above the one and up to the other lie the values with the score: so many cuts lie strictly below them."""
    return (cuts[score - 1] if score > 0 else None), (cuts[score] if score < len(cuts) else None)


def _between(cuts: Quartiles, score: int, unit: int) -> Exactly:
    low, high = (None if limit is None else Fraction(limit, unit) for limit in _stretch(cuts, score))
    return Exactly(low, high, low_open=low is not None)
