from __future__ import annotations

import pytest

from segctl.report.table import Column, Rows
from segctl.report.text import render

COLUMNS = (
    Column("name"),
    Column("members", right=True),
    Column("owner", spare=2),
    Column("about", wraps=True, spare=1),
)
ROWS = Rows(
    COLUMNS,
    [
        ["vip", "1,234,567", "growth", "Buys often and spends much, or is a founding member"],
        ["[red]", "1", "", ""],
    ],
)


def test_in_a_pipe_nothing_is_wrapped_or_cut() -> None:
    assert render(ROWS, width=100_000, colour=False) == (
        "name     members  owner   about\n"
        "vip    1,234,567  growth  Buys often and spends much, or is a founding member\n"
        "[red]          1\n"
    )


def test_a_narrow_terminal_wraps_what_may_wrap() -> None:
    lines = render(ROWS, width=65, colour=False).splitlines()
    assert lines[1:3] == [
        "vip    1,234,567  growth  Buys often and spends much, or is a",
        "                          founding member",
    ]


def test_a_narrower_one_loses_columns_and_says_so() -> None:
    assert render(ROWS, width=55, colour=False).splitlines() == [
        "name     members  about",
        "vip    1,234,567  Buys often and spends much, or is a",
        "                  founding member",
        "[red]          1",
        "no room for: owner",
    ]
    assert render(ROWS, width=40, colour=False).splitlines() == [
        "name     members  owner",
        "vip    1,234,567  growth",
        "[red]          1",
        "no room for: about",
    ]


@pytest.mark.parametrize("width", [1, 10, 16, 23])
def test_the_names_and_numbers_are_never_left_out(width: int) -> None:
    assert [column.name for column in ROWS.fitting(width)] == ["name", "members"]


def test_a_table_that_has_no_room_is_told_row_by_row() -> None:
    rows = Rows(COLUMNS, [["a" * 30, "1,234,567", "growth", "Buys often and spends much"], ["b", "1", "", ""]])
    assert render(rows, width=30, colour=False) == (
        f"name\n         {'a' * 30}\nmembers  1,234,567\nowner    growth\n"
        "about    Buys often and spends\n         much\n\nname     b\nmembers  1\n"
    )


def test_what_wraps_is_never_narrower_than_its_longest_word() -> None:
    rows = Rows((Column("name"), Column("about", wraps=True)), [["vip", f"see {'x' * 30} for 15.1 %"]])
    assert render(rows, width=36, colour=False) == f"name  about\nvip   see\n      {'x' * 30}\n      for 15.1 %\n"
    assert render(rows, width=35, colour=False).startswith("name   vip\nabout  see")
