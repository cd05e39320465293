"""Ids as small numbers: variants of campaigns by the hash of the user's, and messages that are the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import xxhash

from segctl.engine.distinct import ranks
from segctl.engine.source import Ints, Values
from segctl.index.links import key_texts
from segctl.logic.types import Scalar

BUCKETS = 10_000


def variant_buckets(campaign: str, ids: pa.StringArray) -> Ints:
    """xxh3_64("campaign:id") mod 10,000 of each id (law 11)."""
    start = f"{campaign}:"
    texts: list[str] = pa.array(ids, pa.string()).to_pylist()
    return np.array([xxhash.xxh3_64_intdigest((start + one).encode()) % BUCKETS for one in texts], dtype=np.int64)


def id_codes(columns: Sequence[Values]) -> Ints:
    """One integer from 0 per value of all columns, equal where the ids are as text; none of them is missing."""
    if all(column.type is Scalar.INT for column in columns):
        return ranks(np.concatenate([np.zeros(0, dtype=np.int64), *(column.values for column in columns)]))
    texts, inverses = zip(*(_texts(column) for column in columns), strict=True)
    coded = pa.chunked_array(texts).combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    ends = np.cumsum([len(one) for one in texts])
    starts = ends - [len(one) for one in texts]
    pieces = [coded[start:end][inverse] for start, end, inverse in zip(starts, ends, inverses, strict=True)]
    return np.concatenate(pieces).astype(np.int64)


def _texts(column: Values) -> tuple[pa.StringArray, Ints]:
    """The different ids among the values as text, and which of them each value is."""
    values, inverse = np.unique(column.values, return_inverse=True)
    if column.type is Scalar.STRING and column.dictionary is not None:
        return column.dictionary.take(pa.array(values)), inverse
    return key_texts(pa.array(values)), inverse
