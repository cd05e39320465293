"""Arrow tables as files: Parquet and Arrow IPC, down a pipe too."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq


def write_parquet(table: pa.Table, file: BinaryIO) -> None:
    """Through memory: what goes down a pipe cannot be sought in."""
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    file.write(content.getbuffer())


def write_arrow(table: pa.Table, file: BinaryIO) -> None:
    """The IPC file format, compressed."""
    content = pa.BufferOutputStream()
    with pa.ipc.new_file(content, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    file.write(content.getvalue())


def write_csv(table: pa.Table, file: BinaryIO) -> None:
    """CSV with quotes only where they are needed, so that a plain id stays plain."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    for batch in table.to_batches(max_chunksize=65_536):
        writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    text.detach()
