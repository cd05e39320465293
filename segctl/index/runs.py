"""A run: rows of events as dense numbers, sorted by (shard, name, time), in a folder of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.base import Gathered
from segctl.index.column import Ints
from segctl.index.files import fresh_name, read_array, write_array
from segctl.index.known import KnownUsers, Numbers
from segctl.index.manifest import Piece, Run
from segctl.index.per_user import PerUser
from segctl.index.row_ids import RowIds
from segctl.sources.arrays import Mask

_SMALL = 1 << 16


@dataclass(frozen=True, eq=False)
class Rows:
    """The kept rows of a run, in any order. `source` is the row's number among those read."""

    numbers: Numbers
    names: npt.NDArray[np.int32]
    times: Ints
    source: npt.NDArray[np.uint32]

    def take(self, rows: npt.NDArray[np.integer]) -> Rows:
        """The rows with these places."""
        return Rows(self.numbers.of(rows), self.names[rows], self.times[rows], self.source[rows])


@dataclass(frozen=True, eq=False)
class Coded:
    """Gathered rows with names as places among the distinct ones."""

    ids: RowIds
    names: tuple[str, ...]
    which: npt.NDArray[np.int32]
    times: Ints
    pieces: tuple[Piece, ...]


def code(gathered: Gathered, constant: str | None) -> Coded:
    """Find the distinct names. `constant` is the name of all rows, if they have no own."""
    ids = RowIds.of(gathered.ids)
    if constant is None:
        names, which = _names(gathered.names, ids.there)
    else:
        names, which = (constant,), np.zeros(gathered.rows, dtype=np.int32)
    return Coded(ids, names, which, np.concatenate(gathered.times), tuple(gathered.pieces))


def build(folder: Path, coded: Coded, known: KnownUsers, present: PerUser | None) -> Run:
    """Number the users and write the rows; `present` says who is in the users table."""
    places = coded.ids.places(known)
    everyone = known.all_numbers()
    rows = _kept(coded, places, everyone)
    outside = 0
    if present is not None:
        absent = ~present.of(everyone).astype(np.bool_)
        if absent.any():
            outside = int(np.count_nonzero(absent[places[rows.source]]))
    name, _ = write(folder, rows, len(coded.names), known.shards)
    return Run(name, coded.pieces, coded.names, len(rows.source), outside)


def _kept(coded: Coded, places: Ints, everyone: Numbers) -> Rows:
    """The rows that have a user."""
    if len(places) and int(places.min()) >= 0:
        source = np.arange(len(places), dtype=np.uint32)
        return Rows(everyone.of(places), coded.which, coded.times, source)
    kept = np.flatnonzero(places >= 0)
    return Rows(everyone.of(places[kept]), coded.which[kept], coded.times[kept], kept.astype(np.uint32))


def write(folder: Path, rows: Rows, names: int, shards: int) -> tuple[str, Ints]:
    """Write rows, sorted, into a new folder; its name, and the order."""
    order, offsets = arrange(rows, names, shards)
    name = f"run-{fresh_name()}"
    path = folder / name
    path.mkdir()
    write_array(path / "users.arrow", rows.numbers.locals[order])
    write_array(path / "times.arrow", rows.times[order])
    write_array(path / "source.arrow", rows.source[order])
    write_array(path / "offsets.arrow", offsets)
    return name, order


def read(folder: Path, run: Run, shards: int) -> Rows:
    """The rows of a run, in its order."""
    path = folder / run.folder
    counts = np.diff(read_array(path / "offsets.arrow"))
    groups = len(run.names)
    by_group = np.repeat(np.arange(shards * groups, dtype=np.int64), counts)
    shard = (by_group // max(groups, 1)).astype(np.uint16)
    numbers = Numbers(shard, read_array(path / "users.arrow"))
    names = (by_group % max(groups, 1)).astype(np.int32)
    return Rows(numbers, names, read_array(path / "times.arrow"), read_array(path / "source.arrow"))


def arrange(rows: Rows, names: int, shards: int) -> tuple[Ints, Ints]:
    """The order by (shard, name, time), and where each shard and name begins.

    A sort by time and then a stable one by a small number, which is a radix sort.
    """
    groups = shards * names
    key = rows.numbers.shards.astype(np.int64) * names + rows.names
    if groups <= _SMALL:
        key = key.astype(np.uint16)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.bincount(key, minlength=groups))])
    if len(rows.times) < 2 or bool((rows.times[1:] >= rows.times[:-1]).all()):  # noqa: PLR2004
        return np.argsort(key, kind="stable"), offsets
    by_time = np.argsort(rows.times, kind="stable")
    return by_time[np.argsort(key[by_time], kind="stable")], offsets


def first_seen(folder: Path, runs: Sequence[Run], seen: PerUser) -> PerUser:
    """When each user first did something: of before, and in these runs."""
    values = seen.values.copy()
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(seen.counts)])
    for run in runs:
        rows = read(folder, run, len(seen.counts))
        np.minimum.at(values, starts[rows.numbers.shards] + rows.numbers.locals, rows.times)
    return PerUser(values, seen.counts, seen.absent)


def _names(chunks: Sequence[pa.Array], kept: Mask) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """The names of the rows that are kept, sorted, and for each of these rows the place of its own."""
    found: dict[str | None, int] = {None: 0}
    parts = []
    for chunk in chunks:
        coded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        own = [found.setdefault(name, len(found)) for name in coded.dictionary.cast(pa.string()).to_pylist()]
        indices = coded.indices.fill_null(len(own)).to_numpy(zero_copy_only=False)
        parts.append(np.asarray([*own, 0], dtype=np.int32)[indices])
    which = np.concatenate(parts)
    counts = np.bincount(which[kept], minlength=len(found)).tolist()
    names = tuple(sorted(name for name, count in zip(found, counts, strict=True) if name is not None and count))
    places = {name: place for place, name in enumerate(names)}
    return names, np.asarray([places.get(name, 0) if name is not None else 0 for name in found], dtype=np.int32)[which]
