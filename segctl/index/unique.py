"""Ids and keys that must be there, each once: rows that break this are named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index.manifest import Piece
from segctl.sources.arrays import Mask, rows_where
from segctl.sources.declared import Reading
from segctl.sources.problems import Problems, Trouble, Wrong


def report_missing(
    problems: Problems, trouble: Trouble, reading: Reading, texts: pa.StringArray, place: tuple[str, int, Mask | None]
) -> None:
    """Tell of rows without a text; `place` is the file, the first row, and rows that were told of before."""
    file, first, told = place
    absent = np.asarray(pc.is_null(texts).to_numpy(zero_copy_only=False))
    rows = rows_where(absent if told is None else absent & ~told) + first
    problems.rows(trouble, reading.place, reading.column, Wrong.of(file, rows.tolist(), lambda _: None))


def report_repeated(
    problems: Problems, trouble: Trouble, reading: Reading, texts: pa.StringArray, places: Sequence[Piece]
) -> None:
    """Tell of all rows whose text another row has too; `places` says where the texts come from."""
    codes = texts.dictionary_encode()
    if len(codes.dictionary) == len(texts) - texts.null_count:
        return
    numbers = codes.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = np.bincount(numbers[numbers >= 0])
    repeated = (numbers >= 0) & (counts[numbers] > 1)
    start = 0
    for piece in places:
        rows = rows_where(repeated[start : start + piece.rows]) + piece.first
        problems.rows(trouble, reading.place, reading.column, Wrong.of(piece.file, rows.tolist(), lambda _: None))
        start += piece.rows
