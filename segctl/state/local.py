"""A store in a local folder: temporary file, fsync, then link or rename, fsync of the folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from segctl.diagnostics import SegctlError
from segctl.state.store import TEMPORARY, Missing, is_unfinished

_GUARD = ".guard"
_GUARD_S, _GUARD_PAUSE_S = 20.0, 0.005
_CANNOT_LINK = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})


@dataclass(frozen=True)
class LocalStore:
    """A store in the folder `root`, which the first write creates."""

    root: Path

    atomic_delete = True

    def read(self, name: str) -> bytes:
        """The bytes under this name; `Missing` if there are none."""
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise Missing(name) from None
        except OSError as error:
            raise _failed("read", self.where(name), error) from error

    def write_once(self, name: str, data: bytes) -> bool:
        """Create, durably; False if the name is taken."""
        path = self._path(name)
        with self._writing(name):
            _make_folder(path.parent)
            if path.exists():
                return False
            with _temporary(path.parent, data) as temporary:
                created = _link(temporary, path, data)
            _sync_folder(path.parent)
            return created

    def replace(self, name: str, data: bytes, *, expected: bytes | None) -> bool:
        """Put `data` in the place of `expected`, durably; False if something else is there."""
        path = self._path(name)
        with self._writing(name):
            _make_folder(path.parent)
            with self._alone():
                if self._present(name) != expected:
                    return False
                with _temporary(path.parent, data) as temporary:
                    temporary.replace(path)
                _sync_folder(path.parent)
            return True

    def delete(self, name: str, *, expected: bytes) -> bool:
        """Delete `expected`; False if something else or nothing is there."""
        path = self._path(name)
        if not path.exists():
            return False
        with self._writing(name, verb="delete"), self._alone():
            if self._present(name) != expected:
                return False
            path.unlink()
            _sync_folder(path.parent)
            return True

    def list(self, folder: str) -> Sequence[str]:
        """The names right below a folder, sorted."""
        try:
            entries = sorted(entry.name for entry in self._path(folder).iterdir() if entry.is_file())
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise _failed("read", self.where(folder), error) from error
        return tuple(f"{folder}/{entry}" for entry in entries if not entry.startswith(TEMPORARY))

    def sizes(self, folder: str) -> Mapping[str, int]:
        """The names right below a folder with their bytes, unfinished ones too."""
        above = f"{folder}/" if folder else ""
        try:
            with os.scandir(self._path(folder) if folder else self.root) as entries:
                sizes = {f"{above}{entry.name}": _size(entry) for entry in entries}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise _failed("read", self.where(folder), error) from error
        return {name: size for name, size in sizes.items() if size is not None}

    def discard(self, name: str) -> bool:
        """Delete what nothing refers to; False if it is not there, or somebody is writing it."""
        path = self._path(name)
        with self._writing(name, verb="delete"):
            try:
                return _abandoned(path) if is_unfinished(name) else _unlink(path)
            except FileNotFoundError:
                return False

    def where(self, name: str = "") -> str:
        """The file's path, as short as it can be said from the current folder."""
        path = self._path(name) if name else self.root
        try:
            return str(path.relative_to(Path.cwd()))
        except (ValueError, OSError):
            return str(path)

    def _path(self, name: str) -> Path:
        return self.root.joinpath(*name.split("/"))

    def _present(self, name: str) -> bytes | None:
        try:
            return self.read(name)
        except Missing:
            return None

    @contextlib.contextmanager
    def _writing(self, name: str, verb: str = "write") -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _failed(verb, self.where(name), error) from error

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time between comparing and changing; the system frees it when a process dies."""
        try:
            import fcntl
        except ImportError:  # Windows: the state's lock file alone keeps writers apart
            yield
            return
        until = time.monotonic() + _GUARD_S
        with (self.root / _GUARD).open("ab") as guard:
            while not _flocked(fcntl, guard):
                if time.monotonic() > until:
                    raise SegctlError(
                        f"cannot write below `{self.where()}`: another process holds its guard and hangs",
                        hint=f"see which process has `{self.where(_GUARD)}` open, and end it",
                    )
                time.sleep(_GUARD_PAUSE_S)
            yield


def _size(entry: os.DirEntry[str]) -> int | None:
    """The bytes of a file; None for what is none, or was finished or deleted just now."""
    try:
        return entry.stat().st_size if entry.is_file(follow_symlinks=False) else None
    except FileNotFoundError:
        return None


def _flocked(fcntl: ModuleType, guard: BinaryIO) -> bool:
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _failed(verb: str, place: str, error: OSError) -> SegctlError:
    cause = error.strerror or str(error)
    return SegctlError(f"cannot {verb} `{place}`: {cause}", hint=_HINTS.get(error.errno or 0, ""))


_HINTS = {
    errno.ENOSPC: "free some space and run the command again; the state is as it was",
    errno.EDQUOT: "free some space and run the command again; the state is as it was",
    errno.EROFS: "the folder is read-only; `state` in segctl.yaml says where the state is kept",
    errno.EACCES: "check who owns the folder; `state` in segctl.yaml says where the state is kept",
}


def _make_folder(folder: Path) -> None:
    """Create a folder and the missing ones above it, each made durable in the one above."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


@contextlib.contextmanager
def _temporary(folder: Path, data: bytes) -> Iterator[Path]:
    """A durable file in the folder with these bytes; gone afterwards, unless it was renamed."""
    path, file = _begun(folder)
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            yield path
    finally:
        path.unlink(missing_ok=True)


def _begun(folder: Path) -> tuple[Path, BinaryIO]:
    """A new file, locked as long as it is open, so that `discard` knows it from what a killed process left."""
    while True:
        path = folder / f"{TEMPORARY}{secrets.token_hex(8)}"
        file = path.open("xb")
        _mark(file.fileno())
        if os.fstat(file.fileno()).st_nlink:
            return path, file
        file.close()  # it was discarded in the instant before it was locked


def _mark(handle: int) -> None:
    """Lock a file; the system frees it when the process dies."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(handle, fcntl.LOCK_SH)


def _abandoned(path: Path) -> bool:
    """Delete an unfinished file, unless the process that writes it lives."""
    try:
        import fcntl
    except ImportError:  # nobody can tell
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return _unlink(path)


def _unlink(path: Path) -> bool:
    path.unlink()
    return True


def _link(temporary: Path, path: Path, data: bytes) -> bool:
    """Give the temporary file its name, unless the name is taken: the one atomic create-if-absent."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        return _create(path, data)
    return True


def _create(path: Path, data: bytes) -> bool:
    """As `_link`, for file systems without hard links; a kill in between leaves a short file, which is named."""
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # a file system that cannot sync folders
            raise
    finally:
        os.close(handle)
