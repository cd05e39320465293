"""The users that can be members, in the order of all published bits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from segctl.index.column import Bits, Ints

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Population:
    """Distinct ids ordered by (xxh3_64(id), id): the same users give the same order, whatever the shards.

    `digest` is 32 hex digits over the ids in their order.
    """

    ids: pa.StringArray
    digest: str

    @classmethod
    def of(cls, ids: pa.StringArray) -> Population:
        """The population of distinct ids, given in any order."""
        texts = texts_of(ids)
        return cls.ordered(texts.take(pa.array(order_of(texts, hash_ids(texts)))))

    @classmethod
    def ordered(cls, ids: pa.StringArray) -> Population:
        """The population of ids that are in its order already."""
        texts = texts_of(ids)
        return cls(texts, digest_of(texts))

    def __len__(self) -> int:
        return len(self.ids)

    def index_of(self, ids: pa.Array) -> Ints:
        """The place of each id, -1 for an unknown one."""
        found = pc.index_in(texts_of(ids), value_set=self.ids)
        return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def carry(bits: Bits, old: Population, new: Population) -> Bits:
    """Bits over `old` in the order of `new`; a user that `old` does not know gets False."""
    if old.digest == new.digest:
        return bits
    places = old.index_of(new.ids)
    carried = np.zeros(len(new), dtype=np.bool_)
    known = places >= 0
    carried[known] = bits[places[known]]
    return carried


def texts_of(ids: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """Ids as one plain array of strings."""
    array = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    return array if array.type == pa.string() else array.cast(pa.string())


def hash_ids(ids: pa.StringArray) -> Hashes:
    """xxh3_64 of each id's UTF-8 bytes."""
    digest = xxhash.xxh3_64_intdigest
    return np.fromiter((digest(text) for text in ids.cast(pa.binary()).to_pylist()), dtype=np.uint64, count=len(ids))


def order_of(ids: pa.StringArray, hashes: Hashes) -> Ints:
    """The row numbers in the order (hash, id)."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    for first in same[np.diff(same, prepend=-2) != 1].tolist():
        stop = int(np.searchsorted(ordered, ordered[first], side="right"))
        order[first:stop] = sorted(order[first:stop].tolist(), key=lambda row: ids[row].as_py().encode())
    return order


def digest_of(ids: pa.StringArray) -> str:
    """A digest of the ids' bytes and lengths, in their order."""
    lengths = pc.binary_length(ids).to_numpy(zero_copy_only=False).astype("<u4")
    content = hashlib.blake2b(digest_size=16)
    content.update(len(ids).to_bytes(8, "little"))
    content.update(lengths.tobytes())
    content.update(_text_bytes(ids))
    return content.hexdigest()


def _text_bytes(ids: pa.StringArray) -> memoryview:
    _, offsets, data = ids.buffers()
    if data is None or not len(ids):
        return memoryview(b"")
    ends = np.frombuffer(offsets, dtype=np.int32)
    return memoryview(data)[int(ends[ids.offset]) : int(ends[ids.offset + len(ids)])]
