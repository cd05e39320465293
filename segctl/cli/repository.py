"""Where the folder that a command runs in lies in its repository."""

from __future__ import annotations

from pathlib import Path


def folder_in_repository() -> str:
    """The folder from the repository's root, which names of files begin with on a code host; empty at the root."""
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    folder = here.relative_to(root).as_posix()
    return "" if folder == "." else folder
