"""Every byte that a folder holds, as it lies there and unpacked, by Arrow alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from segctl.state.store import Store


def files_with(folder: Path, *words: str) -> list[str]:
    """The files that hold one of these words, in their bytes or in what they unpack to."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [str(path.relative_to(folder)) for path in files if holds(path.read_bytes(), *words)]


def objects_with(store: Store, *words: str) -> list[str]:
    """The same of a store."""
    folders = ("", "records", "populations", "memberships", "traits", "erasures")
    names = sorted({name for folder in folders for name in store.sizes(folder)})
    return [name for name in names if holds(store.read(name), *words)]


def holds(data: bytes, *words: str) -> bool:
    """Whether bytes hold one of these words, packed or not."""
    return any(word.encode() in form for form in (data, *_unpacked(data)) for word in words)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"PAR1"):
        yield repr(pq.read_table(pa.BufferReader(data)).to_pylist()).encode()
    elif data.startswith(b"ARROW1"):
        end = data.rindex(b"ARROW1") + len(b"ARROW1")  # a file of the index has a trailer behind it
        with ipc.open_file(pa.BufferReader(data[:end])) as reader:
            yield repr(reader.read_all().to_pylist()).encode()
    elif data.startswith(b"segctl-membership-1\n"):
        length = int.from_bytes(data[20:28], "little")
        yield bytes(pa.decompress(data[28:], decompressed_size=length, codec="zstd"))
