"""Arrow tables as files: Parquet and Arrow IPC, down a pipe too."""

from __future__ import annotations

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
