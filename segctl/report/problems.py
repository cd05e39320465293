"""Diagnostics for people: where, what, the line itself, why, how to fix it; and for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from segctl.diagnostics import Diagnostic, Severity, Span
from segctl.report.text import plural

Lines = Mapping[Span, str]
"""The source line of a place, for those that have one."""

_COLOUR = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}


def problems(diagnostics: Sequence[Diagnostic], lines: Lines) -> Text:
    """All diagnostics with their lines, and how many there were."""
    text = Text()
    for diagnostic in diagnostics:
        text.append_text(problem(diagnostic, lines))
    text.append(tally(diagnostics), style="bold")
    return text


def by_severity(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The errors first, and otherwise in the same order."""
    return sorted(diagnostics, key=lambda diagnostic: diagnostic.severity is not Severity.ERROR)


def problem(diagnostic: Diagnostic, lines: Lines) -> Text:
    """One diagnostic, as `report.diagnostics` writes it, with its source line."""
    text = Text()
    if diagnostic.span:
        text.append(f"{diagnostic.span}: ", style="bold")
    text.append(f"{diagnostic.severity}[{diagnostic.code}]", style=_COLOUR[diagnostic.severity])
    text.append(f": {diagnostic.summary}\n")
    line = lines.get(diagnostic.span) if diagnostic.span else None
    if diagnostic.span and line is not None:
        text.append_text(_excerpt(diagnostic.span, line))
    for part in diagnostic.detail.splitlines():
        text.append(f"    {part}\n")
    if diagnostic.hint:
        text.append("    hint: ", style="cyan")
        text.append(f"{diagnostic.hint}\n")
    return text


EXCERPT_WIDTH = 100


def _excerpt(span: Span, line: str) -> Text:
    """The line with a caret below its column; a long line is cut to where the caret is."""
    start = max(0, span.column - EXCERPT_WIDTH) if len(line) > EXCERPT_WIDTH else 0
    shown = "".join(c if c.isprintable() else " " for c in line[start : start + EXCERPT_WIDTH])
    number = str(span.line)
    margin = " " * len(number)
    text = Text()
    text.append(f"    {number} | ", style="blue")
    text.append(f"{shown}\n")
    text.append(f"    {margin} | ", style="blue")
    text.append(" " * (span.column - 1 - start) + "^\n", style="bold red")
    return text


def tally(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors and 1 warning found`."""
    errors = sum(d.is_error for d in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [plural(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return f"{' and '.join(parts) or 'nothing'} found\n"


def as_data(diagnostics: Sequence[Diagnostic]) -> dict[str, object]:
    """Diagnostics for JSON; a place that is not known is left out."""
    errors = sum(d.is_error for d in diagnostics)
    return {
        "format_version": "1.0",
        "valid": errors == 0,
        "errors": errors,
        "warnings": len(diagnostics) - errors,
        "diagnostics": [problem_data(d) for d in diagnostics],
    }


def problem_data(diagnostic: Diagnostic) -> dict[str, object]:
    """One diagnostic for JSON."""
    data: dict[str, object] = {
        "severity": diagnostic.severity.value, "code": diagnostic.code, "summary": diagnostic.summary,
        "detail": diagnostic.detail, "hint": diagnostic.hint,
    }  # fmt: skip
    if diagnostic.span:
        data["file"] = diagnostic.span.file
        if diagnostic.span.line:
            data |= {"line": diagnostic.span.line, "column": diagnostic.span.column}
    return data


def counted(kinds: Mapping[str, int]) -> str:
    """`3 definitions (1 list, 2 segments)`."""
    each = ", ".join(plural(number, kind) for kind, number in sorted(kinds.items()))
    return plural(sum(kinds.values()), "definition") + (f" ({each})" if each else "")
