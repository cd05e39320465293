"""`segctl schema`: the JSON Schemas as files, and whether they still say what the models say."""

from __future__ import annotations

from pathlib import Path


def stale_schemas(folder: Path) -> tuple[Path, ...]:
    """The schema files that are missing, or differ from the models."""
    from segctl.model.schema import as_files

    return tuple(folder / name for name, text in as_files().items() if _content(folder / name) != text)


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the schemas into a folder, which is made if needed; the paths whose content changed."""
    from segctl.model.schema import as_files

    changed = {folder / name: text for name, text in as_files().items() if _content(folder / name) != text}
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return tuple(changed)


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
