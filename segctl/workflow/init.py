"""A new project: definitions that work, a little data to try them on, schemas for the editor."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.workflow.schema import write_schemas

STARTER = Path(__file__).resolve().parent / "starter"
STARTER_DAY = dt.date(2026, 11, 22)
"""The day for which the starter's rows are written; `init` moves them so that this day is today."""

FALLBACK_NAME = "my_project"
IGNORED = ("data/", ".segctl/")
"""What stays out of git: users and events, the state and the index."""

_LONGEST_NAME = 100
_READ_AS_VALUES = frozenset({"null", "true", "false"})
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}(?=\b|T)")


def project_name(folder: Path) -> str:
    """A valid name made from the folder's: `2024 Café!` gives `project_2024_cafe`."""
    ascii_only = unicodedata.normalize("NFKD", folder.resolve().name.casefold()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
    if not name:
        return FALLBACK_NAME
    if name[0].isdigit() or name in _READ_AS_VALUES:
        name = f"project_{name}"
    return name[:_LONGEST_NAME].rstrip("_")


def make_room(folder: Path, files: Iterable[Path] = (Path("segments"), Path("data"))) -> None:
    """Make the folder; it must hold no project, and none of the files.

    Raises:
        SegctlError: there is a project, or a file that would be written over.
    """
    for file in (Path("segments"), *files):
        if (folder / file).exists():
            raise SegctlError(f"{folder / file} exists already", hint="name another folder: `segctl init DIR`")
    folder.mkdir(parents=True, exist_ok=True)


def init(folder: Path, today: dt.date) -> tuple[Path, ...]:
    """Write a small project that works, with rows up to today; the files, relative to the folder.

    Raises:
        SegctlError: there is a project, or a file that would be written over.
    """
    files = tuple(sorted(path.relative_to(STARTER) for path in STARTER.rglob("*") if path.is_file()))
    make_room(folder, files)
    shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    for file in files:
        if file.parts[0] == "data":
            _move_dates(folder / file, today - STARTER_DAY)
    return files + write_surroundings(folder)


def write_surroundings(folder: Path) -> tuple[Path, ...]:
    """Name the project after its folder; write the schemas for editors and a .gitignore. The files written."""
    _rename(folder / "segments" / "segctl.yaml", project_name(folder))
    files = [path.relative_to(folder) for path in write_schemas(folder / "schema")]
    return (*files, Path(".gitignore")) if _ignore(folder / ".gitignore") else tuple(files)


def _move_dates(file: Path, by: dt.timedelta) -> None:
    text = file.read_text(encoding="utf-8")
    moved = _DATE.sub(lambda found: (dt.date.fromisoformat(found[0]) + by).isoformat(), text)
    file.write_text(moved, encoding="utf-8", newline="\n")


def _rename(project: Path, name: str) -> None:
    text = project.read_text(encoding="utf-8")
    named = re.sub(r"^name: .*$", f"name: {name}", text, count=1, flags=re.MULTILINE)
    project.write_text(named, encoding="utf-8", newline="\n")


def _ignore(file: Path) -> bool:
    """Add to a .gitignore what it lacks, below what is there; whether something was added."""
    there = file.read_bytes() if file.exists() else b""
    listed = {line.strip().strip(b"/") for line in there.splitlines()}
    lacking = [f"/{pattern}\n".encode() for pattern in IGNORED if pattern.strip("/").encode() not in listed]
    if lacking:
        between = b"" if not there or there.endswith(b"\n") else b"\n"
        file.write_bytes(there + between + b"".join(lacking))
    return bool(lacking)
