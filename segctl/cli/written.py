"""Files that a command writes: whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from segctl.diagnostics import SegctlError, Usage

Content = TypeVar("Content")


def replaced(path: Path, write: Callable[[BinaryIO], object], *, called: str = "") -> None:
    """Write beside the file and then in its place, so that nobody reads half of it.

    The mode of a file that is there stays, and a link stays a link. What is no file (`/dev/null`, a pipe) is
    written into, never replaced. An error names the file as it is `called`, else by its path.

    Raises:
        SegctlError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                write(file)
        else:
            _replaced(path.resolve(), write)
    except BrokenPipeError:  # nobody reads what goes into a pipe: the command's own way out
        raise
    except OSError as cause:
        raise _unwritable(called or path, cause) from cause


def replaced_in(folder: Path, contents: Mapping[str, Content], write: Callable[[Content, BinaryIO], object]) -> None:
    """Write files of a folder, which is made if it is not there: all of them before the first one takes its place.

    So nothing is replaced if one of them cannot be written. Other files of the folder are left alone.

    Raises:
        SegctlError: one of them cannot be written.
    """
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in contents:
            path = folder / name
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with ExitStack() as parts:
            for name, content in contents.items():
                path = (folder / name).resolve()
                with parts.enter_context(_part(path)).open("wb") as file:
                    _take_mode(path, file)
                    write(content, file)
            for name in contents:
                path = (folder / name).resolve()
                _part_of(path).replace(path)
    except OSError as cause:
        raise _unwritable(path, cause) from cause


def _unwritable(what: object, cause: OSError) -> SegctlError:
    return SegctlError(f"{what} cannot be written: {(cause.strerror or str(cause)).lower()}")


def _replaced(path: Path, write: Callable[[BinaryIO], object]) -> None:
    with _part(path) as part:
        with part.open("wb") as file:
            _take_mode(path, file)
            write(file)
        part.replace(path)


def _part_of(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """The same, removed at the end if it is still there."""
    part = _part_of(path)
    try:
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _take_mode(path: Path, file: BinaryIO) -> None:
    if path.exists():
        shutil.copymode(path, file.name)


def written(path: Path, text: str, *, called: str = "") -> None:
    """Write a text to a file.

    Raises:
        SegctlError: it cannot be written.
    """
    replaced(path, lambda file: file.write(text.encode()), called=called)


def spared(paths: Iterable[Path | None]) -> None:
    """Mind that no result goes where a definition is.

    Raises:
        Usage: one of these files is there already, and is YAML.
    """
    for path in paths:
        if path is not None and path.suffix.lower() in (".yaml", ".yml") and path.exists():
            raise Usage(f"`{path}` is a YAML file, and a plan would be written over it", hint="name another file")
