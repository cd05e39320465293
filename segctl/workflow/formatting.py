"""`segctl fmt`: definition files in the one layout."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import Diagnostic, SegctlError, Span, Usage
from segctl.layout.format import formatted
from segctl.load.files import Source, definition_files, shown
from segctl.load.project import find_root, survey
from segctl.load.text import LARGEST, decode, too_large
from segctl.selection import EVERYTHING, Selection
from segctl.workflow.sought import sought

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Laid:
    """A file as it is and as it would be; one with `diagnostics` is left alone."""

    path: Path
    file: str
    before: str
    after: str
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the layout is another one."""
        return not self.diagnostics and self.before != self.after


def layouts(start: Path, paths: Sequence[Path], selection: Selection = EVERYTHING) -> Iterator[Laid]:
    """The files of the project that `start` lies in, or those of `paths`; of folders all YAML files below.

    With a selection only files that hold something selected.

    Raises:
        SegctlError: there is no project and no path, or a path leads nowhere.
        Usage: the selection matches nothing, or stands beside paths.
    """
    here = Path.cwd()
    if paths and not selection.is_everything:
        raise Usage("paths and a selection cannot be combined", hint="`--select path:...`")
    if paths:
        yield from (_laid(source) for path in paths for source in _named(start / path, here))
        return
    root = find_root(start)
    wanted = None if selection.is_everything else _selected(root, selection)
    for source in definition_files(root.absolute(), here):
        if wanted is None or source.file in wanted:
            yield _laid(source)


def laid(text: str, file: str) -> Laid:
    """A text that is in no file."""
    return _laid_text(Path(file), file, text)


def _selected(root: Path, selection: Selection) -> Collection[str]:
    surveyed = survey(root)
    keys = sought(surveyed, selection).keys
    return {one.file for key, one in (*surveyed.drafts.items(), *surveyed.documents.items()) if key in keys}


def _named(path: Path, here: Path) -> Iterator[Source]:
    """A file, or the YAML files below a folder, hidden ones skipped."""
    if not path.is_dir():
        if not path.exists():
            raise SegctlError(f"there is no file {shown(path, here)}")
        yield Source(path, shown(path, here), _read(path, here))
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(_SUFFIXES) and not name.startswith("."):
                found = Path(folder, name)
                yield Source(found, shown(found, here), _read(found, here))


def _read(path: Path, here: Path) -> bytes | Diagnostic:
    file = shown(path, here)
    try:
        if path.stat().st_size > LARGEST:
            return too_large(path.stat().st_size, file)
        return path.read_bytes()
    except OSError as cause:
        reason = (cause.strerror or "unknown cause").lower()
        return Diagnostic("unreadable", f"this cannot be read: {reason}", Span(file))


def _laid(source: Source) -> Laid:
    text = source.content if isinstance(source.content, Diagnostic) else decode(source.content, source.file)
    if isinstance(text, Diagnostic):
        return Laid(source.path, source.file, "", "", (text,))
    mark = isinstance(source.content, bytes) and source.content.startswith(b"\xef\xbb\xbf")
    return _laid_text(source.path, source.file, f"\ufeff{text}" if mark else text)


def _laid_text(path: Path, file: str, text: str) -> Laid:
    found = formatted(text, file)
    return Laid(path, file, text, found.text, found.diagnostics)
