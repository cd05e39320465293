"""Diagnostics at the lines of a pull request: GitHub's workflow commands."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from segctl.diagnostics import Diagnostic, Severity
from segctl.report.problems import by_severity

SHOWN = 10
"""GitHub shows so many errors, and so many warnings, of one step; the others stand in its log."""

LONGEST = 4_000
"""The longest message in characters; GitHub cuts at 4 KB."""


def github(diagnostics: Sequence[Diagnostic], folder: str = "") -> str:
    """Workflow commands, errors first; `folder` is where the files' names begin, from the repository's root.

    Where there are more than GitHub shows, a last line says so.
    """
    ordered = by_severity(diagnostics)
    lines = [_annotation(diagnostic, folder) for diagnostic in ordered]
    for severity in Severity:
        number = sum(diagnostic.severity is severity for diagnostic in ordered)
        if number > SHOWN:
            what = f"{number:,} {severity}s; GitHub shows the first {SHOWN} at their lines, and all in this log"
            lines.append(f"::notice title=segctl::{what}\n")
    return "".join(lines)


def _annotation(diagnostic: Diagnostic, folder: str) -> str:
    places = [f"title=segctl {_property(diagnostic.code)}"]
    if diagnostic.span:
        span = diagnostic.span
        places.append(f"file={_property(in_repository(span.file, folder))}")
        places += [f"line={span.line}", f"col={span.column}"] if span.line else []
    said = [diagnostic.summary, diagnostic.detail, f"hint: {diagnostic.hint}" if diagnostic.hint else ""]
    text = "\n".join(part for part in said if part)
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
    return f"::{diagnostic.severity} {','.join(places)}::{_escape(text)}\n"


def in_repository(file: str, folder: str) -> str:
    """A file's name from the repository's root; one outside of it stays as it is."""
    if not folder or file.startswith("/"):
        return file
    name = posixpath.normpath(posixpath.join(folder, file))
    return file if name.startswith("..") else name


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
