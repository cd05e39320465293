"""Arrays on disk: each in an Arrow IPC file of its own, uncompressed, read by mapping it into memory."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash
from pyarrow import ipc

from segctl.diagnostics import SegctlError
from segctl.index.column import Bits

ENDING = ".arrow"
_DIGEST = "digest"


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


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """A small file of JSON with its own digest, replaced atomically."""
    write_text(path, _json({**data, _DIGEST: xxhash.xxh3_64_hexdigest(_json(data).encode())}))


def read_json(path: Path) -> dict[str, Any]:
    """What a small file says.

    Raises:
        SegctlError: the file is damaged or gone.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        digest = found.pop(_DIGEST, None)
    except (OSError, ValueError, AttributeError, TypeError) as cause:
        raise _damaged(path) from cause
    if digest is not None and digest != xxhash.xxh3_64_hexdigest(_json(found).encode()):
        raise _damaged(path)
    return found


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _damaged(path: Path) -> SegctlError:
    return SegctlError(f"the index is damaged: {path}", hint=f"remove {path.parent}; the next command makes it anew")


def write_batches(path: Path, schema: pa.Schema, batches: list[pa.RecordBatch]) -> None:
    """Record batches; the file appears whole or not at all."""
    temporary = path.with_name(f"{path.name}.{fresh_name()}")
    try:
        with ipc.new_file(str(temporary), schema) as writer:
            for batch in batches:
                writer.write_batch(batch, custom_metadata={_DIGEST: _digest(batch)})
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def is_whole(path: Path) -> bool:
    """Whether every byte of a file is as it was written; all of it is read."""
    try:
        reader = open_batches(path)
        batches = [reader.get_batch_with_custom_metadata(number) for number in range(reader.num_record_batches)]
        return all((about or {}).get(_DIGEST, _digest(batch)) == _digest(batch) for batch, about in batches)
    except (pa.ArrowException, OSError, ValueError):
        return False


def _digest(batch: pa.RecordBatch) -> bytes:
    return xxhash.xxh3_64_hexdigest(batch.serialize()).encode()


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
