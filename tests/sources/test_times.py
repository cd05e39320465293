"""Times out of files, against Python's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.sources.times import instants
from segctl.sources.zones import to_utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
US = timedelta(microseconds=1)
ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"]


day = datetime.fromisoformat


def us(moment: datetime) -> int:
    return (moment - EPOCH) // US


def by_clock(local: datetime, zone: str) -> int:
    return us(local.replace(tzinfo=ZoneInfo(zone), fold=0))


def read(values: list[str | None], zone: str = "UTC", unit: str | None = None) -> list[int | str | None]:
    found = instants(pa.array(values, pa.string()), zone, unit)
    shown: list[int | str | None] = list(found.us.tolist())
    for row in range(len(values)):
        if found.wrong is not None and found.wrong[row]:
            shown[row] = "wrong"
        elif found.valid is not None and not found.valid[row]:
            shown[row] = None
    return shown


@given(st.lists(st.datetimes(day("1900-01-01"), day("2120-01-01"))), st.sampled_from(ZONES))
def test_local_times_follow_pythons_clock(moments: list[datetime], zone: str) -> None:
    local = np.array([us(moment.replace(tzinfo=UTC)) for moment in moments], dtype=np.int64)
    assert to_utc(local, zone).tolist() == [by_clock(moment, zone) for moment in moments]


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_of_an_hour_around_the_changes_of_the_clock(zone: str) -> None:
    days = [
        day("2026-03-29"),
        day("2026-10-25"),
        day("2026-03-08"),
        day("2026-11-01"),
        day("2026-04-05"),
    ]
    moments = [one + timedelta(minutes=15 * step) for one in days for step in range(-8, 30)]
    local = np.array([us(moment.replace(tzinfo=UTC)) for moment in moments], dtype=np.int64)
    assert to_utc(local, zone).tolist() == [by_clock(moment, zone) for moment in moments]


def test_years_far_apart_in_one_column() -> None:
    moments = [day("0002-01-01"), day("1950-07-01 12:00"), day("2026-07-01 12:00"), day("9999-12-30")]
    local = np.array([us(moment.replace(tzinfo=UTC)) for moment in moments], dtype=np.int64)
    assert to_utc(local, "Europe/Paris").tolist() == [by_clock(moment, "Europe/Paris") for moment in moments]


NOON = us(datetime(2026, 1, 31, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31 12:00:00", NOON),
        ("2026-01-31T12:00:00", NOON),
        ("2026-01-31T12:00", NOON),
        ("2026-01-31 12:00:00.5", NOON + 500_000),
        ("2026-01-31 12:00:00.123456", NOON + 123_456),
        ("2026-01-31 12:00:00.1234567", NOON + 123_456),
        ("2026-01-31 12:00:00.999999999", NOON + 999_999),
        ("2026-01-31T12:00:00Z", NOON),
        ("2026-01-31 12:00:00 UTC", NOON),
        ("2026-01-31T14:00:00+02:00", NOON),
        ("2026-01-31T14:00:00+0200", NOON),
        ("2026-01-31 07:00:00-05", NOON),
        ("2026-01-31 14:00:00.123456789 +02:00", NOON + 123_456),
        ("2026-01-31", us(datetime(2026, 1, 31, tzinfo=UTC))),
        ("1969-12-31 23:59:59.999999", -1),
        ("2024-02-29 00:00:00", us(datetime(2024, 2, 29, tzinfo=UTC))),
        ("2026-02-29 00:00:00", "wrong"),
        ("2026-13-01", "wrong"),
        ("2026-01-31 24:00:00", "wrong"),
        ("31/01/2026", "wrong"),
        ("yesterday", "wrong"),
        ("", "wrong"),
        ("1769860800", "wrong"),
        (None, None),
    ],
)
def test_texts(text: str | None, expected: int | str | None) -> None:
    assert read([text]) == [expected]
    others: list[str | None] = [
        "2026-01-31 12:00:00",
        "2026-01-31T12:00:00Z",
        "2026-01-31",
        None,
        "2026-01-31T12:00:00.1234567Z",
    ]
    assert read([*others, text, *others]) == [*read(others), expected, *read(others)]


def test_naive_texts_are_local_and_those_with_an_offset_are_not() -> None:
    texts: list[str | None] = ["2026-07-01 12:00:00", "2026-07-01T12:00:00Z", "2026-07-01"]
    noon = us(datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert read(texts, "Europe/Paris") == [noon - 2 * 3_600_000_000, noon, noon - 14 * 3_600_000_000]


@given(st.lists(st.integers(-(10**17), 10**17)), st.sampled_from(["s", "ms", "us", "ns"]))
def test_timestamps_of_any_unit_are_floored_to_microseconds(values: list[int], unit: str) -> None:
    per = {"s": 10**6, "ms": 10**3, "us": 1}
    limit = 2**62 // per.get(unit, 1)
    found = instants(pa.array(values, pa.int64()).view(pa.timestamp(unit)))
    expected = [value // 1000 if unit == "ns" else value * per[unit] for value in values]
    for row, value in enumerate(values):
        if abs(value) < limit:
            assert found.us[row] == expected[row]
        else:
            assert found.wrong is not None


def test_dates_and_zoned_timestamps() -> None:
    midnight = by_clock(day("2026-07-01"), "Europe/Paris")
    for kind in (pa.date32(), pa.date64()):
        assert instants(pa.array([date(2026, 7, 1)], kind), "Europe/Paris").us.tolist() == [midnight]
    zoned = pa.array([us(datetime(2026, 7, 1, tzinfo=UTC))]).view(pa.timestamp("us", "America/New_York"))
    assert instants(zoned, "Europe/Paris").us.tolist() == [us(datetime(2026, 7, 1, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        ([1_700_000_000, None], "s", [1_700_000_000_000_000, None]),
        ([1_700_000_000_123.0], "ms", [1_700_000_000_123_000]),
        ([1_700_000_000.123456], "s", [1_700_000_000_123_456]),
        ([1_700_000_000_123_456_789], "ns", [1_700_000_000_123_456]),
        ([float("nan"), 0.0], "s", [None, 0]),
        ([1e300], "s", ["wrong"]),
    ],
)
def test_numbers_with_a_unit(values: list[float | None], unit: str, expected: list[int | str | None]) -> None:
    found = instants(pa.array(values), "UTC", unit)
    for row, one in enumerate(expected):
        wrong = found.wrong is not None and bool(found.wrong[row])
        valid = found.valid is None or bool(found.valid[row])
        assert ("wrong" if wrong else int(found.us[row]) if valid else None) == one


def test_numerals_with_a_unit() -> None:
    assert read(["1700000000", None, "soon", "1700000000.5"], unit="s") == [
        1_700_000_000_000_000, None, "wrong", 1_700_000_000_500_000,
    ]  # fmt: skip


def test_infinity_in_texts_is_the_last_and_the_first_instant() -> None:
    assert read(["infinity", "2026-01-31", "-infinity", None], "Europe/Paris") == [
        2**63 - 1, NOON - 13 * 3_600_000_000, -(2**63 - 1), None,
    ]  # fmt: skip
    assert read(["Infinity", "2026-01-31"]) == ["wrong", NOON - 12 * 3_600_000_000]


@pytest.mark.parametrize("zone", ["America/Anchorage", "UTC", "Pacific/Kiritimati"])
def test_nothing_wraps_round_at_the_ends_of_64_bits(zone: str) -> None:
    far = 2**63 - 1
    local = np.array([far, -far, -far - 1, far - 1, 1 - far, 0], dtype=np.int64)
    found = to_utc(local, zone).tolist()
    assert found[:3] == [far, -far, -far] if zone != "UTC" else [far, -far, -far - 1]
    assert (found[3] > 2**62, found[4] < -(2**62)) == (True, True)
    days = pa.array([2**31 - 1, -(2**31), 20_000], pa.int32()).view(pa.date32())
    assert instants(days, zone).us.tolist()[:2] == [far, -far]
    assert instants(pa.array([far, -far], pa.int64()).view(pa.timestamp("ms", "UTC"))).us.tolist() == [far, -far]
