from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from pydantic_core import PydanticCustomError

from segctl.logic import calendar, times
from segctl.logic.bound import At, Date, LocalMidnight, Today
from segctl.logic.nodes import Ago
from segctl.logic.times import DAY_US, SECOND_US, transitions

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(text: str) -> int:
    """UTC microseconds of an ISO text with an offset."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-01-31", "UTC", "2026-01-31T00:00:00+00:00"),
        ("2026-01-31", "Europe/Paris", "2026-01-31T00:00:00+01:00"),
        ("2026-07-31", "Europe/Paris", "2026-07-31T00:00:00+02:00"),
        ("2026-01-31 09:00", "Europe/Paris", "2026-01-31T09:00:00+01:00"),
        ("2026-01-31 09:00:00.000001", "UTC", "2026-01-31T09:00:00.000001+00:00"),
        ("2026-01-31T09:00Z", "Europe/Paris", "2026-01-31T09:00:00+00:00"),
        ("2026-01-31T09:00-05:00", "Europe/Paris", "2026-01-31T09:00:00-05:00"),
        # the hour that is skipped in spring is read with the offset before
        ("2026-03-29 02:30", "Europe/Paris", "2026-03-29T02:30:00+01:00"),
        # of the hour that comes twice in autumn, the earlier
        ("2026-10-25 02:30", "Europe/Paris", "2026-10-25T02:30:00+02:00"),
    ],
)
def test_a_written_date_or_instant(text: str, zone: str, instant: str) -> None:
    assert times.written_us(text, zone) == us(instant)


def test_what_is_no_date_is_an_error() -> None:
    with pytest.raises(PydanticCustomError):
        times.written_us("soon", "UTC")


@pytest.mark.parametrize(
    ("zone", "text", "start"),
    [
        ("Europe/Paris", "2026-03-29", "2026-03-29T00:00:00+01:00"),
        ("Europe/Paris", "2026-03-30", "2026-03-30T00:00:00+02:00"),
        ("Asia/Kathmandu", "2026-03-30", "2026-03-30T00:00:00+05:45"),
        # no midnight: the clocks go from 23:59:59 to 01:00
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"),
        # two midnights: at 00:01 the clocks go back to 23:01 of the day before; the earlier counts
        ("America/St_Johns", "2011-11-06", "2011-11-06T00:00:00-02:30"),
        # no such day at all: from the end of the 29th to the start of the 31st
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"),
        # the clocks go from 23:30 to 00:30, so that the day starts at 00:30
        ("America/Toronto", "1919-03-31", "1919-03-31T00:30:00-04:00"),
    ],
)
def test_a_day_starts_at_its_first_instant(zone: str, text: str, start: str) -> None:
    assert times.day_start(day(text), zone) == us(start)


@pytest.mark.parametrize(
    "zone", ["Europe/Paris", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo", "Asia/Gaza"]
)
def test_days_start_where_the_calendar_says(zone: str) -> None:
    rng = Random(1)  # noqa: S311 not for secrets
    for _ in range(300):
        number = rng.randrange(day("1990-01-01"), day("2037-01-01"))
        start = times.day_start(number, zone)
        first = datetime.fromtimestamp(start // SECOND_US, ZoneInfo(zone)).date()
        before = datetime.fromtimestamp(start // SECOND_US - 1, ZoneInfo(zone)).date()
        assert before < date.fromordinal(number + date(1970, 1, 1).toordinal()) <= first


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"])
def test_the_local_day_is_the_zones_calendar(zone: str) -> None:
    rng = Random(2)  # noqa: S311 not for secrets
    for _ in range(300):
        instant = rng.randrange(us("1950-01-01T00:00+00:00"), us("2040-01-01T00:00+00:00"))
        local = (EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(zone)).date()
        assert times.local_day(instant, zone) == (local - date(1970, 1, 1)).days


def test_the_last_microsecond_of_a_local_day() -> None:
    midnight = us("2026-03-29T22:00:00+00:00")
    assert times.local_day(midnight - 1, "Europe/Paris") == day("2026-03-29")
    assert times.local_day(midnight, "Europe/Paris") == day("2026-03-30")


def test_instants_beyond_pythons_clock_have_a_day_too() -> None:
    assert times.local_day(10**18, "Europe/Paris") == (10**18 + 3600 * SECOND_US) // DAY_US
    assert times.local_day(-(10**18), "UTC") == -(10**18) // DAY_US


def test_transitions_are_all_changes_with_their_instants() -> None:
    low, high = us("2026-01-01T00:00+00:00"), us("2027-01-01T00:00+00:00")
    assert transitions("Europe/Paris", low, high) == (
        (low, 3600),
        (us("2026-03-29T01:00+00:00"), 7200),
        (us("2026-10-25T01:00+00:00"), 3600),
    )
    assert transitions("UTC", low, high) == ((low, 0),)
    assert transitions("Pacific/Apia", us("2011-12-29T00:00+00:00"), us("2011-12-31T00:00+00:00")) == (
        (us("2011-12-29T00:00+00:00"), -10 * 3600),
        (us("2011-12-30T10:00+00:00"), 14 * 3600),
    )
    # four changes in a year: summer time pauses for Ramadan
    casablanca = transitions("Africa/Casablanca", us("2017-01-01T00:00+00:00"), us("2018-01-01T00:00+00:00"))
    assert len(casablanca) == 1 + 4


def test_a_range_may_end_at_a_change() -> None:
    change = us("2026-03-29T01:00+00:00")
    assert transitions("Europe/Paris", change - 1, change) == ((change - 1, 3600), (change, 7200))
    assert transitions("Europe/Paris", change - 2, change - 1) == ((change - 2, 3600),)
    assert transitions("Europe/Paris", change, change) == ((change, 7200),)


def test_transitions_agree_with_zoneinfo_in_every_zone() -> None:
    rng = Random(3)  # noqa: S311 not for secrets
    low, high = us("1930-01-01T00:00+00:00"), us("2045-01-01T00:00+00:00")
    for zone in rng.sample(sorted(available_timezones()), 40):
        table = transitions(zone, low, high)
        clock = ZoneInfo(zone)
        near = [at + n for at, _ in table[1:] for n in (-1, 0)]
        for instant in near + [rng.randrange(low, high) for _ in range(200)]:
            offset = next(seconds for at, seconds in reversed(table) if at <= instant)
            moment = (EPOCH + timedelta(microseconds=instant)).astimezone(clock)
            assert moment.utcoffset() == timedelta(seconds=offset), (zone, instant)


AS_OF = us("2026-03-29T12:00:00.000001+00:00")


def test_instants_relative_to_as_of() -> None:
    assert times.instant_of(At(5), AS_OF) == 5
    assert times.instant_of(Ago(DAY_US), AS_OF) == AS_OF - DAY_US
    assert times.instant_of(LocalMidnight(0, "Europe/Paris"), AS_OF) == us("2026-03-29T00:00+01:00")
    assert times.instant_of(LocalMidnight(1, "Europe/Paris"), AS_OF) == us("2026-03-28T00:00+01:00")
    assert times.day_of(Date(5), AS_OF) == 5
    assert times.day_of(Today(-1, "Europe/Paris"), AS_OF) == day("2026-03-28")
    assert times.day_of(Today(0, "Pacific/Kiritimati"), AS_OF) == day("2026-03-30")


def test_one_text_for_all_ways_to_write_an_instant() -> None:
    assert times.canonical("2026-01-31T09:00:00.000Z") == times.canonical("2026-01-31 10:00+01:00")
    assert times.canonical("2026-01-31") == "2026-01-31"
    assert times.canonical("soon") == "soon"
    # of the last hours that can be written, the UTC year could not be
    assert times.canonical("9999-12-31 23:00-05:00") == "9999-12-31 23:00-05:00"
    assert times.canonical("0001-01-01 00:00+05:00") == "0001-01-01 00:00+05:00"


@pytest.mark.parametrize(
    ("text", "length"), [("30d", 30 * DAY_US), ("36h", 36 * 3600 * SECOND_US), ("90min", 5400 * SECOND_US), ("0s", 0)]
)
def test_durations_in_words(text: str, length: int) -> None:
    assert times.duration_text(length) == text


def test_every_day_has_a_date_and_every_instant_a_clock() -> None:
    for number in (*range(day("0001-01-01"), day("9999-12-31"), 4001), day("9999-12-31")):
        assert calendar.date_text(number) == (date(1970, 1, 1) + timedelta(days=number)).isoformat()
        assert calendar.day_of(*calendar.civil(number)) == number
    assert calendar.date_text(day("9999-12-31") + 1) == "+10000-01-01"
    assert calendar.date_text(day("0001-01-01") - 1) == "0000-12-31"
    assert calendar.date_text(day("0001-01-01") - 367) == "-0001-12-31"
    assert calendar.date_text(2**31 - 1) == "infinity"
    assert calendar.date_text(-(2**31)) == "-infinity"
    assert calendar.instant_text(2**63 - 1) == "infinity"
    assert calendar.instant_text(us("2026-01-31T09:00:00.5+00:00")) == "2026-01-31T09:00:00.500000Z"


@pytest.mark.parametrize("zone", ["America/Anchorage", "Europe/Paris", "Pacific/Apia", "Pacific/Kiritimati"])
def test_days_beyond_the_written_years_start_and_end_too(zone: str) -> None:
    for number in (day("0001-01-01"), day("9999-12-31")):
        for near in range(number - 3, number + 4):
            start = times.day_start(near, zone)
            assert times.local_day(start, zone) == near
            assert times.local_day(start - 1, zone) == near - 1
            assert times.day_start(near + 1, zone) - start == DAY_US
