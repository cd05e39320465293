"""The ids of rows as they were read, and the users that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.column import Ints
from segctl.index.known import KnownUsers
from segctl.index.words import Words, words_of
from segctl.sources.arrays import Mask, valid_of
from segctl.sources.ids import id_texts


@dataclass(frozen=True, eq=False)
class RowIds:
    """Ids of rows, in chunks; `words` None where they are integers, or too long for that."""

    chunks: tuple[pa.Array, ...]
    words: tuple[Words, ...] | None

    @classmethod
    def of(cls, chunks: Sequence[pa.Array]) -> RowIds:
        """Texts spelled in words, which is most of the work of finding them."""
        spelled = [words_of(chunk) if chunk.type == pa.string() else None for chunk in chunks]
        words = tuple(one for one in spelled if one is not None)
        return cls(tuple(chunks), words if len(words) == len(chunks) else None)

    @property
    def there(self) -> Mask:
        """Which rows have an id."""
        masks = [(len(chunk), valid_of(chunk)) for chunk in self.chunks]
        parts = [np.ones(rows, dtype=np.bool_) if valid is None else valid for rows, valid in masks]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)

    def places(self, known: KnownUsers) -> Ints:
        """The place of every row's user among those known, -1 where there is none; new ones are added."""
        places = None if self.words is None else known.place_rows(self.chunks, self.words)
        if places is None:
            distinct, codes = _coded(self.chunks)
            places = np.append(known.place(id_texts(distinct)), -1)[codes]
        return places


def _coded(ids: Sequence[pa.Array]) -> tuple[pa.Array, npt.NDArray[np.int32]]:
    """The distinct ids, and for every row its place among them, -1 where there is none."""
    if len({chunk.type for chunk in ids}) > 1:
        ids = [id_texts(chunk) for chunk in ids]
    coded = pa.chunked_array(ids).dictionary_encode().combine_chunks()
    chunk = coded if isinstance(coded, pa.DictionaryArray) else coded.chunk(0)
    codes = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return chunk.dictionary, np.asarray(codes, dtype=np.int32)
