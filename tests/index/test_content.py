"""What goes in comes out, however the rows lie in files, whatever came first, however many shards."""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segctl.index.update import Options
from segctl.logic.needs import Needs
from segctl.progress import Silent
from segctl.sources.files import File
from segctl.sources.format import Request
from segctl.sources.table import Batch, Source
from tests.index.plainly import EVENTS, SECOND, USERS, events_of, frozen, indexed, users_of, write_parquet

Rows = list[dict[str, Any]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
IDS = [f"u{n}" for n in range(12)] + ["007", "é", "a b"]

USER_ROWS = st.lists(
    st.fixed_dictionaries({
        "id": st.sampled_from(IDS),
        "age": st.none() | st.integers(-(2**63), 2**63 - 1),
        "country": st.none() | st.sampled_from(["FR", "BE", ""]),
    }),
    unique_by=lambda row: str(row["id"]), max_size=10,
)  # fmt: skip
EVENT_ROWS = st.lists(
    st.fixed_dictionaries({
        "user": st.none() | st.sampled_from([*IDS, ""]),
        "ts": st.integers(0, 40).map(lambda s: s * SECOND),
        "event": st.sampled_from(["buy", "view", "open"]),
        "amount": st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda x: x + 0.0),
        "color": st.none() | st.sampled_from(["red", "blue", ""]),
        "tags": st.none() | st.lists(st.none() | st.integers(0, 3), max_size=3),
    }),
    max_size=60,
)  # fmt: skip


def expected_events(rows: Rows) -> Counter[Any]:
    kept = [row for row in rows if row["user"]]
    return Counter(frozen(r["user"], r["event"], r["ts"], {n: r[n] for n in ("amount", "color", "tags")}) for r in kept)


def write_split(folder: Path, rows: Rows, schema: Any, parts: Sequence[int]) -> None:
    """The rows in files: part i takes the rows whose number among `parts` is i."""
    for number in sorted({*parts, 0}):
        mine = [row for row, part in zip(rows, parts, strict=True) if part == number]
        write_parquet(folder / f"{number}.parquet", mine, schema)


