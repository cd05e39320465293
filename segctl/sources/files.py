"""The files of a table: found by glob, identified by path, size, times, inode."""

from __future__ import annotations

import difflib
import glob
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, cast

import xxhash

from segctl.load.access import ANYWHERE, Access
from segctl.sources.confined import Outside, named
from segctl.sources.problems import Place, Problems

_CHUNK = 1 << 22
_WILD = "*?["


class Identity(NamedTuple):
    """What the system says of a file; two contents never share it, unless written within one tick of its clock."""

    size: int
    changed: int
    inode: int
    status_changed: int


@dataclass(frozen=True, slots=True)
class File:
    """A data file. `name` is relative to the project's folder, as it is shown.

    `changed` (of the content, which any program can set back) and `status_changed` (set by the system alone,
    at each write and each rename) are nanoseconds.
    """

    name: str
    path: Path
    size: int
    changed: int
    inode: int
    status_changed: int

    @property
    def identity(self) -> Identity:
        """What tells whether the file is the one that was read."""
        return Identity(self.size, self.changed, self.inode, self.status_changed)


def find(root: Path, pattern: str, place: Place, problems: Problems, access: Access = ANYWHERE) -> tuple[File, ...]:
    """The files that match, sorted by name; none is a problem, and so is one that may not be read."""
    if access.confined:
        return _confined(root, pattern, (place, problems), access)
    wild = any(c in pattern for c in _WILD) and not (root / pattern).is_file()
    names = glob.glob(pattern, root_dir=root, recursive=True) if wild else [pattern]  # noqa: PTH207 knows `../`
    found = [file for name in names if (file := _file(root, name)) is not None]
    if not found:
        _explain(root, pattern, place, problems)
    return tuple(sorted(found, key=lambda f: f.name))


def open_bytes(file: File) -> IO[bytes]:
    """The file's bytes, unpacked where its name ends in .gz."""
    if file.name.endswith(".gz"):
        return cast("IO[bytes]", gzip.open(file.path, "rb"))
    return file.path.open("rb")


def stat(file: File) -> File | None:
    """The file as it is now; None if it is gone."""
    try:
        return _file_at(file.name, file.path)
    except OSError:
        return None


def digest(file: File) -> str:
    """A digest of the file's bytes (xxh3_128, 32 hex digits)."""
    content = xxhash.xxh3_128()
    with file.path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            content.update(chunk)
    return content.hexdigest()


def _confined(root: Path, pattern: str, where: tuple[Place, Problems], access: Access) -> tuple[File, ...]:
    """As `find`; what is said of a file outside says nothing of whether it is there."""
    place, problems = where
    try:
        found = named(root, pattern, lambda path: access.real(path, root))
    except Outside:
        hint = "`--data-root DIR` beside `--untrusted` names a folder that definitions may read"
        problems.add("outside", f"`{pattern}` points outside the project's folder", place, hint=hint)
        return ()
    if not found:
        problems.add("missing-file", f"no file matches `{pattern}`", place)
    files = (_file_at(name, path) for name, path in sorted(found.items()))
    return tuple(file for file in files if file is not None)


def _file(root: Path, name: str) -> File | None:
    path = root / name
    return _file_at(Path(name).as_posix(), path) if path.is_file() else None


def _file_at(name: str, path: Path) -> File | None:
    found = path.stat()
    return File(name, path, found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns)


def _explain(root: Path, pattern: str, place: Place, problems: Problems) -> None:
    here = f"paths start at the project's folder, `{root.name}`" if root.name else "paths start at the project's folder"
    if any(c in pattern for c in _WILD):
        problems.add("missing-file", f"no file matches `{pattern}`", place, hint=here)
    elif (root / pattern).is_dir():
        hint = f"name its files, for example `{pattern.rstrip('/')}/*.parquet`"
        problems.add("folder-not-file", f"`{pattern}` is a folder", place, hint=hint)
    else:
        problems.add("missing-file", f"`{pattern}` does not exist", place, hint=_near(root, Path(pattern)) or here)


def _near(root: Path, path: Path) -> str:
    """A path like it that exists: one part may be misspelt."""
    above = root
    for depth, part in enumerate(path.parts):
        if not (above / part).exists():
            names = [other.name for other in above.iterdir()] if above.is_dir() else []
            close = difflib.get_close_matches(part, names, n=3)
            likely = [Path(*path.parts[:depth], name, *path.parts[depth + 1 :]) for name in close]
            there = [f"`{other.as_posix()}`" for other in likely if (root / other).exists()]
            return f"did you mean {' or '.join(there)}?" if there else ""
        above /= part
    return ""
