from __future__ import annotations

import pytest

from segctl.index.summary import DAYS, EventSummary, Summary, TableSummary
from segctl.logic.calendar import DAY_US
from segctl.plan.losses import Loss, Reads, loss

TODAY = 20_000
"""Days since 1970: 2024-10-04."""

BUYS = Reads(frozenset({"buy"}))


def daily(rows: int, until: int = 0, quiet: tuple[int, ...] = (), every: int | None = None) -> EventSummary:
    """So many rows on each of the last days up to some days ago, but for the `quiet` ones (counted back from today)."""
    days = tuple(rows if back >= until and back not in quiet else 0 for back in range(DAYS - 1, -1, -1))
    last = (TODAY - until) * DAY_US + DAY_US // 2
    return EventSummary(every or sum(days), (TODAY - DAYS) * DAY_US, last, days, ("events[0]",))


def data(
    later: int = 0, files: tuple[str, ...] = (), rows: int = 0, users: int = 500, **events: EventSummary
) -> Summary:
    """As of midnight after today, or some days later: then the days of the events have moved on."""
    moved = {
        name: EventSummary(one.rows, one.first_us, one.last_us, (*one.days[later:], *(0,) * later), one.tables)
        for name, one in events.items()
    }
    tables = {"events[0]": TableSummary(rows, len(files), files)} if files else {}
    return Summary((TODAY + 1 + later) * DAY_US, users, moved, {}, tables)


def words(then: Summary | None, now: Summary, reads: Reads = BUYS) -> tuple[str, bool]:
    found = loss(then, now, reads, "UTC")
    return found.words, found.certain


def test_nothing_is_lost_where_all_is_there() -> None:
    assert loss(data(buy=daily(30)), data(buy=daily(30)), BUYS, "UTC") == Loss()
    assert loss(data(buy=daily(30)), data(buy=daily(40)), BUYS, "UTC") == Loss()
    assert loss(None, data(buy=daily(30)), BUYS, "UTC") == Loss()


def test_a_name_that_vanished() -> None:
    then = data(buy=daily(30), look=daily(9))
    text = "there are no `buy` events any more (there were 1,800, the last of 2024-10-04"
    assert words(then, data(look=daily(9)))[0] == f"{text})"
    assert words(then, data(look=daily(9), Bought=daily(29))) == (f"{text}; `Bought` is new)", True)
    assert words(then, data(buy=daily(30))) == ("", False)  # it reads no `look`
    assert words(data(buy=daily(1)), data(look=daily(9))) == ("there are no `buy` events", False)  # too few to tell


def test_prefixes_and_every_event_are_read_too() -> None:
    then, now = data(buy=daily(30)), data(look=daily(1))
    assert words(then, now, Reads(prefixes=frozenset({"bu"})))[1]
    assert words(then, now, Reads(prefixes=frozenset({""})))[1]
    assert not words(then, now, Reads(prefixes=frozenset({"x"})))[1]


@pytest.mark.parametrize(
    ("now", "certain"),
    [
        (daily(30, quiet=(10,)), True),  # a day is gone
        (daily(30, every=1_260), True),  # 70 % of 1,800, and the oldest are there still: a hole
        (daily(30, every=1_790), False),  # single users
    ],
)
def test_rows_that_are_gone(now: EventSummary, certain: bool) -> None:  # noqa: FBT001 what is expected
    assert words(data(buy=daily(30)), data(buy=now))[1] is certain


def test_the_oldest_rows_go_in_the_course_of_time() -> None:
    kept = daily(30, every=1_700)
    younger = EventSummary(kept.rows, kept.first_us + DAY_US, kept.last_us, kept.days, kept.tables)
    assert words(data(buy=daily(30)), data(buy=younger)) == ("", False)


@pytest.mark.parametrize(
    ("then", "silent_days", "reads", "certain"),
    [
        (daily(30), 1, BUYS, True),
        (daily(30, quiet=(3, 4, 10, 11)), 2, BUYS, False),  # two days without are ordinary
        (daily(30, quiet=(3, 4, 10, 11)), 3, BUYS, True),
        (daily(2), 9, BUYS, False),  # too few for a cadence
        (daily(30, quiet=tuple(range(0, 60, 2))[1:]), 9, BUYS, False),  # not on most days
        (daily(30), 2, Reads(frozenset({"buy"}), max_silence_us=3 * DAY_US), False),
        (daily(2), 3, Reads(frozenset({"buy"}), max_silence_us=3 * DAY_US), True),
        (daily(30, until=20), 1, BUYS, False),  # it had stopped before
    ],
)
def test_an_event_that_stopped(then: EventSummary, silent_days: int, reads: Reads, certain: bool) -> None:  # noqa: FBT001
    assert words(data(buy=then), data(later=silent_days, buy=then), reads)[1] is certain


def test_a_rare_event_stops_with_its_table() -> None:
    rare, every = daily(2), daily(50)
    then = Summary((TODAY + 1) * DAY_US, 500, {"buy": rare}, {"events[0]": every})
    now = data(later=1, buy=rare)
    stopped = Summary(now.as_of_us, 500, now.events, {"events[0]": data(later=1, all=every).events["all"]})
    assert words(then, stopped) == ("the last `buy` is of 2024-10-04", True)
    assert words(then, Summary(now.as_of_us, 500, now.events, {"events[0]": daily(50, until=-1)}))[1] is False


def test_files_and_users_that_are_gone() -> None:
    then = data(files=("a.csv", "b.csv", "c.csv"), rows=100, buy=daily(30))
    now = data(files=("b.csv",), rows=40, buy=daily(30))
    assert words(then, now) == ("`a.csv` and 1 more files are not there any more", False)
    assert words(then, data(files=("b.csv",), rows=100, buy=daily(30))) == ("", False)  # the rows are in another file
    assert words(data(users=500), data(users=340)) == (
        "there are 340 users, where there were 500; there are no `buy` events",
        True,
    )
