"""Renderables to text: for a terminal of a width, or for a pipe without colours and without a width."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType
from rich.text import Text


def render(what: RenderableType, *, width: int, colour: bool) -> str:
    """The text of a renderable; lines carry no blanks at their ends."""
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=colour, color_system="standard" if colour else None,
        highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    console.print(what, end="", soft_wrap=isinstance(what, Text))
    return "".join(line.rstrip() + "\n" for line in file.getvalue().splitlines())


def count(number: int) -> str:
    """A number with thousands separators."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """`1 segment`, `2,000 segments`, `3 policies`."""
    more = f"{one[:-1]}ies" if one.endswith("cy") else f"{one}s"
    return f"{number:,} {one if number == 1 else many or more}"
