"""Arrow tables as files: Parquet and Arrow IPC, down a pipe too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

_ANY_SIZE = 1 << 30
_BATCH = 1 << 16


def write_parquet(table: pa.Table, file: BinaryIO) -> None:
    """Through memory: what goes down a pipe cannot be sought in."""
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    file.write(content.getbuffer())


@contextmanager
def parquet_file(schema: pa.Schema, file: BinaryIO, *, dictionaries: Sequence[str]) -> Iterator[pq.ParquetWriter]:
    """A writer of row groups, down a pipe too; these columns are dictionary-encoded, however large the dictionary.

    Whatever the Arrow type of a column, the file says the plain one.
    """
    with pq.ParquetWriter(
        file, schema, compression="zstd", store_schema=False, write_statistics=False,
        use_dictionary=[name for name in schema.names if name in dictionaries], dictionary_pagesize_limit=_ANY_SIZE,
        write_batch_size=_BATCH,
    ) as writer:  # fmt: skip
        yield writer


@contextmanager
def arrow_file(schema: pa.Schema, file: BinaryIO) -> Iterator[pa.ipc.RecordBatchFileWriter]:
    """A writer of batches in the IPC file format, compressed, down a pipe too."""
    options = pa.ipc.IpcWriteOptions(compression="zstd", unify_dictionaries=True)
    with pa.ipc.new_file(file, schema, options=options) as writer:
        yield writer


def write_arrow(table: pa.Table, file: BinaryIO) -> None:
    """The IPC file format, compressed."""
    with arrow_file(table.schema, file) as writer:
        writer.write_table(table)


def write_csv(table: pa.Table, file: BinaryIO) -> None:
    """CSV with the names of the columns on its first line."""
    batches = table.to_batches(max_chunksize=65_536)
    rows = (zip(*(column.to_pylist() for column in batch.columns), strict=True) for batch in batches)
    write_rows(chain([table.column_names], chain.from_iterable(rows)), file)


def write_rows(rows: Iterable[Iterable[object]], file: BinaryIO) -> None:
    """CSV with quotes only where they are needed, so that a plain id stays plain."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    csv.writer(text, lineterminator="\n").writerows(rows)
    text.detach()
