"""The lines that diagnostics are about, read from their files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from segctl.diagnostics import Diagnostic, Span

LARGEST = 10_000_000
"""Bytes; of a larger file no line is shown."""


def excerpts(diagnostics: Iterable[Diagnostic]) -> dict[Span, str]:
    """The source line of every place in a definition; lines of data are never shown, they may hold ids."""
    places: dict[str, list[Span]] = defaultdict(list)
    for diagnostic in diagnostics:
        if diagnostic.span and diagnostic.span.line and diagnostic.span.file.endswith((".yaml", ".yml")):
            places[diagnostic.span.file].append(diagnostic.span)
    found: dict[Span, str] = {}
    for file, spans in places.items():
        lines = _lines(Path(file))
        found |= {span: _without_secrets(lines[span.line - 1]) for span in spans if span.line <= len(lines)}
    return found


def _without_secrets(line: str) -> str:
    """Credentials in a URL are stars, as many as they have letters, so that columns stay."""
    if "://" not in line:
        return line
    return re.sub(r"(?<=://)\S*(?=@)|(?<=\?)\S+", lambda found: "*" * len(found[0]), line)


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > LARGEST:
            return []
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
