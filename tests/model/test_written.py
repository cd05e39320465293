# ruff: noqa: DTZ001 instants without a zone are what is read here
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic_core import PydanticCustomError

from segctl.model.written import parse_written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026-01-31 09:00", datetime(2026, 1, 31, 9)),
        ("2026-01-31T09:00", datetime(2026, 1, 31, 9)),
        ("2026-01-31 09:00:07", datetime(2026, 1, 31, 9, 0, 7)),
        ("2026-01-31 09:00:07.5", datetime(2026, 1, 31, 9, 0, 7, 500_000)),
        ("2026-01-31T09:00:07.000001", datetime(2026, 1, 31, 9, 0, 7, 1)),
        ("2026-01-31T09:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31 09:00+02:00", datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-01-31T09:00:00.25-03:30", datetime(2026, 1, 31, 9, 0, 0, 250_000, timezone(-timedelta(hours=3.5)))),
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_dates_and_instants_are_read_as_written(text: str, expected: date) -> None:
    found = parse_written(text)
    assert found == expected
    assert type(found) is type(expected)
    if isinstance(found, datetime) and isinstance(expected, datetime):
        assert found.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        "", "today", "30d", "2026", "2026-1-31", "2026-13-01", "2026-00-01", "2026-02-29", "2026-01-00",
        "0000-12-31", "10000-01-01", "2026-01-31 ", "2026-01-31T", "2026-01-31 9:00", "2026-01-31 24:00",
        "2026-01-31 09:60", "2026-01-31 09:00:60", "2026-01-31 09:00:00.", "2026-01-31 09:00:00.1234567",
        "2026-01-31 09:00 Z", "2026-01-31 09:00+2", "2026-01-31 09:00+0200", "2026-01-31 09:00+19:00",
        "2026-01-31 09:00+02:60", "2026-01-31Z", "2026-01-31  09:00", "31.01.2026", "٢٠٢٦-01-31", "2026-01-31\n",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        parse_written(text)
    assert caught.value.type == "bad-date"
    assert caught.value.context is not None
    assert caught.value.context["hint"]
    assert f"`{text.strip()}" in caught.value.message()
