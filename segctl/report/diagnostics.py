"""Diagnostics as plain text: one block each, where and what first, then why and how to fix it."""

from __future__ import annotations

from collections.abc import Iterable

from segctl.diagnostics import Diagnostic


def as_text(diagnostics: Iterable[Diagnostic]) -> str:
    """All blocks, in the order given, each line ended; nothing for nothing."""
    return "".join(f"{line}\n" for diagnostic in diagnostics for line in _block(diagnostic))


def _block(diagnostic: Diagnostic) -> list[str]:
    where = f"{diagnostic.span}: " if diagnostic.span else ""
    lines = [f"{where}{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.summary}"]
    lines += [f"    {line}" for line in diagnostic.detail.splitlines()]
    if diagnostic.hint:
        lines.append(f"    hint: {diagnostic.hint}")
    return lines
