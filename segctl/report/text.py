"""Renderables to text: for a terminal of a width, or for a pipe without colours and without a width."""

from __future__ import annotations

import io
import re

from rich.console import Console, RenderableType
from rich.text import Text

from segctl.report.hanging import Flow

_CONTROLS = re.compile(
    r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""Controls but line ends, tabs and the sequences that choose a colour."""


def render(what: RenderableType, *, width: int, colour: bool) -> str:
    """The text of a renderable; lines carry no blanks at their ends. Nothing of an empty text."""
    if isinstance(what, Text) and not what.plain:
        return ""
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=colour, color_system="standard" if colour else None,
        highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    console.print(Flow(_without_last_end(what)) if isinstance(what, Text) else what, end="", crop=False)
    text = file.getvalue() if colour else file.getvalue().replace("\x1b", "\\u001b")
    return "".join(line.rstrip() + "\n" for line in harmless(text).splitlines())


def _without_last_end(text: Text) -> Text:
    """The text without the line end at its own end; a line ends by itself."""
    whole = text.copy()
    if text.plain.endswith("\n"):
        whole.right_crop(1)
    return whole


def harmless(text: str) -> str:
    """What a terminal would take as more than text or colours, and what would turn its direction, as numbers.

    Descriptions may be of anybody.
    """
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def count(number: int) -> str:
    """A number with thousands separators."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """`1 segment`, `2,000 segments`, `3 policies`."""
    more = f"{one[:-1]}ies" if one.endswith("cy") else f"{one}s"
    return f"{number:,} {one if number == 1 else many or more}"
