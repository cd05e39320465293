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


def test_an_empty_text_is_nothing_and_a_line_end_is_one() -> None:
    assert render(Text(), width=80, colour=False) == ""
    assert render(Text("a\n\n"), width=80, colour=False) == "a\n\n"
    assert render(Text("a"), width=80, colour=False) == "a\n"


def test_a_long_line_is_broken_at_blanks_and_a_command_is_not() -> None:
    long = "  " + "word-with-hyphens " * 5
    assert render(Text(long), width=40, colour=False) == (
        "  word-with-hyphens word-with-hyphens\n    word-with-hyphens word-with-hyphens\n    word-with-hyphens\n"
    )
    assert render(Text(long, no_wrap=True), width=40, colour=False) == f"{long.rstrip()}\n"
    assert render(Text("x" * 50 + " y"), width=40, colour=False) == f"{'x' * 50}\n  y\n"
    assert render(Text("share of all who bought it is 15.1 %"), width=34, colour=False).endswith("\n  15.1 %\n")
