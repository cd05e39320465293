"""Arrays on disk: each in a file of its own, which is mapped into memory and verified before anything reads it.

A file is an Arrow IPC file, uncompressed, followed by a trailer: a magic number and xxh3_64 of all bytes before it.
This module is the only one that opens files of the index, so no block is used that was not verified.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
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
_MAGIC = b"SEGCTL-1"
_TRAILER = len(_MAGIC) + 8


class IndexDamage(SegctlError):
    """A file of the index is not as it was written; `path` names it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"the index is damaged: {path}", hint=f"remove {path.parent}; the next command rebuilds it")
        self.path = path

    def __reduce__(self) -> tuple[type[IndexDamage], tuple[Path]]:
        return IndexDamage, (self.path,)


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
    """One Arrow array, mapped and verified.

    Raises:
        IndexDamage: the file is damaged or gone.
    """
    return open_batches(path).get_batch(0).column(0)


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """A small file of JSON with its own digest, replaced atomically."""
    write_text(path, _json({**data, _DIGEST: xxhash.xxh3_64_hexdigest(_json(data).encode())}))


def read_json(path: Path) -> dict[str, Any]:
    """What a small file says.

    Raises:
        IndexDamage: the file is damaged or gone.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        digest = found.pop(_DIGEST, None)
    except (OSError, ValueError, AttributeError, TypeError) as cause:
        raise IndexDamage(path) from cause
    if digest != xxhash.xxh3_64_hexdigest(_json(found).encode()):
        raise IndexDamage(path)
    return found


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def write_batches(path: Path, schema: pa.Schema, batches: list[pa.RecordBatch]) -> None:
    """Record batches; the file appears whole and durable, or not at all."""
    with _replacing(path) as stream:
        sink = _Digesting(stream)
        with ipc.new_file(pa.PythonFile(sink, mode="w"), schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        stream.write(_MAGIC + sink.digest.digest())


class _Digesting:
    """A stream that computes the digest of what is written to it."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = xxhash.xxh3_64()

    def write(self, data: Any) -> int:
        """Write to the stream."""
        self.digest.update(data)
        return self._stream.write(data)

    def tell(self) -> int:
        """Where the stream stands."""
        return self._stream.tell()

    def flush(self) -> None:
        """The stream is flushed once, when all is written."""

    def close(self) -> None:
        """The stream stays open: the trailer follows."""


def open_batches(path: Path) -> ipc.RecordBatchFileReader:
    """Record batches, mapped and verified.

    Raises:
        IndexDamage: the file is damaged or gone.
    """
    try:
        return ipc.open_file(pa.BufferReader(_verified(path)))
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise IndexDamage(path) from cause


def _verified(path: Path) -> pa.Buffer:
    """The bytes of a file without its trailer.

    Raises:
        ValueError: they are not those that were written.
    """
    with pa.memory_map(str(path)) as file:
        mapped = file.read_buffer()
    size = mapped.size - _TRAILER
    if size < 0:
        raise ValueError("it is too short")
    content, trailer = mapped.slice(0, size), mapped.slice(size).to_pybytes()
    if trailer != _MAGIC + xxhash.xxh3_64_digest(memoryview(content)):
        raise ValueError("its bytes do not match their digest")
    return content


def is_whole(path: Path) -> bool:
    """Whether every byte of a file is as it was written; all of it is read."""
    try:
        open_batches(path)
    except IndexDamage:
        return False
    return True


def write_text(path: Path, text: str) -> None:
    """A small text file, replaced atomically."""
    with _replacing(path) as stream:
        stream.write(text.encode())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes replace a file at the end, durable before they bear its name."""
    temporary = path.with_name(f"{path.name}.{fresh_name()}")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
