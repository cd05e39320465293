"""A new project: definitions that work, a little data to try them on, schemas for the editor."""

from __future__ import annotations

import shutil
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.workflow.schema import write_schemas

STARTER = Path(__file__).resolve().parent / "starter"
IGNORED = ".segctl/\n"
"""The state and the index stay out of git."""


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
    return files + write_surroundings(folder)


def write_surroundings(folder: Path) -> tuple[Path, ...]:
    """What stands beside definitions: the schemas for editors, and a .gitignore if there is none."""
    files = [path.relative_to(folder) for path in write_schemas(folder / "schema")]
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(IGNORED, encoding="utf-8")
        files.append(Path(".gitignore"))
    return tuple(files)
