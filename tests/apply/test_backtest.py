# ruff: noqa: S608 the SQL is written here
"""A look back: the sizes of old and new definitions at past instants, held against plain SQL over the same files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from segctl.diagnostics import Usage
from segctl.plan.backtest import instants
from segctl.plan.plan import Backtest, Plan
from segctl.progress import Silent
from segctl.workflow.backtest import span
from segctl.workflow.plan import plan
from segctl.workflow.request import Request
from tests.apply.conftest import Command
from tests.apply.shop import ADULTS, DAY_US, NOON, NOON_US, Shop, segment

OFTEN = segment(
    "often", {"event": "purchase", "count": {"at_least": 2}, "within": "10d"}, {"attribute": "age", "at_least": 20}
)
OFTENER = segment("often", {"event": "purchase", "count": {"at_least": 3}, "within": "20d"})
LOYAL: dict[str, Any] = {"kind": "extension", "name": "loyal", "from": {"event": "purchase", "count": {"at_least": 2}}}


def looked_back(shop: Shop, length: str = "30d", points: int = 7) -> Plan:
    return plan(shop.root, Request(NOON_US, NOON, backtest=length, backtest_points=points), Silent()).plan


def back(shop: Shop, name: str, length: str = "30d", points: int = 7) -> Backtest:
    [found] = [change.backtest for change in looked_back(shop, length, points).changes if change.key[1] == name]
    assert found is not None
    return found


@pytest.fixture
def busy(tmp_path: Path) -> Shop:
    """200 users who buy at random hours of 60 days, some after as_of."""
    rng = Random(5)  # noqa: S311 not for secrets
    shop = Shop(tmp_path)
    shop.users(*(f"u{number},{rng.randrange(10, 60)}" for number in range(200)))
    start = datetime.fromtimestamp(NOON_US / 1e6, UTC) - timedelta(days=58)
    rows = [
        f"u{rng.randrange(200)},purchase,{(start + timedelta(hours=rng.randrange(60 * 24))).isoformat()}"
        for _ in range(1_500)
    ]
    shop.files.append(len(rows))
    (tmp_path / "data" / "events-1.csv").write_text("\n".join(["user,event,time", *rows]) + "\n")
    return shop


def by_sql(shop: Shop, sql: str, at_us: int) -> int:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    data = shop.root / "data"
    connection.execute(f"CREATE VIEW users AS SELECT * FROM '{data}/users.csv'")
    columns = "{'user': 'VARCHAR', 'event': 'VARCHAR', 'time': 'TIMESTAMPTZ'}"
    connection.execute(f"CREATE VIEW events AS SELECT * FROM read_csv('{data}/events-*.csv', columns = {columns})")
    connection.execute(f"SET VARIABLE instant = make_timestamptz({at_us})")
    [(count,)] = connection.execute(sql).fetchall()
    return int(count)


def _counted(least: int, days: int, where: str) -> str:
    inside = f"time >= getvariable('instant') - INTERVAL {days} DAY AND time < getvariable('instant')"
    bought = f"SELECT user FROM events WHERE {inside} GROUP BY 1 HAVING count(*) >= {least}"
    return f"SELECT count(*) FROM users WHERE id IN ({bought}) AND {where}"


def test_the_sizes_are_those_that_plain_sql_counts_at_each_instant(busy: Shop) -> None:
    busy.define(OFTEN)
    busy.apply()
    busy.define(OFTENER)
    found = back(busy, "often")
    assert found.instants_us == tuple(NOON_US - day * DAY_US for day in (30, 25, 20, 15, 10, 5, 0))
    assert found.before == tuple(by_sql(busy, _counted(2, 10, "age >= 20"), at) for at in found.instants_us)
    assert found.after == tuple(by_sql(busy, _counted(3, 20, "true"), at) for at in found.instants_us)
    assert len(set(found.before)) > 3


def test_the_last_point_is_what_the_plan_says(busy: Shop) -> None:
    busy.define(OFTEN)
    busy.apply()
    busy.define(OFTENER)
    [change] = looked_back(busy).changes
    assert change.members is not None
    assert change.backtest is not None
    assert change.backtest.before is not None
    assert (change.members.before, change.members.after) == (change.backtest.before[-1], change.backtest.after[-1])


def test_an_extension_is_computed_as_of_each_instant(busy: Shop) -> None:
    uses = segment("uses", {"extension": "loyal"}, {"attribute": "age", "at_least": 30})
    busy.define(LOYAL, segment("uses", {"extension": "loyal"}))
    busy.apply()
    busy.define(LOYAL, uses)
    found = back(busy, "uses", "40d", 5)
    bought = "SELECT user FROM events WHERE time < getvariable('instant') GROUP BY 1 HAVING count(*) >= 2"
    for where, sizes in (("true", found.before), ("age >= 30", found.after)):
        sql = f"SELECT count(*) FROM users WHERE id IN ({bought}) AND {where}"
        assert sizes == tuple(by_sql(busy, sql, at) for at in found.instants_us)


def test_a_derived_population_is_as_of_then(busy: Shop) -> None:
    def everybody(*rest: Any) -> None:
        busy.define(segment("all", {"everyone": True}, *rest), users={"derive": {}})

    everybody({"event": "purchase", "within": "3d"})
    busy.apply()
    everybody()
    found = back(busy, "all", "60d", 6)
    sql = "SELECT count(DISTINCT user) FROM events WHERE time < getvariable('instant')"
    assert found.after == tuple(by_sql(busy, sql, at) for at in found.instants_us)
    assert found.after[0] < found.after[-1]


def test_what_is_new_has_no_old_sizes_and_what_means_the_same_is_not_looked_at(shop: Shop) -> None:
    shop.define(ADULTS, segment("kept", {"event": "purchase"}))
    shop.apply()
    shop.define(ADULTS | {"owner": "crm"}, segment("kept", {"event": "purchase"}), OFTEN)
    told = {change.key[1]: change.backtest for change in looked_back(shop).changes}
    assert told["adults"] is None
    assert told["often"] is not None
    assert told["often"].before is None


def test_the_digest_is_that_of_the_plan_without_a_look_back(shop: Shop) -> None:
    shop.define(ADULTS)
    assert looked_back(shop).digest == shop.plan().digest


@pytest.mark.parametrize(
    ("length", "points", "said"),
    [
        ("3 months", 5, "is ambiguous"),
        ("0d", 5, "is an empty range"),
        ("90d", 1, "from 2 to 200"),
        ("90d", 201, "from 2 to 200"),
    ],
)
def test_a_look_back_that_makes_no_sense_is_told(length: str, points: int, said: str) -> None:
    with pytest.raises(Usage, match=said):
        span(length, points)


def test_instants_are_spread_evenly_and_end_at_as_of() -> None:
    assert instants(100, 90, 4) == (10, 40, 70, 100)
    assert instants(100, 10, 2) == (90, 100)


def test_the_command_draws_it(shop: Shop, segctl: Command) -> None:
    shop.define(segment("it", {"event": "purchase", "count": {"at_least": 2}}))
    shop.apply()
    shop.define(segment("it", {"event": "purchase"}))
    asked: Callable[..., Any] = segctl
    line = ("plan", "--as-of", NOON, "--backtest", "9d", "--backtest-points", "4")
    said = asked(*line)
    lines = said.out.splitlines()
    place = lines.index("      since 2026-01-01:")
    assert lines[place + 1 : place + 3] == ["        old ▁▃▆▆  0 → 2", "        new ▁▆██  0 → 3"]
    data = json.loads(
        asked("plan", "--as-of", NOON, "--backtest", "9d", "--backtest-points", "4", "--format", "json").out
    )
    assert data["changes"][0]["relation"] == "wider"
    assert data["changes"][0]["backtest"] == {
        "instants": [f"2026-01-{day:02}T12:00:00Z" for day in (1, 4, 7, 10)], "before": [0, 1, 2, 2],
        "after": [0, 2, 3, 3],
    }  # fmt: skip
