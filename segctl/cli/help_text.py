"""How help is laid out: no line breaks inside a word, an option's name, or a quoted part of an example."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

_HELD = "\N{NON-BREAKING HYPHEN}"
"""Stands for a hyphen while lines are broken: click breaks at hyphens, and `--as-of` is one word."""

_MARGIN = 2
_OPTION = re.compile(r" (?=--?[a-z])")


class Formatter(click.HelpFormatter):
    """click's layout, with lines broken at blanks alone."""

    def write(self, string: str) -> None:
        """Write a text with its hyphens."""
        super().write(string.replace(_HELD, "-"))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        super().write_usage(prog, _hold(args), prefix)

    def write_text(self, text: str) -> None:
        """A paragraph."""
        super().write_text(_hold(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Names with what they mean; names in a narrow window stand above that."""
        held = [(first, _hold(second)) for first, second in rows]
        super().write_dl(held, min(col_max, self.width // 3), col_spacing)

    def write_examples(self, lines: Iterable[str]) -> None:
        """Command lines; one that is too long goes on below, before an option, as a shell reads it."""
        for line in lines:
            for part in _continued(line, self.width - _MARGIN):
                self.write(f"{' ' * _MARGIN}{part}\n")


class Context(click.Context):
    """A context whose help is laid out so."""

    formatter_class = Formatter


def _hold(text: str) -> str:
    return text.replace("-", _HELD)


def _continued(line: str, width: int) -> Iterable[str]:
    parts = _OPTION.split(line)
    while parts:
        shown = parts.pop(0)
        while parts and len(shown) + len(parts[0]) + 1 + (2 if parts[1:] else 0) <= width:
            shown += f" {parts.pop(0)}"
        yield f"{shown} \\" if parts else shown
        parts[:1] = [f"  {parts[0]}"] if parts else []
