from __future__ import annotations

import pytest
from rich.text import Text

from segctl.report.text import harmless, render


@pytest.mark.parametrize("colour", [False, True])
def test_what_is_shown_moves_no_cursor_and_turns_no_direction(colour: bool) -> None:  # noqa: FBT001 a parameter
    shown = render(Text("a\x1b]0;title\x07b\x1b[2Jc\u202ed\x9bm\re", style="red"), width=80, colour=colour)
    assert "title" in shown
    for control in ("\x1b]", "\x07", "\x1b[2J", "\u202e", "\x9b", "\r"):
        assert control not in shown


def test_text_lines_and_colours_stay() -> None:
    text = "é\n\tb \x1b[1;31mred\x1b[0m 日本 \U0001f600"
    assert harmless(text) == text
