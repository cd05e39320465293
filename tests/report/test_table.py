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
