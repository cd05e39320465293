"""Which values each user's rows have, and when: the first, the last, the most frequent, all of them (law 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from segctl.engine.columns import own_texts, present_values
from segctl.engine.parts import Chosen, Part
from segctl.engine.source import ColumnData, Ints, Values
from segctl.index.column import Lists
from segctl.index.derived import Seen, derived
from segctl.index.physical import NUMPY, join, missing, take
from segctl.logic.bound import Column
from segctl.logic.nodes import MeasureKind
from segctl.logic.types import ListOf, Scalar


@dataclass(eq=False)
class Occurrences:
    """The values of a column that are there."""

    column: Column
    size: int
    seen: list[Seen] = field(default_factory=list)

    def add(self, part: Part, chosen: Chosen) -> None:
        """Keep the values of the rows, with their users and instants."""
        found = part.values(self.column, chosen)
        if found is None:
            return
        rows, values = present_values(found)
        users, times = part.users[chosen], part.times[chosen]
        if rows is not None:
            users, times = users[rows], times[rows]
        if len(users):
            self.seen.append(Seen(users.astype(np.int32), times, _as(values, self._kind)))

    @property
    def _kind(self) -> Scalar:
        if not isinstance(self.column.type, Scalar):
            raise TypeError("only single values are kept")
        return self.column.type

    def chosen(self, kind: MeasureKind) -> ColumnData:
        """One value per user, or one list of them."""
        if kind in (MeasureKind.FIRST_VALUE, MeasureKind.LAST_VALUE):
            return derived(self.seen, self._kind, self.size, last=kind is MeasureKind.LAST_VALUE)
        frequent = kind is MeasureKind.MOST_FREQUENT
        if not self.seen:
            return missing(self._kind if frequent else ListOf(self._kind), self.size)
        users = np.concatenate([one.users for one in self.seen]).astype(np.int64)
        pairs = _Pairs.of(users, _joined([one.values for one in self.seen], self._kind))
        return pairs.most_frequent(self.size) if frequent else pairs.lists(self.size)


def _as(values: Values, kind: Scalar) -> Values:
    """Present values in the width, and of the type, of the column; zero has no sign."""
    if kind is Scalar.FLOAT:
        return Values(kind, values.values.astype(np.float64) + 0.0)
    kept = Values(kind, values.values.astype(NUMPY[kind], copy=False), None, values.dictionary)
    many = values.dictionary is not None and len(values.dictionary) > len(values.values)
    return own_texts(kept) if many else kept


def _joined(parts: Sequence[Values], kind: Scalar) -> Values:
    joined = join(parts, kind)
    assert isinstance(joined, Values)  # noqa: S101 scalars
    return joined


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Users with their different values, by user and then in the order of the values."""

    users: Ints
    values: Values
    counts: Ints

    @classmethod
    def of(cls, users: Ints, values: Values) -> _Pairs:
        """The different pairs, and how often each is there."""
        ranks, distinct = _ranked(values)
        keys = np.sort(users * len(distinct.values) + ranks)
        starts = np.flatnonzero(_changes(keys))
        there = keys[starts]
        ordered = take(distinct, there % len(distinct.values))
        assert isinstance(ordered, Values)  # noqa: S101 scalars
        return cls(there // len(distinct.values), ordered, np.diff(np.append(starts, len(keys))))

    def most_frequent(self, size: int) -> Values:
        """Of each user the value that is there most often, of several the least."""
        starts = np.flatnonzero(_changes(self.users))
        most = np.maximum.reduceat(self.counts, starts)
        lengths = np.diff(np.append(starts, len(self.users)))
        best = np.flatnonzero(self.counts == np.repeat(most, lengths))
        best = best[_changes(self.users[best])]
        rows = np.full(size, -1, dtype=np.int64)
        rows[self.users[best]] = best
        return _at(self.values, rows)

    def lists(self, size: int) -> Lists:
        """Of each user all values, in order."""
        lengths = np.bincount(self.users, minlength=size)
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        return Lists(ListOf(self.values.type), offsets, self.values, np.asarray(lengths > 0))


def _at(values: Values, rows: Ints) -> Values:
    """The values at some places, missing for -1."""
    nothing = missing(values.type, 1)
    assert isinstance(nothing, Values)  # noqa: S101 scalars
    padded = np.append(values.values, nothing.values)[rows]
    speaks = values.type in (Scalar.FLOAT, Scalar.STRING)
    return Values(values.type, padded, None if speaks else np.asarray(rows >= 0), values.dictionary)


def _ranked(values: Values) -> tuple[Ints, Values]:
    """The place of each value among the different ones, and these in order; texts by code point."""
    if values.type is Scalar.STRING and values.dictionary is not None:
        order = pc.array_sort_indices(values.dictionary)
        places = np.empty(len(order), dtype=np.int64)
        places[order.to_numpy()] = np.arange(len(order), dtype=np.int64)
        codes = np.arange(len(order), dtype=np.int32)
        return places[values.values], Values(values.type, codes, None, values.dictionary.take(order))
    distinct, ranks = np.unique(values.values, return_inverse=True)
    return ranks.astype(np.int64), Values(values.type, distinct)


def _changes(ordered: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where a value differs from the one before it; the first does."""
    changes = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    return changes
