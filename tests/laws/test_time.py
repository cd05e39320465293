"""Laws 5 and 6: what is not yet there is not seen; windows and local days, against Python's own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.laws.shop import Shop, opened

PARIS = ZoneInfo("Europe/Paris")
AS_OF = datetime(2026, 3, 30, 10, 30, tzinfo=UTC)  # the day after summer time began
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEP = timedelta(microseconds=1)

EDGES = [
    *(AS_OF - n * DAY for n in range(35)),
    *(datetime(2026, 3, d, tzinfo=PARIS) for d in range(1, 31)),
    AS_OF + DAY,
]
INSTANTS = sorted({edge.astimezone(UTC) + nudge for edge in EDGES for nudge in (-STEP, timedelta(0), STEP, HOUR)})


def local(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


WINDOWS: dict[str, tuple[dict[str, Any], datetime, datetime]] = {
    "within": ({"within": "30d"}, AS_OF - 30 * DAY, AS_OF),
    "within hours": ({"within": "36h"}, AS_OF - 36 * HOUR, AS_OF),
    "days_before_today": ({"within": {"days_before_today": 3}}, midnight(date(2026, 3, 27)), AS_OF),
    "today": ({"within": {"days_before_today": 0}}, midnight(date(2026, 3, 30)), AS_OF),
    "from to ago": ({"between": ["30d", "7d"]}, AS_OF - 30 * DAY, AS_OF - 7 * DAY),
    "days": ({"between": ["2026-03-10", "2026-03-29"]}, midnight(date(2026, 3, 10)), midnight(date(2026, 3, 30))),
    "since a day": ({"since": "2026-03-29"}, midnight(date(2026, 3, 29)), AS_OF),
    "until a day": ({"until": "2026-03-28"}, datetime.min.replace(tzinfo=UTC), midnight(date(2026, 3, 29))),
    "until ago": ({"until": "7d"}, datetime.min.replace(tzinfo=UTC), AS_OF - 7 * DAY),
    "since an instant": ({"since": "2026-03-29 03:00"}, datetime(2026, 3, 29, 3, tzinfo=PARIS), AS_OF),
    "a local time that was skipped": (
        {"since": "2026-03-29 02:30"}, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), AS_OF
    ),
    "ahead of as_of nothing is seen": (
        {"between": ["2026-03-30", "2026-04-30"]}, midnight(date(2026, 3, 30)), AS_OF
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """One user per instant, named by it, with one event then."""
    users = [{"id": moment.isoformat(), "seen": moment, "day": local(moment)} for moment in INSTANTS]
    events: list[dict[str, Any]] = [{"user": moment.isoformat(), "event": "e", "time": moment} for moment in INSTANTS]
    folder = tmp_path_factory.mktemp("time")
    return opened(folder, users, [events[::2], events[1::2]], as_of=AS_OF, zone="Europe/Paris")


@pytest.mark.parametrize("case", WINDOWS)
def test_a_window_is_half_open(case: str, shop: Shop) -> None:
    window, start, end = WINDOWS[case]
    expected = {moment.isoformat() for moment in INSTANTS if start <= moment < min(end, AS_OF)}
    assert shop.members({"event": "e", **window}) == expected


TODAY = local(AS_OF)
TIMES: dict[str, tuple[dict[str, Any], Any]] = {
    "on": ({"on": "2026-03-29"}, lambda t: local(t) == date(2026, 3, 29)),
    "before a day": ({"before": "2026-03-29"}, lambda t: local(t) < date(2026, 3, 29)),
    "after a day": ({"after": "2026-03-29"}, lambda t: local(t) > date(2026, 3, 29)),
    "within_last": ({"within_last": "7d"}, lambda t: AS_OF - 7 * DAY <= t < AS_OF),
    "older_than": ({"older_than": "7d"}, lambda t: t < AS_OF - 7 * DAY),
    "within_next": ({"within_next": "2d"}, lambda t: AS_OF <= t < AS_OF + 2 * DAY),
    "later_than": ({"later_than": "1d"}, lambda t: t >= AS_OF + DAY),
    "after an instant": ({"after": "2026-03-29 12:00"}, lambda t: t > datetime(2026, 3, 29, 12, tzinfo=PARIS)),
    "between days": (
        {"between": ["2026-03-01", "2026-03-02"]}, lambda t: date(2026, 3, 1) <= local(t) <= date(2026, 3, 2)
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TIMES)
def test_a_time_meets_an_operator(case: str, shop: Shop) -> None:
    test, meets = TIMES[case]
    assert shop.members({"attribute": "seen", **test}) == {t.isoformat() for t in INSTANTS if meets(t)}


DATES: dict[str, tuple[dict[str, Any], Any]] = {
    "the last dates up to today": ({"within_last": "3d"}, lambda d: TODAY - 2 * DAY <= d <= TODAY),
    "the next from today": ({"within_next": "2d"}, lambda d: TODAY <= d <= TODAY + DAY),
    "on": ({"on": "2026-03-29"}, lambda d: d == date(2026, 3, 29)),
}


@pytest.mark.parametrize("case", DATES)
def test_a_date_meets_an_operator(case: str, shop: Shop) -> None:
    test, meets = DATES[case]
    assert shop.members({"attribute": "day", **test}) == {t.isoformat() for t in INSTANTS if meets(local(t))}


def test_rows_at_or_after_as_of_are_told(shop: Shop) -> None:
    assert shop.evaluate({}).unseen == sum(moment >= AS_OF for moment in INSTANTS)


def test_days_are_local_days(tmp_path: Path) -> None:
    rng = Random(1)  # noqa: S311 - not for secrets
    events: list[dict[str, Any]] = [
        {"user": f"u{rng.randrange(30)}", "event": "e", "time": rng.choice(INSTANTS)} for _ in range(200)
    ]
    users = [{"id": f"u{number}"} for number in range(30)]
    shop = opened(tmp_path, users, [events[:90], events[90:]], as_of=AS_OF, zone="Europe/Paris")
    days: dict[str, set[date]] = {}
    for event in events:
        if event["time"] < AS_OF:
            days.setdefault(event["user"], set()).add(local(event["time"]))
    for least in range(1, 12):
        expected = {user for user, seen in days.items() if len(seen) >= least}
        assert shop.members({"event": "e", "days": {"at_least": least}}) == expected
