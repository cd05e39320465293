"""Which files hold definitions, and their bytes; what cannot be read is diagnosed, never followed."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import Diagnostic, Span
from segctl.load.access import ANYWHERE, Access
from segctl.load.text import LARGEST, too_large

FOLDER = "segments"
POLICIES = "policies"
"""A second folder for definitions, beside the first: policies belong to others than segments do."""
PROJECT_FILE = "segctl.yaml"
_SUFFIXES = (".yaml", ".yml")
_MOST_BYTES = 64_000_000
"""Of all definitions of an author who is not trusted."""


@dataclass(frozen=True)
class Source:
    """A definition file: its path, the name people see, and its bytes or what keeps them from being read."""

    path: Path
    file: str
    content: bytes | Diagnostic


def shown(path: Path, here: Path) -> str:
    """How a path is named to people: relative to the folder they are in if it lies below, else absolute."""
    name = path.relative_to(here) if path.is_relative_to(here) else path
    return name.as_posix().encode("utf-8", "replace").decode()


def definition_files(root: Path, here: Path, access: Access = ANYWHERE) -> Iterator[Source]:
    """Every YAML file below `segments/`, then `policies/`, hidden ones skipped, in the order of their names."""
    found = _definition_files(root, here, links=not access.confined)
    yield from _confined(found, root, here) if access.confined else found


def _confined(found: Iterator[Source], root: Path, here: Path) -> Iterator[Source]:
    """No link is followed, not even to a file of the project (it may hold data); and not without end."""
    for folder in (root / FOLDER, root / POLICIES):
        if folder.is_symlink():
            yield Source(folder, shown(folder, here), _no_folder(folder, shown(folder, here)))
            return
    read = 0
    for source in found:
        read += len(source.content) if isinstance(source.content, bytes) else 0
        if read > _MOST_BYTES:
            yield Source(source.path, source.file, too_large(read, source.file))
            return
        yield source


def _linked(file: str) -> Diagnostic:
    summary = "a link is not followed where definitions are not trusted"
    return Diagnostic("linked-file", summary, Span(file), hint="copy the file")


def _definition_files(root: Path, here: Path, *, links: bool) -> Iterator[Source]:
    closed: list[OSError] = []
    walks = (os.walk(root / top, onerror=closed.append) for top in (FOLDER, POLICIES))
    for folder, folders, files in itertools.chain.from_iterable(walks):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders.copy():
            path = Path(folder, name)
            if path.is_symlink() or path.suffix in _SUFFIXES:
                folders.remove(name)
                yield Source(path, shown(path, here), _no_folder(path, shown(path, here)))
        for name in sorted(files):
            path = Path(folder, name)
            if not name.startswith(".") and path.suffix in _SUFFIXES:
                file = shown(path, here)
                followed = links or not path.is_symlink()
                yield Source(path, file, _read(path, root, file) if followed else _linked(file))
    for error in closed:
        path = Path(error.filename)
        if path.exists():
            yield Source(path, shown(path, here), _unreadable(error, shown(path, here)))


def _no_folder(path: Path, file: str) -> Diagnostic:
    if path.is_symlink():
        hint = "move the definitions here, or link the files one by one"
        return Diagnostic("linked-folder", "a link to a folder is not followed", Span(file), hint=hint)
    return Diagnostic("not-a-file", "a folder with the name of a file", Span(file), hint="rename the folder")


def _read(path: Path, root: Path, file: str) -> bytes | Diagnostic:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root.resolve()):
            hint = "copy the file into the project"
            return Diagnostic("linked-outside", "a link that points outside the project", Span(file), hint=hint)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Diagnostic("not-a-file", "this is not a regular file", Span(file), hint="remove or rename it")
        if status.st_size > LARGEST:
            return too_large(status.st_size, file)
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, RuntimeError) as error:
        return _unreadable(error, file)
    return too_large(len(content), file) if len(content) > LARGEST else content


def _unreadable(error: Exception, file: str) -> Diagnostic:
    cause = (error.strerror or "unknown cause") if isinstance(error, OSError) else "a link that leads to itself"
    summary = f"this cannot be read: {cause[:1].lower()}{cause[1:]}"
    return Diagnostic("unreadable", summary, Span(file), hint="check that it exists and that you may read it")
