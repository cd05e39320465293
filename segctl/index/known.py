"""All users that any table has named, numbered once and for ever: a shard, and a number in it.

A user's shard is the top bits of the hash of the id, so shards that are put one after the other are
in the order of populations. Numbers in a shard follow the order in which users became known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index.column import Ints
from segctl.index.files import ENDING, fresh_name, open_batches, write_batches
from segctl.index.population import Hashes, hash_ids, order_of
from segctl.index.words import Table, Words, words_of

USERS_PER_SHARD = 1 << 16
_SCHEMA = pa.schema([("id", pa.string()), ("hash", pa.uint64()), ("order", pa.int32())])
_HASH_BITS = 64

Locals = npt.NDArray[np.int32]
Shards = npt.NDArray[np.uint16]


def shards_for(users: int) -> int:
    """The least power of two of shards that hold so many users."""
    shards = 1
    while shards * USERS_PER_SHARD < users and shards < 1 << 15:
        shards *= 2
    return shards


def shard_of(hashes: Hashes, shards: int) -> Shards:
    """The top bits of the hashes."""
    if shards == 1:
        return np.zeros(len(hashes), dtype=np.uint16)
    bits = shards.bit_length() - 1
    return (hashes >> np.uint64(_HASH_BITS - bits)).astype(np.uint16)


@dataclass(frozen=True, eq=False)
class Numbers:
    """The shard and the number in it of some users."""

    shards: Shards
    locals: Locals

    def of(self, codes: npt.NDArray[np.integer]) -> Numbers:
        """Of the users with these places."""
        return Numbers(self.shards[codes], self.locals[codes])


class KnownUsers:
    """Gives numbers to ids; new ids are added."""

    def __init__(self, shards: int) -> None:
        self.shards = shards
        self.counts = np.zeros(shards, dtype=np.int64)
        self._ids: list[pa.StringArray] = []
        self._hashes: list[Hashes] = []
        self._numbers = Numbers(np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.int32))
        self.saved: str | None = None
        self._table: Table | None = None
        self._too_long = False

    @classmethod
    def load(cls, folder: Path, name: str) -> KnownUsers:
        """The users of an earlier update."""
        reader = open_batches(folder / f"{name}{ENDING}")
        known = cls(reader.num_record_batches)
        batches = [reader.get_batch(number) for number in range(known.shards)]
        known.counts = np.array([batch.num_rows for batch in batches], dtype=np.int64)
        known._ids = [batch.column(0) for batch in batches]
        known._hashes = [np.asarray(batch.column(1).to_numpy()) for batch in batches]
        known._numbers = Numbers(
            np.repeat(np.arange(known.shards, dtype=np.uint16), known.counts),
            np.concatenate([np.arange(count, dtype=np.int32) for count in known.counts.tolist()]),
        )
        known.saved = name
        return known

    def __len__(self) -> int:
        return int(self.counts.sum())

    def number(self, ids: pa.StringArray) -> Numbers:
        """The numbers of distinct ids, in their order; new ones are added."""
        places = self.place(ids)
        return self._numbers.of(places)

    def place(self, ids: pa.StringArray) -> Ints:
        """The places of distinct ids, in the order in which users became known; new ones are added."""
        if not len(self):
            self._add(ids)
            return np.arange(len(ids), dtype=np.int64)
        found = pc.index_in(ids, value_set=pa.chunked_array(self._ids))
        places = np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
        new = np.flatnonzero(places < 0)
        before = len(self)
        self._add(ids.take(pa.array(new)))
        places[new] = np.arange(before, before + len(new))
        return places

    def place_rows(self, chunks: Sequence[pa.StringArray], words: Sequence[Words]) -> Ints | None:
        """The place of every row's id, -1 where it is missing; new ones are added. None if an id is too long for this.

        `words` are the chunks' own.
        """
        table = self._spelled()
        if table is None:
            return None
        places = [table.find(spelled) for spelled in words]
        new = [chunk.filter(pa.array(found < 0)) for chunk, found in zip(chunks, places, strict=True)]
        distinct = pa.chunked_array(new, pa.string()).drop_null().unique()
        if len(distinct):
            self._add(distinct)
            places = [
                table.find(spelled) if len(unknown) else found
                for found, spelled, unknown in zip(places, words, new, strict=True)
            ]
        return np.concatenate(places) if places else np.zeros(0, dtype=np.int64)

    def _spelled(self) -> Table | None:
        """The table of all ids, made when it is first asked for; None if one of them is too long."""
        if self._table is None and not self._too_long:
            self._table = Table()
            for ids in self._ids:
                self._spell(ids)
        return self._table

    def _spell(self, ids: pa.StringArray) -> None:
        words = words_of(ids)
        if words is None:
            self._table, self._too_long = None, True
        elif self._table is not None and len(ids):
            self._table.add(words)

    def reshard(self, shards: int) -> KnownUsers:
        """The same users, numbered in another number of shards in the order of their numbers here."""
        other = KnownUsers(shards)
        for ids in self._ids:
            other._add(ids)
        return other

    def places(self, numbers: Numbers) -> Ints:
        """The places of users in the order of (shard, number)."""
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.counts)])
        return np.asarray(starts[numbers.shards] + numbers.locals, dtype=np.int64)

    def all_numbers(self) -> Numbers:
        """The numbers of all users, in the order in which `reshard` hands them on."""
        return self._numbers

    def save(self, folder: Path) -> str:
        """Write what is known, one batch per shard in the order of the numbers; the name of the file."""
        if self.saved is not None and len(self._ids) == self.shards:
            return self.saved
        order = np.lexsort((self._numbers.locals, self._numbers.shards))
        ids = pa.chunked_array(self._ids, pa.string()).combine_chunks()
        hashes = np.concatenate([np.zeros(0, dtype=np.uint64), *self._hashes])[order]
        ordered = ids.take(pa.array(order)) if len(ids) else pa.array([], pa.string())
        name = f"known-{fresh_name()}"
        write_batches(folder / f"{name}{ENDING}", _SCHEMA, list(self._batches(ordered, hashes)))
        self.saved = name
        return name

    def _batches(self, ids: pa.StringArray, hashes: Hashes) -> list[pa.RecordBatch]:
        batches, start = [], 0
        for count in self.counts.tolist():
            part, own = ids.slice(start, count), hashes[start : start + count]
            order = order_of(part, own).astype(np.int32)
            batches.append(pa.record_batch([part, pa.array(own), pa.array(order)], schema=_SCHEMA))
            start += count
        return batches

    def _add(self, ids: pa.StringArray) -> Numbers:
        hashes = hash_ids(ids)
        shards = shard_of(hashes, self.shards)
        # by hash, so that numbers are in the population's order where all users come at once
        order = np.argsort(hashes, kind="stable")
        added = np.bincount(shards, minlength=self.shards)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(added)])[:-1]
        locals_ = np.empty(len(ids), dtype=np.int32)
        ranks = np.arange(len(ids), dtype=np.int64) - np.repeat(starts, added) + np.repeat(self.counts, added)
        locals_[order] = ranks
        self.counts = self.counts + added
        self._ids.append(ids)
        if self._table is not None:
            self._spell(ids)
        self._hashes.append(hashes)
        new = Numbers(shards, locals_)
        mine = self._numbers
        self._numbers = Numbers(np.concatenate([mine.shards, shards]), np.concatenate([mine.locals, locals_]))
        return new
