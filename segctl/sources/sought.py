"""Ids that are looked for: in columns of ids, in columns of values, in texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.sources.arrays import Mask

ERASED = "[erased]"
"""What stands in a text in the place of an id."""

_WORD = re.compile(r"[\w.@+-]+")
_EDGE = ".@+-"


@dataclass(frozen=True, eq=False)
class SoughtIds:
    """Distinct ids; each is told by its number among them, never by itself. Nothing of it is ever printed."""

    ids: pa.StringArray

    @classmethod
    def of(cls, ids: Iterable[str]) -> SoughtIds:
        """These ids, each once."""
        return cls(pa.array(sorted(set(ids)), pa.string()))

    def __repr__(self) -> str:
        return f"SoughtIds({len(self)})"

    def __len__(self) -> int:
        return len(self.ids)

    def numbers(self, texts: pa.StringArray) -> npt.NDArray[np.int64]:
        """The number of each text among these ids, -1 for any other text."""
        found = pc.index_in(texts, value_set=self.ids)
        return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)

    def within(self, values: pa.Array) -> Mask | None:
        """Which rows of a column of texts, or of lists of texts, hold one of these ids; None for columns of others."""
        kind = values.type
        if pa.types.is_dictionary(kind):
            return self.within(values.dictionary_decode())
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return self.numbers(values.cast(pa.string())) >= 0
        if pa.types.is_list(kind):
            return self._within_lists(values)
        return None

    def _within_lists(self, values: pa.ListArray) -> Mask | None:
        elements = self.within(values.flatten())
        if elements is None:
            return None
        found = np.zeros(len(values), dtype=np.bool_)
        found[np.asarray(pc.list_parent_indices(values))[elements]] = True
        return found

    def without(self, values: pa.Array, rows: Mask) -> pa.Array:
        """The column without these ids, which `rows` hold: a text is missing, a list lacks the element."""
        if pa.types.is_list(values.type):
            kept = [self._left(value) if row else value for value, row in zip(values.to_pylist(), rows, strict=True)]
            return pa.array(kept, values.type)
        plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        return pc.if_else(pa.array(rows), pa.scalar(None, plain.type), plain).cast(values.type)

    def _left(self, value: list[str]) -> list[str]:
        return [text for text in value if text not in self._texts]

    def named_in(self, text: str) -> bool:
        """Whether one of these ids stands in a text, as a word of its own."""
        return any(word in self._texts or word.strip(_EDGE) in self._texts for word in _WORD.findall(text)) or any(
            odd in text for odd in self._odd
        )

    def redacted(self, text: str) -> str:
        """The text with `[erased]` in the place of each of these ids."""
        for odd in self._odd:
            text = text.replace(odd, ERASED)
        return _WORD.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        bare = word.strip(_EDGE)
        if word in self._texts:
            return ERASED
        return word.replace(bare, ERASED) if bare in self._texts else word

    def in_bytes(self, data: bytes) -> bool:
        """Whether the bytes of one of these ids stand anywhere in bytes that nobody can parse."""
        return any(text.encode() in data for text in self._texts)

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(self.ids.to_pylist())

    @cached_property
    def _odd(self) -> tuple[str, ...]:
        """Ids that are no single word, the longest first."""
        odd = (text for text in self._texts if not _WORD.fullmatch(text))
        return tuple(sorted(odd, key=len, reverse=True))
