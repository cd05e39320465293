"""What the index holds: one JSON file, replaced atomically; what it does not name does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from segctl.diagnostics import SegctlError
from segctl.index.files import read_json, sync_folder, write_json
from segctl.logic.types import Type
from segctl.sources.files import File, Identity
from segctl.sources.format import Shapes
from segctl.sources.shape import from_json, of_type, resolve, to_json

VERSION = 2
FILE = "manifest.json"


@dataclass(frozen=True)
class FileRecord:
    """A file as it was read: its identity, the digest of its bytes, the shapes of its columns.

    `settled` says that its identity tells any later content apart; if not, only the digest does. What an earlier
    version wrote has neither inode nor status, and so the identity of no file.
    """

    name: str
    size: int
    changed: int
    digest: str
    shapes: Shapes
    inode: int = 0
    status_changed: int = 0
    settled: bool = False

    @property
    def identity(self) -> Identity:
        """As of `sources.files.File`."""
        return Identity(self.size, self.changed, self.inode, self.status_changed)

    def of(self, file: File, *, settled: bool) -> FileRecord:
        """The same content under another identity."""
        return replace(self, **file.identity._asdict(), settled=settled)

    def at(self, path: Path) -> File:
        """The file as it was read, which lies at this path."""
        return File(self.name, path, *self.identity)


@dataclass(frozen=True)
class Piece:
    """Rows of a file: `rows` of them from `first` on, counted from 0."""

    file: str
    first: int
    rows: int


@dataclass(frozen=True)
class Run:
    """Rows of events, sorted by (shard, name, time), in a folder of its own.

    `pieces` are the rows as they were read, one after the other; `rows` of them are kept, those
    without a user are not. `outside` are of users that are not in the users table.
    """

    folder: str
    pieces: tuple[Piece, ...]
    names: tuple[str, ...]
    rows: int
    outside: int

    @property
    def read(self) -> int:
        """How many rows were read."""
        return sum(piece.rows for piece in self.pieces)


@dataclass(frozen=True)
class TableRecord:
    """A table: what was declared of it, its files, the types of its columns.

    Events have runs; the users table and catalogues have a folder and a number of rows.
    """

    identity: Mapping[str, Any]
    files: tuple[FileRecord, ...]
    types: Mapping[str, Type]
    runs: tuple[Run, ...] = ()
    folder: str = ""
    rows: int = 0


@dataclass(frozen=True)
class Manifest:
    """`project` is what the project file says of the data; `known` and `seen` name files.

    `counts` is the number of known users by shard, `seen` when a derived population first did something.
    """

    project: Mapping[str, Any]
    counts: tuple[int, ...] = ()
    known: str = ""
    seen: str = ""
    tables: Mapping[str, TableRecord] = field(default_factory=dict)

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return len(self.counts)


def load(folder: Path) -> Manifest | None:
    """What the last update wrote; None if there is nothing that can be used."""
    try:
        data = read_json(folder / FILE)
        return _from_json(data) if data["version"] == VERSION else None
    except (SegctlError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save(folder: Path, manifest: Manifest) -> None:
    """Make this what the index holds, once all that it names is durable."""
    for name in folders(manifest):
        if (folder / name).is_dir():
            sync_folder(folder / name)
    write_json(folder / FILE, _to_json(manifest))
    sync_folder(folder)


def folders(manifest: Manifest) -> frozenset[str]:
    """The folders and files that the manifest names."""
    tables = manifest.tables.values()
    runs = {run.folder for table in tables for run in table.runs}
    files = {f"{name}.arrow" for name in (manifest.known, manifest.seen) if name}
    return frozenset(runs | {table.folder for table in tables if table.folder} | files)


# --- JSON --------------------------------------------------------------------------------------


def _to_json(manifest: Manifest) -> dict[str, Any]:
    return {
        "version": VERSION,
        "project": manifest.project,
        "counts": list(manifest.counts),
        "known": manifest.known,
        "seen": manifest.seen,
        "tables": {key: _table_to_json(table) for key, table in manifest.tables.items()},
    }


def _table_to_json(table: TableRecord) -> dict[str, Any]:
    return {
        "identity": table.identity,
        "files": [
            {**asdict(replace(f, shapes={})), "shapes": {n: to_json(s) for n, s in f.shapes.items()}}
            for f in table.files
        ],
        "types": {name: to_json(of_type(kind)) for name, kind in table.types.items()},
        "runs": [asdict(run) for run in table.runs],
        "folder": table.folder,
        "rows": table.rows,
    }


def _from_json(data: Mapping[str, Any]) -> Manifest:
    tables = {key: _table_from_json(table) for key, table in data["tables"].items()}
    return Manifest(data["project"], tuple(data["counts"]), data["known"], data["seen"], tables)


def _table_from_json(data: Mapping[str, Any]) -> TableRecord:
    files = tuple(
        FileRecord(**{**file, "shapes": {name: from_json(shape) for name, shape in file["shapes"].items()}})
        for file in data["files"]
    )
    types = {name: resolve(from_json(kind)) for name, kind in data["types"].items()}
    runs = tuple(_run_from_json(run) for run in data["runs"])
    return TableRecord(data["identity"], files, types, runs, data["folder"], data["rows"])


def _run_from_json(data: Mapping[str, Any]) -> Run:
    pieces = tuple(Piece(**piece) for piece in data["pieces"])
    return Run(**{**data, "pieces": pieces, "names": tuple(data["names"])})