def timed(rows: Rows) -> Rows:
    return [{**row, "ts": (EPOCH + timedelta(microseconds=row["ts"])).replace(tzinfo=None)} for row in rows]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    USER_ROWS, EVENT_ROWS, st.randoms(use_true_random=False), st.sampled_from([1, 2, 8]), st.sampled_from([5, 1 << 22])
)
def test_rows_come_back_as_they_were(users: Rows, events: Rows, rng: random.Random, shards: int, run_rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        order = rng.sample(events, len(events))
        write_split(root / "users", users, USERS, [rng.randrange(2) for _ in users])
        write_split(root / "events", timed(order), EVENTS, [rng.randrange(3) for _ in order])
        index = indexed(root, options=Options(shards=shards, run_rows=run_rows))
        assert users_of(index) == {row["id"]: {**row} for row in users}
        found = events_of(index)
        assert found == expected_events(events)
        report = index.report.tables["events[0]"]
        known = {row["id"] for row in users}
        assert report.rows == len(events)
        assert report.without_user == sum(not row["user"] for row in events)
        assert report.outside == sum(bool(row["user"]) and row["user"] not in known for row in events)


def some_rows(seed: int, count: int) -> Rows:
    rng = random.Random(seed)  # noqa: S311 not for secrets
    return [
        {
            "user": rng.choice([None, *IDS]), "ts": rng.randrange(10**6) * SECOND, "event": rng.choice(["buy", "view"]),
            "amount": rng.choice([None, 1.5, -2.25, 0.1]), "color": rng.choice([None, "red", "blue"]), "tags": None,
        }
        for _ in range(count)
    ]  # fmt: skip


def some_users() -> Rows:
    return [{"id": user, "age": number, "country": None} for number, user in enumerate(IDS)]


def test_files_that_come_one_by_one_make_the_same_as_all_at_once(tmp_path: Path) -> None:
    days = [some_rows(seed, 50) for seed in range(40)]
    write_parquet(tmp_path / "users/u.parquet", some_users(), USERS)
    folders: set[str] = set()
    for number, day in enumerate(days):
        write_parquet(tmp_path / f"events/{number:03}.parquet", timed(day), EVENTS)
        index = indexed(tmp_path)
        assert events_of(index) == expected_events([row for one in days[: number + 1] for row in one])
        now = {run.folder for run in index.manifest.tables["events[0]"].runs}
        assert number == 0 or len(now - folders) == 1  # old runs stay, or are joined to one
        folders = now
    assert len(folders) < len(days)
    index = indexed(tmp_path)
    fresh = indexed(tmp_path, options=Options(shards=2))
    assert index.tables == fresh.tables
    assert index.at(0).population().digest == fresh.at(0).population().digest
    assert index.sum_bound("buy", ("amount",)) == int(
        sum(abs(row["amount"] or 0) * 10**6 for day in days for row in day if row["event"] == "buy" and row["user"])
    )


@pytest.mark.parametrize("run_rows", [30, 1 << 22])
def test_a_changed_a_removed_and_a_new_file(tmp_path: Path, run_rows: int) -> None:
    options = Options(run_rows=run_rows, shards=2)
    days = {name: some_rows(seed, 40) for seed, name in enumerate("abcd")}
    write_parquet(tmp_path / "users/u.parquet", some_users(), USERS)
    for name, rows in days.items():
        write_parquet(tmp_path / f"events/{name}.parquet", timed(rows), EVENTS)
    before = indexed(tmp_path, options=options)
    users_of(before)
    days["b"] = some_rows(77, 25)
    write_parquet(tmp_path / "events/b.parquet", timed(days["b"]), EVENTS)
    (tmp_path / "events/c.parquet").unlink()
    del days["c"]
    days["e"] = some_rows(78, 10)
    write_parquet(tmp_path / "events/e.parquet", timed(days["e"]), EVENTS)
    index = indexed(tmp_path, options=options)
    assert events_of(index) == expected_events([row for rows in days.values() for row in rows])
    assert index.data_digest != before.data_digest


def test_rows_of_files_that_did_not_change_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(tmp_path / "users/u.parquet", some_users(), USERS)
    first, second = some_rows(1, 20), some_rows(2, 20)
    write_parquet(tmp_path / "events/a.parquet", timed(first), EVENTS)
    events_of(indexed(tmp_path))
    write_parquet(tmp_path / "events/b.parquet", timed(second), EVENTS)
    read: set[str] = set()
    raw = Source.raw

    def noted(source: Source, file: File, request: Request) -> Iterator[Batch]:
        read.add(file.name)
        return raw(source, file, request)

    monkeypatch.setattr(Source, "raw", noted)
    assert events_of(indexed(tmp_path)) == expected_events(first + second)
    assert read == {"events/b.parquet"}


def test_a_touched_file_is_the_same_file(tmp_path: Path) -> None:
    write_parquet(tmp_path / "users/u.parquet", some_users(), USERS)
    write_parquet(tmp_path / "events/a.parquet", timed(some_rows(1, 20)), EVENTS)
    before = indexed(tmp_path)
    os.utime(tmp_path / "events/a.parquet", ns=(5, 5))
    after = indexed(tmp_path)
    assert before.manifest.tables["events[0]"].runs == after.manifest.tables["events[0]"].runs
    assert before.data_digest == after.data_digest
    assert events_of(after) == expected_events(some_rows(1, 20))


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    write_parquet(tmp_path / "users/u.parquet", some_users(), USERS)
    write_parquet(tmp_path / "events/a.parquet", timed(some_rows(1, 20)), EVENTS)
    indexed(tmp_path)
    files = {p: p.stat().st_mtime_ns for p in (tmp_path / "index").rglob("*") if p.name not in {"lock", "readers"}}
    indexed(tmp_path)
    assert {p: p.stat().st_mtime_ns for p in files} == files
    assert {p for p in (tmp_path / "index").rglob("*") if p.name not in {"lock", "readers"}} == set(files)


def test_users_who_change_in_the_table(tmp_path: Path) -> None:
    events = some_rows(3, 60)
    write_parquet(tmp_path / "events/a.parquet", timed(events), EVENTS)
    early = [row for row in some_users() if row["id"] in {"u1", "u2", "u3"}]
    write_parquet(tmp_path / "users/u.parquet", early, USERS)
    assert users_of(indexed(tmp_path)) == {row["id"]: row for row in early}
    later = [{**row, "age": 5} for row in some_users() if row["id"] != "u2"] + [{"id": "new", "age": 1, "country": "X"}]
    write_parquet(tmp_path / "users/u.parquet", later, USERS)
    index = indexed(tmp_path)
    assert users_of(index) == {row["id"]: row for row in later}
    known: Mapping[str, Any] = {row["id"]: row for row in later}
    outside = sum(bool(row["user"]) and row["user"] not in known for row in events)
    assert index.report.tables["events[0]"].outside == outside
    assert events_of(index) == expected_events(events)


def test_one_more_column_reads_only_that_column(tmp_path: Path) -> None:
    write_parquet(tmp_path / "users/u.parquet", some_users(), USERS)
    write_parquet(tmp_path / "events/a.parquet", timed(some_rows(1, 50)), EVENTS)
    index = indexed(tmp_path)
    run = tmp_path / "index" / index.manifest.tables["events[0]"].runs[0].folder
    index.ensure(Needs(properties={"buy": frozenset({("amount",)})}), Silent())
    before = {path: path.stat().st_mtime_ns for path in run.iterdir()}
    assert not any("color" in path.name for path in before)
    index.ensure(Needs(properties={"buy": frozenset({("amount",), ("color",)})}), Silent())
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert any("color" in path.name for path in run.iterdir())
