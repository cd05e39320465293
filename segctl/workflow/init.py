"""A new project: definitions that work, a little data to try them on, schemas for the editor."""

from __future__ import annotations

import shutil
from pathlib import Path

from segctl.diagnostics import SegctlError

STARTER = Path(__file__).resolve().parent / "starter"
IGNORED = ".segctl/\n"


def make_room(folder: Path) -> None:
    """Make the folder; it must not hold a project yet.

    Raises:
        SegctlError: there is a project.
    """
    if (folder / "segments").exists():
        raise SegctlError(f"{folder / 'segments'} is there already", hint="name another folder: `segctl init DIR`")
    folder.mkdir(parents=True, exist_ok=True)


def init(folder: Path) -> tuple[Path, ...]:
    """Write a small project that works; the files, relative to the folder.

    Raises:
        SegctlError: there is a project, or a file that would be written over.
    """
    make_room(folder)
    files = tuple(sorted(path.relative_to(STARTER) for path in STARTER.rglob("*") if path.is_file()))
    for file in files:
        if (folder / file).exists():
            raise SegctlError(f"{folder / file} is there already", hint="name another folder: `segctl init DIR`")
    shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    return files + write_gitignore(folder)


def write_gitignore(folder: Path) -> tuple[Path, ...]:
    """Keep the state and the index out of git, unless the folder says itself what to ignore."""
    path = folder / ".gitignore"
    if path.exists():
        return ()
    path.write_text(IGNORED, encoding="utf-8")
    return (Path(".gitignore"),)
