"""Streams to Arrow tables: one wide table of events, each row with the properties of its name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.example.columns import Numbers, Stream, Texts
from segctl.example.seasons import Ints
from segctl.example.zones import offsets


def _cut(stream: Stream, start: int, end: int) -> Ints:
    return np.flatnonzero((stream.times >= start) & (stream.times < end))


def _encoded(codes: npt.NDArray[np.int32], labels: pa.Array) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), labels)


def _texts(parts: Sequence[Texts | None], sizes: Sequence[int], order: Ints) -> pa.Array:
    labels = next(part.labels for part in parts if part is not None)
    codes = [
        np.full(size, -1, np.int32) if part is None else part.codes for part, size in zip(parts, sizes, strict=True)
    ]
    return _compact(np.concatenate(codes)[order], labels)


def _compact(codes: npt.NDArray[np.int32], labels: pa.Array) -> pa.Array:
    """A dictionary of only the labels in use, so that a quarter's file holds no other quarter's ids."""
    used, places = np.unique(codes, return_inverse=True)
    missing = int(used.size > 0 and used[0] < 0)
    return _encoded((places - missing).astype(np.int32), labels.take(pa.array(used[missing:])))


def _numbers(parts: Sequence[Numbers | None], sizes: Sequence[int], order: Ints) -> pa.Array:
    filled = [
        np.zeros(size, np.int64) if part is None else part.values for part, size in zip(parts, sizes, strict=True)
    ]
    present = np.repeat([part is not None for part in parts], sizes)[order]
    values = np.concatenate(filled)[order]
    cents = any(part.cents for part in parts if part is not None)
    return pa.array(values / 100 if cents else values, mask=~present)


def _column(name: str, parts: Sequence[Stream], order: Ints) -> pa.Array:
    columns = [part.properties.get(name) for part in parts]
    sizes = [len(part.times) for part in parts]
    if any(isinstance(column, Texts) for column in columns):
        return _texts([column if isinstance(column, Texts) else None for column in columns], sizes, order)
    return _numbers([column if isinstance(column, Numbers) else None for column in columns], sizes, order)


def events_table(streams: Sequence[Stream], users: pa.Array, start: int, end: int) -> pa.Table:
    """The events from start to end, in order of time, with every property that one of the streams has."""
    from segctl.example.streams import rows_of

    parts = [rows_of(stream, _cut(stream, start, end)) for stream in streams]
    times = np.concatenate([part.times for part in parts])
    order = np.argsort(times, kind="stable")
    names = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part.times) for part in parts])
    properties = dict.fromkeys(name for part in parts for name in part.properties)
    return pa.table({
        "user_id": _compact(np.concatenate([part.users for part in parts])[order], users),
        "event": _encoded(names[order], pa.array([part.name for part in parts])),
        "ts": pa.array(times[order], pa.timestamp("us", "UTC")),
        **{name: _column(name, parts, order) for name in properties},
    })  # fmt: skip


def helpdesk_table(stream: Stream, users: pa.Array, zone: str) -> pa.Table:
    """The helpdesk's export: the customer, the topic, and a wall clock in its own zone."""
    order = np.argsort(stream.times, kind="stable")
    wall = stream.times[order] + offsets(stream.times[order], zone)
    opened = pa.array(wall // 1_000_000, pa.timestamp("s"))
    columns = {name: column for name, column in stream.properties.items() if isinstance(column, Texts)}
    return pa.table({
        "customer": _encoded(stream.users[order], users).cast(pa.string()),
        "opened_at": pc.strftime(opened, "%Y-%m-%d %H:%M:%S"),
        **{name: _encoded(column.codes[order], column.labels).cast(pa.string()) for name, column in columns.items()},
    })  # fmt: skip
