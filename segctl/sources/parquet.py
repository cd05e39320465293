"""Parquet files: only the asked columns and row groups are read."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from segctl.sources.arrow_shape import shape_of
from segctl.sources.files import File
from segctl.sources.format import Request, Shapes, Unreadable, damaged, empty, skip, unique_names

_BATCH = 1 << 18
_MAGIC = b"PAR1"


class Parquet:
    """The format of `.parquet`."""

    def shapes(self, file: File) -> Shapes:
        """From the file's footer."""
        with _open(file) as opened:
            schema = opened.schema_arrow
            unique_names(file, schema.names)
            return {field.name: shape_of(field.type) for field in schema}

    def rows(self, file: File) -> int:
        """From the file's footer."""
        with _open(file) as opened:
            return int(opened.metadata.num_rows)

    def batches(self, file: File, request: Request) -> Iterator[pa.RecordBatch]:
        """Whole row groups before `start` are not touched."""
        with _open(file, request.coded) as opened:
            groups, before = _groups_from(opened.metadata, request.start)
            columns = list(request.columns)
            try:
                read = opened.iter_batches(batch_size=_BATCH, row_groups=groups, columns=columns, use_threads=True)
                yield from skip(iter(read), request.start - before)
            except (pa.ArrowException, OSError) as cause:
                raise damaged(file, "Parquet", cause) from cause


def _open(file: File, coded: frozenset[str] = frozenset()) -> pq.ParquetFile:
    if not file.size:
        raise empty(file)
    try:
        return pq.ParquetFile(
            file.path, memory_map=True, read_dictionary=sorted(coded), coerce_int96_timestamp_unit="us"
        )
    except (pa.ArrowException, OSError) as cause:
        raise _no_parquet(file, cause) from cause


def _no_parquet(file: File, cause: Exception) -> Unreadable:
    try:
        with file.path.open("rb") as stream:
            starts = stream.read(len(_MAGIC)) == _MAGIC
            stream.seek(-min(len(_MAGIC), file.size), 2)
            ends = stream.read() == _MAGIC
    except OSError:
        return damaged(file, "Parquet", cause)
    if starts and not ends:
        return damaged(file, "Parquet", "it was cut off: the footer is missing")
    return damaged(file, "Parquet", cause if starts else "it is another format")


def _groups_from(metadata: pq.FileMetaData, start: int) -> tuple[list[int], int]:
    """The row groups that hold rows from `start` on, and how many rows lie before them."""
    before = 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        if before + rows > start:
            return list(range(group, metadata.num_row_groups)), before
        before += rows
    return [], before
