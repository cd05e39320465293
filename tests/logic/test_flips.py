from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from segctl.logic import flips, times
from segctl.logic.bind import Binder
from segctl.logic.bound import RankTest, RfmTest
from segctl.logic.flips import Flip, next_flip
from segctl.logic.interpret import Row, User, World, holds
from segctl.logic.lower import lower
from segctl.logic.needs import distinct
from segctl.logic.times import DAY_US, written_us
from segctl.logic.types import ListOf, Scalar, Schema
from segctl.model.values import MICROSECONDS
from tests.language import document, random_definition
from tests.laws.agreement import settings_around
from tests.logic.written import meaning
from tests.strategies import Case, random_case

ZONE = "Europe/Paris"
SCHEMA = Schema(
    ZONE,
    {"signup": Scalar.TIME, "born": Scalar.DATE, "days": ListOf(Scalar.DATE)},
    {"purchase": {"color": Scalar.STRING, "paid": Scalar.TIME}, "refund": {}},
)
AS_OF = written_us("2026-11-22", ZONE)
HORIZON = 70 * DAY_US


def at(text: str) -> int:
    return written_us(text, ZONE)


def flip(where: Any, *events: Row, **attributes: Any) -> int | None:
    condition = Binder(SCHEMA).bind(meaning(where))
    return next_flip(condition, User("ada", attributes, events), World(AS_OF)).us


def bought(text: str, **properties: Any) -> Row:
    return Row("purchase", at(text), properties)


def test_a_row_leaves_its_window_a_microsecond_after_the_last_instant_that_holds_it() -> None:
    row = bought("2026-11-01 12:00")
    assert flip({"event": "purchase", "within": "30d"}, row) == row.time_us + 30 * DAY_US + 1


def test_a_row_enters_a_window_of_the_past() -> None:
    row = bought("2026-11-20")
    older = {"event": "purchase", "between": ["30d", "7d"]}
    assert flip(older, row) == row.time_us + 7 * DAY_US + 1


def test_a_row_that_is_not_seen_yet_is_seen_a_microsecond_later() -> None:
    row = bought("2026-12-24 18:00")
    assert flip({"event": "purchase"}, row) == row.time_us + 1


def test_local_midnights_are_looked_at() -> None:
    assert flip({"event": "purchase", "within": {"days_before_today": 3}}, bought("2026-11-20 23:00")) == at(
        "2026-11-24"
    )
    assert flip({"attribute": "born", "within_last": "7d"}, born=times.local_day(AS_OF, ZONE)) == at("2026-11-29")


def test_a_list_of_dates_is_looked_at() -> None:
    today = times.local_day(AS_OF, ZONE)
    assert flip({"attribute": "days", "length": {"at_least": 1}}, days=[today]) is None


def test_a_window_inside_a_rows_condition_is_looked_at() -> None:
    where = {"event": "purchase", "where": {"property": "paid", "within_last": "2d"}}
    assert flip(where, bought("2026-11-01", paid=at("2026-11-21"))) == at("2026-11-23") + 1


def test_what_depends_on_no_time_never_flips() -> None:
    assert flip({"event": "purchase"}, bought("2026-11-01")) is None
    assert flip({"attribute": "born", "exists": True}, born=1) is None


def test_ten_years_are_looked_at_and_no_more() -> None:
    assert flip({"attribute": "signup", "older_than": "3650d"}, signup=AS_OF - 1) == AS_OF + 3650 * DAY_US
    assert flip({"attribute": "signup", "older_than": "3655d"}, signup=AS_OF - 1) is None


def test_the_outcome_flips_not_the_conditions() -> None:
    bare = {"event": "purchase", "within": "30d"}
    both = {"any": [bare, {"attribute": "signup", "within_last": "60d"}]}
    row = bought("2026-11-01")
    assert flip(both, row, signup=AS_OF - 1) == AS_OF - 1 + 60 * DAY_US + 1


def test_thousands_of_events_take_no_time() -> None:
    rows = [Row("purchase", AS_OF - 25 * DAY_US + n, {"color": "red"}) for n in range(20_000)]
    often = {"event": "purchase", "within": "30d", "count": {"at_least": 3}}
    assert flip(often, *rows) == rows[-3].time_us + 30 * DAY_US + 1
    assert flip({"event": "purchase", "between": ["40d", "30d"]}, *rows) == rows[0].time_us + 30 * DAY_US + 1


def test_a_search_that_takes_too_long_is_given_up_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flips, "MOST_LOOKS", 10_000)
    rows = [Row("purchase", AS_OF - 25 * DAY_US + n, {"color": str(n)}) for n in range(200)]
    where = {"event": "purchase", "within": "30d", "distinct": {"of": "color", "at_least": 2}}
    condition = Binder(SCHEMA).bind(meaning(where))
    assert next_flip(condition, User("bot", {}, rows), World(AS_OF)) == Flip(known=False)


# --- against every instant that can matter ---------------------------------------------------------


def steps(case: Case) -> Iterator[int]:
    """Every instant of the case and every start of a day, moved by every length that definitions use."""
    lengths = [MICROSECONDS[unit] * number for number, unit in
               ((0, "s"), (45, "s"), (1, "h"), (90, "min"), (12, "h"), (36, "h"), (1, "d"), (2, "d"), (7, "d"),
                (14, "d"), (30, "d"), (60, "d"))]  # fmt: skip
    anchors = {value for pool in (case.pools[Scalar.TIME],) for value in pool if isinstance(value, int)}
    anchors |= {row.time_us for user in case.users for row in user.events}
    for anchor in anchors:
        for length in lengths:
            yield from (anchor + length, anchor + length + 1)
    zone = case.schema.zone
    today = times.local_day(case.as_of_us, zone)
    for day in range(today - 2, today + 80):
        yield times.day_start(day, zone)
    yield from (at for at, _ in times.transitions(zone, case.as_of_us, case.as_of_us + HORIZON))


@pytest.mark.parametrize("seed", range(16))
def test_the_first_flip_is_the_one_that_stepping_finds(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    case = random_case(rng, users=3)
    binder, around = Binder(case.schema), settings_around(case, {})
    instants = sorted({us for us in steps(case) if case.as_of_us < us <= case.as_of_us + HORIZON})
    for _ in range(5):
        condition = binder.bind(lower(document(random_definition(rng, case)), around))
        if any(isinstance(node, RankTest | RfmTest) for node in distinct([condition])):
            continue  # what others do decides it too
        for user in case.users:
            now = holds(condition, user, case.world)
            first = next(
                (
                    us
                    for us in instants
                    if holds(condition, user, dataclasses.replace(case.world, as_of_us=us)) is not now
                ),
                None,
            )
            assert next_flip(condition, user, case.world, HORIZON).us == first, (condition, user.id)
