from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.plan.schedule import is_due, latest_due

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


PARIS = "Europe/Paris"
KOLKATA = "Asia/Kolkata"

CASES = [
    ("hourly", "UTC", "2026-11-22T05:59:59Z", "2026-11-22T05:00:00Z"),
    ("hourly", KOLKATA, "2026-11-22T05:59:59Z", "2026-11-22T05:30:00Z"),
    ("daily 06:00", "UTC", "2026-11-22T06:00:00Z", "2026-11-22T06:00:00Z"),
    ("daily 06:00", "UTC", "2026-11-22T05:59:59.999999Z", "2026-11-21T06:00:00Z"),
    ("daily 06:00", PARIS, "2026-11-22T05:00:00Z", "2026-11-22T05:00:00Z"),
    ("daily 06:00", PARIS, "2026-07-22T03:59:00Z", "2026-07-21T04:00:00Z"),
    # 2026-03-29 has no 02:30 in Paris: with the offset before, that is 01:30 UTC, 03:30 local
    ("daily 02:30", PARIS, "2026-03-29T01:29:00Z", "2026-03-28T01:30:00Z"),
    ("daily 02:30", PARIS, "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z"),
    # 2026-10-25 has 02:30 twice: the earlier one is 00:30 UTC
    ("daily 02:30", PARIS, "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z"),
    ("daily 02:30", PARIS, "2026-10-25T01:45:00Z", "2026-10-25T00:30:00Z"),
    ("weekly mon 06:00", "UTC", "2026-11-22T12:00:00Z", "2026-11-16T06:00:00Z"),
    ("weekly mon 06:00", "UTC", "2026-11-23T05:00:00Z", "2026-11-16T06:00:00Z"),
    ("weekly mon 06:00", "UTC", "2026-11-23T06:00:00Z", "2026-11-23T06:00:00Z"),
    ("weekly sun 23:00", "Pacific/Auckland", "2026-11-22T09:59:00Z", "2026-11-15T10:00:00Z"),
    ("monthly 1 06:00", "UTC", "2026-11-22T12:00:00Z", "2026-11-01T06:00:00Z"),
    ("monthly 31 06:00", "UTC", "2026-11-22T12:00:00Z", "2026-10-31T06:00:00Z"),
    ("monthly 31 06:00", "UTC", "2026-11-30T06:00:00Z", "2026-11-30T06:00:00Z"),
    ("monthly 30 00:00", "UTC", "2026-03-01T00:00:00Z", "2026-02-28T00:00:00Z"),
    ("monthly 29 00:00", "UTC", "2028-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
    ("monthly 15 06:00", "UTC", "2026-01-10T00:00:00Z", "2025-12-15T06:00:00Z"),
]


@pytest.mark.parametrize(("schedule", "zone", "as_of", "expected"), CASES)
def test_the_last_time_it_was_due(schedule: str, zone: str, as_of: str, expected: str) -> None:
    assert latest_due(schedule, zone, us(as_of)) == us(expected)


def test_manual_is_never_due() -> None:
    assert latest_due("manual", "UTC", us("2026-11-22T00:00:00Z")) is None
    assert not is_due("manual", "UTC", 0, us("2026-11-22T00:00:00Z"))


def test_it_is_due_once_per_round() -> None:
    six, seven = us("2026-11-22T06:00:00Z"), us("2026-11-22T07:00:00Z")
    assert is_due("daily 06:00", "UTC", six - 1, six)
    assert not is_due("daily 06:00", "UTC", six, seven)
    assert not is_due("daily 06:00", "UTC", six - 1, six - 1)


SCHEDULES = st.sampled_from(["hourly", "daily 02:30", "weekly sun 02:30", "monthly 31 00:00", "monthly 25 02:30"])
ZONES = st.sampled_from([PARIS, "UTC", KOLKATA, "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"])


@given(SCHEDULES, ZONES, st.integers(us("2011-01-01T00:00:00Z"), us("2030-01-01T00:00:00Z")))
def test_what_was_due_last_is_not_ahead_and_stays_the_last_until_the_next(schedule: str, zone: str, as_of: int) -> None:
    due = latest_due(schedule, zone, as_of)
    assert due is not None
    assert due <= as_of
    assert as_of - due < 33 * 86_400_000_000
    assert latest_due(schedule, zone, due) == due
