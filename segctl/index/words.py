"""Texts as 64-bit words, and a table that finds texts among those it knows, all rows at once.

Ids are looked up for every row that is ever read; this takes a fifth of the time of Arrow's hashing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.column import Bits, Ints

LONGEST = 64
"""Longer texts, in bytes, are not for this table."""

_WORD = 8
_MULTIPLIERS = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_SHIFT = np.uint64(33)
_LEAST = 1 << 10

Word = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.intp]
Small = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Words:
    """Texts of so many bytes, as words padded with zeros; a missing text is not `there`."""

    columns: tuple[Word, ...]
    lengths: npt.NDArray[np.uint8]
    there: Bits | None

    def __len__(self) -> int:
        return len(self.lengths)

    def hashes(self) -> Word:
        """Equal for equal texts, however many columns they stand in, and well spread."""
        mixed = _mixed(self.columns[0] ^ self.lengths)
        for number, column in enumerate(self.columns[1:], start=1):
            longer = self.lengths > number * _WORD
            mixed = np.where(longer, _mixed(mixed ^ column), mixed)
        return mixed


def _mixed(words: Word) -> Word:
    """As the end of MurmurHash3 does it: similar ids must not lie side by side."""
    for multiplier in _MULTIPLIERS:
        words = (words ^ (words >> _SHIFT)) * multiplier
    return words ^ (words >> _SHIFT)


def words_of(texts: pa.StringArray) -> Words | None:
    """The words of texts; None if one is longer than `LONGEST`."""
    _, offsets_buffer, data_buffer = texts.buffers()
    count = len(texts)
    offsets = np.frombuffer(offsets_buffer, dtype=np.int32)[texts.offset : texts.offset + count + 1]
    lengths = np.diff(offsets)
    longest = int(lengths.max()) if count else 0
    if longest > LONGEST:
        return None
    data = np.frombuffer(data_buffer or b"", dtype=np.uint8)
    width = max(1, -(-longest // _WORD)) * _WORD
    padded = _padded(data, offsets, lengths, width)
    columns = tuple(np.ascontiguousarray(column) for column in padded.view(np.uint64).T)
    there = None if texts.null_count == 0 else np.asarray(texts.is_valid().to_numpy(zero_copy_only=False))
    return Words(columns, lengths.astype(np.uint8), there)


def _padded(data: npt.NDArray[np.uint8], offsets: Small, lengths: Small, width: int) -> npt.NDArray[np.uint8]:
    """Each text in a row of its own."""
    padded = np.zeros((len(lengths), width), dtype=np.uint8)
    counts = np.bincount(lengths) if len(lengths) else np.zeros(0, dtype=np.int64)
    for length in np.flatnonzero(counts).tolist():
        if counts[length] == len(lengths):
            padded[:, :length] = data[offsets[0] : offsets[-1]].reshape(-1, length) if length else 0
        else:
            rows = np.flatnonzero(lengths == length)
            padded[rows, :length] = data[offsets[rows][:, None] + np.arange(length)]
    return padded


def joined(parts: Sequence[Words]) -> Words:
    """Texts one after the other."""
    most = max(len(part.columns) for part in parts)
    columns = tuple(np.concatenate([_column(part, number) for part in parts]) for number in range(most))
    there = None
    if any(part.there is not None for part in parts):
        there = np.concatenate([np.ones(len(p), dtype=np.bool_) if p.there is None else p.there for p in parts])
    return Words(columns, np.concatenate([part.lengths for part in parts]), there)


def _column(words: Words, number: int) -> Word:
    return words.columns[number] if number < len(words.columns) else np.zeros(len(words), dtype=np.uint64)


class Table:
    """Distinct texts, numbered in the order in which they came; found by open addressing."""

    def __init__(self) -> None:
        self._texts: Words | None = None
        self._slots = np.full(_LEAST, -1, dtype=np.int32)

    def __len__(self) -> int:
        return 0 if self._texts is None else len(self._texts)

    def add(self, words: Words) -> None:
        """Add texts that are there, distinct, and not in the table."""
        first = len(self)
        self._texts = words if self._texts is None else joined([self._texts, words])
        if 2 * len(self) > len(self._slots):
            size = 1 << (4 * len(self) - 1).bit_length()
            self._slots = np.full(size, -1, dtype=np.int32)
            first, words = 0, self._texts
        self._put(np.arange(first, first + len(words), dtype=np.int32), words.hashes())

    def _put(self, numbers: npt.NDArray[np.int32], hashes: Word) -> None:
        """Each number goes to the first free slot from its own on; of several, the last one gets it."""
        slots = self._slot(hashes)
        while len(numbers):
            free = self._slots[slots] < 0
            self._slots[slots[free]] = numbers[free]
            left = self._slots[slots] != numbers
            numbers, slots = numbers[left], (slots[left] + 1) & (len(self._slots) - 1)

    def _slot(self, hashes: Word) -> Rows:
        return (hashes & np.uint64(len(self._slots) - 1)).astype(np.intp)

    def find(self, words: Words) -> Ints:
        """The number of each text, -1 of one that is unknown or missing."""
        found = np.full(len(words), -1, dtype=np.int64)
        if not len(self):
            return found
        rows = np.arange(len(words)) if words.there is None else np.flatnonzero(words.there)
        slots = self._slot(words.hashes())[rows] if words.there is not None else self._slot(words.hashes())
        while len(rows):
            numbers = self._slots.take(slots)
            same = self._same(words, rows, numbers)
            found[rows[same]] = numbers[same]
            left = ~same & (numbers >= 0)
            rows, slots = rows[left], (slots[left] + 1) & (len(self._slots) - 1)
        return found

    def _same(self, words: Words, rows: Rows, numbers: npt.NDArray[np.int32]) -> Bits:
        """Whether the rows' texts are those with the numbers; -1 is nobody's."""
        assert self._texts is not None  # noqa: S101 the caller has looked
        whole = len(rows) == len(words)
        same = numbers >= 0
        mine = words.lengths if whole else words.lengths[rows]
        same &= mine == self._texts.lengths.take(numbers, mode="wrap")
        for number in range(max(len(words.columns), len(self._texts.columns))):
            own = _column(words, number)
            same &= (own if whole else own[rows]) == _column(self._texts, number).take(numbers, mode="wrap")
        return same
