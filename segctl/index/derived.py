"""Attributes that are the last or first value seen in a user's events (law 8 on ties)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index.column import Ints, Values
from segctl.index.physical import NUMPY, join
from segctl.logic.types import Scalar

_INT = np.iinfo(np.int64)


@dataclass(frozen=True, eq=False)
class Seen:
    """Values seen in the rows of a slice, sorted by time, before as_of."""

    users: npt.NDArray[np.int32]
    times: Ints
    values: Values


def derived(parts: Iterable[Seen], kind: Scalar, size: int, *, last: bool) -> Values:
    """The value that each of `size` users was seen with last (or first); of one instant's, the greatest (or least)."""
    present = [_present(part) for part in parts]
    present = [part for part in present if len(part.users)]
    if not present:
        return _finish(kind, np.full(size, -1, dtype=np.int64), None)
    users = np.concatenate([part.users for part in present]).astype(np.int64)
    times = np.concatenate([part.times for part in present])
    values = join([part.values for part in present], kind)
    assert isinstance(values, Values)  # noqa: S101 scalars
    when = np.full(size, _INT.min if last else _INT.max, dtype=np.int64)
    (np.maximum if last else np.minimum).at(when, users, times)
    chosen = np.flatnonzero(times == when[users])
    order = chosen[np.argsort(_ranks(values)[chosen], kind="stable")]
    order = order if last else order[::-1]
    rows = np.full(size, -1, dtype=np.int64)
    rows[users[order]] = order  # of several, the one assigned last stays
    return _finish(kind, rows, values)


def _present(part: Seen) -> Seen:
    values = part.values
    if values.type is Scalar.STRING:
        valid = values.values.astype(np.int64) >= 0
    elif values.type is Scalar.FLOAT:
        valid = ~np.isnan(values.values.astype(np.float64))
    elif values.valid is not None:
        valid = values.valid
    else:
        return part
    kept = Values(values.type, values.values[valid], None, values.dictionary)
    return Seen(part.users[valid], part.times[valid], kept)


def _ranks(values: Values) -> npt.NDArray[np.int64]:
    """Numbers in the order of the values."""
    if values.type is Scalar.STRING:
        order = pc.array_sort_indices(values.dictionary).to_numpy()
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order), dtype=np.int64)
        return ranks[values.values.astype(np.int64)]
    if values.type is Scalar.FLOAT:
        return np.unique(values.values, return_inverse=True)[1].astype(np.int64)
    return values.values.astype(np.int64)


def _finish(kind: Scalar, rows: Ints, values: Values | None) -> Values:
    found = rows >= 0
    if values is None:
        values = Values(kind, np.zeros(0, dtype=NUMPY[kind]), None, pa.array([], pa.string()))
    absent = {Scalar.STRING: -1, Scalar.FLOAT: np.nan}.get(kind, 0)
    padded = np.append(values.values, np.asarray([absent], dtype=NUMPY[kind]))[rows]
    dictionary = values.dictionary if kind is Scalar.STRING else None
    if kind in (Scalar.STRING, Scalar.FLOAT) or found.all():
        return Values(kind, padded, None, dictionary)
    return Values(kind, padded, found, None)
