"""The files that a pattern of an untrusted author names; what lies outside is neither read nor told apart."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator
from pathlib import Path

WILD = frozenset("*?[")

Real = Callable[[Path], Path | None]
"""A path with its links followed; None if it may not be read."""


class Outside(Exception):
    """The pattern leads to where nothing may be read."""


def named(root: Path, pattern: str, real: Real) -> dict[str, Path]:
    """The files by the names that `glob` gives them, and where they really are.

    Links to folders are never followed by `**`, and no folder is listed that may not be read.

    Raises:
        Outside: it would leave the folders that may be read, whether there is anything or not.
    """
    parts = _plain(pattern)
    if "://" in pattern or "\0" in pattern or _climbs(parts):
        raise Outside
    found = {}
    for path in _walk(root, Path(), parts, real):
        there = real(root / path)
        if there is None:
            raise Outside
        if there.is_file():  # no folder, no device, no pipe
            found[path.as_posix()] = there
    return found


def _plain(pattern: str) -> list[str]:
    """The parts; of several `**` in a row one is left, which means the same and does not multiply."""
    parts = Path(pattern).parts
    apart = [part for place, part in enumerate(parts) if part != "**" or parts[place - 1 : place] != ("**",)]
    return [*apart, "*"] if apart[-1:] == ["**"] else apart


def _climbs(parts: list[str]) -> bool:
    """`..` behind a wildcard is of no use but to multiply the work."""
    first = next((place for place, part in enumerate(parts) if WILD & set(part)), len(parts))
    return ".." in parts[first:]


def _walk(root: Path, folder: Path, parts: list[str], real: Real) -> Iterator[Path]:
    if not parts:
        yield folder
        return
    head, rest = parts[0], parts[1:]
    if head == "**":
        yield from _walk(root, folder, rest, real)
        for name in _entries(root / folder, real):
            inner = root / folder / name
            if not name.startswith(".") and inner.is_dir() and not inner.is_symlink():
                yield from _walk(root, folder / name, parts, real)
    elif WILD & set(head):
        for name in _entries(root / folder, real):
            if fnmatch.fnmatchcase(name, head) and (head.startswith(".") or not name.startswith(".")):
                yield from _walk(root, folder / name, rest, real)
    else:
        yield from _walk(root, folder / head, rest, real)


def _entries(folder: Path, real: Real) -> list[str]:
    there = real(folder)
    if there is None:
        raise Outside
    try:
        return sorted(path.name for path in there.iterdir())
    except OSError:
        return []
