"""A population out of the events: who had done something before as_of, and what was last or first seen of them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segctl.index.population import Population
from segctl.index.update import Options
from tests.index.plainly import EVENTS, SECOND, indexed, users_of, write_parquet, write_text

Rows = list[dict[str, Any]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PROJECT: dict[str, Any] = {
    "kind": "project", "name": "shop",
    "users": {"derive": {"color": {"last": "color"}, "start": {"first": "amount"}, "tier": {"last": "amount"}}},
    "events": [{"path": "events/*.parquet", "user": "user", "time": "ts", "name": {"column": "event"}}],
}  # fmt: skip
EVENT_ROWS = st.lists(
    st.fixed_dictionaries({
        "user": st.none() | st.sampled_from(["a", "b", "c", "d"]),
        "ts": st.integers(0, 6).map(lambda s: s * SECOND),
        "event": st.sampled_from(["buy", "view"]),
        "amount": st.none() | st.sampled_from([float("nan"), -1.5, 0.0, 2.5]),
        "color": st.none() | st.sampled_from(["red", "blue", "", "Z", "é"]),
    }),
    max_size=30,
)  # fmt: skip


DAYS: list[list[str | None]] = [["a", "b"], ["b", "c"], ["d", None], ["a", "e"]]


def timed(rows: Rows) -> Rows:
    return [{**row, "ts": (EPOCH + timedelta(microseconds=row["ts"])).replace(tzinfo=None)} for row in rows]


def seen(rows: Rows, user: str, name: str, pick: Callable[..., Any]) -> Any:
    """The value at the latest (or earliest) instant, of one instant's the greatest (or least)."""
    found = [(r["ts"], r[name]) for r in rows if r["user"] == user and r[name] is not None and r[name] == r[name]]
    if not found:
        return None
    return pick(found, key=lambda one: (one[0], one[1].encode() if isinstance(one[1], str) else one[1]))[1]


def expected(rows: Rows, as_of: int) -> dict[str, dict[str, Any]]:
    early = [row for row in rows if row["ts"] < as_of and row["user"] is not None]
    return {
        user: {
            "color": seen(early, user, "color", max),
            "start": seen(early, user, "amount", min),
            "tier": seen(early, user, "amount", max),
        }
        for user in {row["user"] for row in early}
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(EVENT_ROWS, st.randoms(use_true_random=False), st.sampled_from([1, 4]), st.sampled_from([4, 1000]))
def test_population_and_attributes_are_as_of_an_instant(
    rows: Rows, rng: random.Random, shards: int, run_rows: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        parts = [rng.randrange(3) for _ in rows]
        for part in range(3):
            mine = [row for row, own in zip(rows, parts, strict=True) if own == part]
            write_parquet(root / f"events/{part}.parquet", timed(mine), EVENTS)
        index = indexed(root, PROJECT, Options(shards=shards, run_rows=run_rows))
        for second in (0, 1, 3, 100):
            as_of = second * SECOND
            assert users_of(index, as_of) == expected(rows, as_of)
            ids = pa.array(sorted(expected(rows, as_of)), pa.string())
            assert index.at(as_of).population().digest == Population.of(ids).digest


def test_users_join_as_days_go_by_and_leave_when_a_file_does(tmp_path: Path) -> None:
    days: list[Rows] = [
        [{"user": user, "ts": (10 * day + n) * SECOND, "event": "buy", "amount": None, "color": f"c{day}"}
         for n, user in enumerate(users)]
        for day, users in enumerate(DAYS)
    ]  # fmt: skip
    for number, day in enumerate(days):
        write_parquet(tmp_path / f"events/{number}.parquet", timed(day), EVENTS)
        rows = [row for one in days[: number + 1] for row in one]
        index = indexed(tmp_path, PROJECT)
        for second in (5, 15, 100):
            assert users_of(index, second * SECOND) == expected(rows, second * SECOND)
    (tmp_path / "events/1.parquet").unlink()
    left = [row for number, day in enumerate(days) for row in day if number != 1]
    assert users_of(indexed(tmp_path, PROJECT)) == expected(left, 1 << 62)


@pytest.mark.parametrize(("values", "kind"), [(["true", "false"], bool), (["3", "12"], int), (["2026-01-31"], str)])
def test_attributes_of_other_types(values: list[str], kind: type, tmp_path: Path) -> None:
    lines = [f"u1,2026-01-0{n + 1},buy,{value}" for n, value in enumerate(values)]
    write_text(tmp_path / "events.csv", "\n".join(["user,ts,event,x", *lines, "u2,2026-01-01,buy,"]))
    project = {
        **PROJECT,
        "users": {"derive": {"x": {"last": "x"}}},
        "events": [{**PROJECT["events"][0], "path": "events.csv"}],
    }
    found = users_of(indexed(tmp_path, project))
    last = {bool: False, int: 12, str: 20_484}[kind]
    assert found == {"u1": {"x": last}, "u2": {"x": None}}


def test_a_property_of_two_tables_in_two_types(tmp_path: Path) -> None:
    write_text(tmp_path / "shop.csv", "user,ts,tier\nu1,2026-01-01,3\nu2,2026-01-05,4\n")
    write_text(tmp_path / "web.csv", "user,ts,tier\nu1,2026-01-02,2.5\nu2,2026-01-01,0.5\n")
    project = {
        **PROJECT,
        "users": {"derive": {"tier": {"last": "tier"}}},
        "events": [
            {"path": f"{name}.csv", "user": "user", "time": "ts", "name": {"value": "buy"}} for name in ("shop", "web")
        ],
    }
    assert users_of(indexed(tmp_path, project)) == {"u1": {"tier": 2.5}, "u2": {"tier": 4.0}}
