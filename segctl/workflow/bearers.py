"""How many users have each text of a column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.disclosure import MAX_DISTINCT
from segctl.index.column import ColumnData, Lists, Values
from segctl.index.view import Shard, View
from segctl.lint.facts import TextColumn
from segctl.logic.bound import Scope

Users = npt.NDArray[np.int64]


def bearers(view: View, column: TextColumn) -> Mapping[str, int]:
    """How many users of the population have each text; of a catalogue, how many rows.

    A column of more than `MAX_DISTINCT` texts is not counted to its end.
    """
    found: dict[str, int] = {}
    for users, texts in _parts(view, column):
        for text, count in _count(users, texts).items():
            found[text] = found.get(text, 0) + count
        if len(found) > MAX_DISTINCT:
            break
    return found


def _parts(view: View, column: TextColumn) -> Iterator[tuple[Users, pa.StringArray]]:
    """Users beside texts: each part has its own users. What a catalogue is of are its rows."""
    if column.scope is Scope.CATALOG:
        yield _flat(view.catalog_column(column.of, column.path))
        return
    for number in range(view.shards):
        shard = view.shard(number)
        if column.scope is Scope.ATTRIBUTE:
            users, texts = _flat(shard.attribute(column.path))
        else:
            users, texts = _of_events(shard, column)
        inside = shard.present[users]
        yield users[inside], texts.filter(pa.array(inside))


def _of_events(shard: Shard, column: TextColumn) -> tuple[Users, pa.StringArray]:
    parts = [(rows.users, *_flat(rows.property(column.path))) for rows in shard.events(column.of)]
    if not parts:
        return np.zeros(0, dtype=np.int64), pa.array([], pa.string())
    users = np.concatenate([users[rows].astype(np.int64) for users, rows, _ in parts])
    return users, pa.concat_arrays([texts for _, _, texts in parts])


def _flat(part: ColumnData) -> tuple[Users, pa.StringArray]:
    """The texts of a column, of lists their elements, each with the row that it is of."""
    if isinstance(part, Lists):
        first, last = int(part.offsets[0]), int(part.offsets[-1])
        rows = np.repeat(np.arange(len(part.offsets) - 1, dtype=np.int64), np.diff(part.offsets))
        inner, texts = _flat(part.elements.slice(first, last))
        return rows[inner], texts
    if not isinstance(part, Values) or part.dictionary is None:
        return np.zeros(0, dtype=np.int64), pa.array([], pa.string())
    there = np.flatnonzero(part.values >= 0)
    return there, part.dictionary.take(pa.array(part.values[there].astype(np.int64))).cast(pa.string())


def _count(users: Users, texts: pa.StringArray) -> Mapping[str, int]:
    """The number of different users of each text."""
    coded = texts.dictionary_encode()
    size = len(coded.dictionary)
    if size > MAX_DISTINCT or not len(texts):
        return dict.fromkeys(coded.dictionary.to_pylist(), 0)
    codes = np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    pairs = np.unique(users * size + codes)
    return dict(zip(coded.dictionary.to_pylist(), np.bincount(pairs % size, minlength=size).tolist(), strict=True))
