"""Arrays on disk: each in an Arrow IPC file of its own, uncompressed, read by mapping it into memory."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import ipc

from segctl.diagnostics import SegctlError
from segctl.index.column import Bits

ENDING = ".arrow"


def fresh_name() -> str:
    """A name that no other process uses."""
    return uuid4().hex[:16]


def write_array(path: Path, values: npt.NDArray[Any]) -> None:
    """Numbers or booleans (a byte each)."""
    plain = values.view(np.uint8) if values.dtype == np.bool_ else values
    write_arrow(path, pa.array(plain))


def read_array(path: Path) -> npt.NDArray[Any]:
    """Numbers, without copying."""
    return np.asarray(read_arrow(path).to_numpy(zero_copy_only=True))


def read_bits(path: Path) -> Bits:
    """Booleans, without copying."""
    return read_array(path).view(np.bool_)


def write_arrow(path: Path, array: pa.Array) -> None:
    """One Arrow array; the file appears whole or not at all."""
    batch = pa.record_batch([array], ["column"])
    write_batches(path, batch.schema, [batch])


def read_arrow(path: Path) -> pa.Array:
    """One Arrow array, mapped.

    Raises:
        SegctlError: the file is damaged or gone.
    """
    try:
        return open_batches(path).get_batch(0).column(0)
    except (pa.ArrowException, OSError) as cause:
        raise _damaged(path) from cause


def read_json(path: Path) -> dict[str, Any]:
    """What a small text file says.

    Raises:
        SegctlError: the file is damaged or gone.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise _damaged(path) from cause
    if not isinstance(found, dict):
        raise _damaged(path)
    return found


def _damaged(path: Path) -> SegctlError:
    return SegctlError(f"the index is damaged: {path}", hint=f"remove {path.parent}; the next command makes it anew")


def write_batches(path: Path, schema: pa.Schema, batches: list[pa.RecordBatch]) -> None:
    """Record batches; the file appears whole or not at all."""
    temporary = path.with_name(f"{path.name}.{fresh_name()}")
    try:
        with ipc.new_file(str(temporary), schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def open_batches(path: Path) -> ipc.RecordBatchFileReader:
    """Record batches, mapped when one is asked for."""
    return ipc.open_file(pa.memory_map(str(path)))


def write_text(path: Path, text: str) -> None:
    """A small text file, replaced atomically."""
    temporary = path.with_name(f"{path.name}.{fresh_name()}")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
