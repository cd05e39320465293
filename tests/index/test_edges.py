"""Tables without rows, tables of two files with other columns, events of one name in two tables."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segctl.diagnostics import SegctlError
from segctl.index.update import Options, update
from segctl.logic.types import NOTHING, Scalar
from segctl.model.project import Project
from segctl.progress import Silent
from tests.index.plainly import END, events_of, everything, frozen, indexed, plain_values, users_of, write_text

CSV: dict[str, Any] = {
    "kind": "project", "name": "shop", "users": {"path": "users.csv", "id": "id"},
    "events": [{"path": "events/*.csv", "user": "user", "time": "ts", "name": {"value": "buy"}}],
}  # fmt: skip


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def test_users_without_events_and_events_without_rows(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id,age\nu1,31\n")
    only = {key: value for key, value in CSV.items() if key != "events"}
    assert users_of(indexed(tmp_path, only)) == {"u1": {"id": "u1", "age": 31}}
    write_text(tmp_path / "events/1.csv", "user,ts,amount\n")
    index = indexed(tmp_path, CSV)
    assert users_of(index) == {"u1": {"id": "u1", "age": 31}}
    assert index.schema.events == {}
    write_text(tmp_path / "events/2.csv", "user,ts,amount\nu1,2026-01-01,5\n")
    index = indexed(tmp_path, CSV)
    assert events_of(index) == {frozen("u1", "buy", us("2026-01-01"), {"amount": 5}): 1}
    assert index.report.tables["events[0]"].rows == 1


def test_nobody_at_all(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id,age\n")
    write_text(tmp_path / "events/1.csv", "user,ts,amount\n")
    index = indexed(tmp_path, CSV)
    assert users_of(index) == {}
    assert len(index.at(0).population()) == 0
    assert index.schema.users == {"id": NOTHING, "age": NOTHING}
    derived = {**CSV, "users": {"derive": {"spent": {"last": "amount"}}}}
    assert users_of(indexed(tmp_path, derived)) == {}


def test_a_column_of_nothing_is_missing_until_a_file_has_values(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id,age\nu1,\n")
    write_text(tmp_path / "events/1.csv", "user,ts,refund\nu1,2026-01-01,\n")
    index = indexed(tmp_path, CSV)
    assert index.schema.events == {"buy": {"refund": NOTHING}}
    assert users_of(index) == {"u1": {"id": "u1", "age": None}}
    assert events_of(index) == {frozen("u1", "buy", us("2026-01-01"), {"refund": None}): 1}
    write_text(tmp_path / "events/2.csv", "user,ts,refund,tax\nu1,2026-01-02,2.5,x\n")
    index = indexed(tmp_path, CSV)
    assert events_of(index) == {
        frozen("u1", "buy", us("2026-01-01"), {"refund": None, "tax": None}): 1,
        frozen("u1", "buy", us("2026-01-02"), {"refund": 2.5, "tax": "x"}): 1,
    }


def test_a_type_that_grows_wider_is_indexed_anew(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id\nu1\n")
    for number, (value, kind) in enumerate([("1", Scalar.INT), ("2.5", Scalar.FLOAT), ("many", Scalar.STRING)]):
        write_text(tmp_path / f"events/{number}.csv", f"user,ts,n\nu1,2026-01-0{number + 1},{value}\n")
        index = indexed(tmp_path, CSV)
        assert index.schema.events["buy"]["n"] is kind
        seen = ["1", "2.5", "many"][: number + 1]
        expected = [{Scalar.INT: int, Scalar.FLOAT: float, Scalar.STRING: str}[kind](text) for text in seen]
        assert sorted(key[3][0][1] for key in events_of(index)) == sorted(repr(value) for value in expected)
    (tmp_path / "events/2.csv").unlink()
    assert indexed(tmp_path, CSV).schema.events["buy"]["n"] is Scalar.FLOAT


def test_one_event_in_two_tables_has_the_properties_of_both(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id\nu1\n")
    write_text(tmp_path / "shop.csv", "user,ts,amount,till\nu1,2026-01-01,5,3\n")
    write_text(tmp_path / "web.jsonl", '{"user": "u1", "ts": "2026-01-02", "amount": 2.5, "tags": [1]}\n')
    tables = [
        {"path": name, "user": "user", "time": "ts", "name": {"value": "buy"}} for name in ("shop.csv", "web.jsonl")
    ]
    index = indexed(tmp_path, {**CSV, "events": tables})
    assert events_of(index) == {
        frozen("u1", "buy", us("2026-01-01"), {"amount": 5.0, "till": 3, "tags": None}): 1,
        frozen("u1", "buy", us("2026-01-02"), {"amount": 2.5, "till": None, "tags": [1]}): 1,
    }
    assert index.sum_bound("buy", ("amount",)) == 7_500_000
    index.ensure(everything(index), Silent())
    for part in index.at(END).shard(0).events("buy"):
        values = plain_values(part.property(("amount",)))
        assert part.millionths(("amount",))[0].tolist() == [int(value * 10**6) for value in values]
        assert part.millionths(("till",))[0].tolist() in ([3_000_000], [0])


def test_many_event_names_in_one_table(tmp_path: Path) -> None:
    rng = random.Random(5)  # noqa: S311 not for secrets
    rows = [(f"u{rng.randrange(5)}", f"name {rng.randrange(300)}", rng.randrange(10**6)) for _ in range(1000)]
    write_text(tmp_path / "users.csv", "\n".join(["id", *(f"u{n}" for n in range(5))]))
    lines = [f"{user},{time},{name}" for user, name, time in rows]
    write_text(tmp_path / "events.csv", "\n".join(["user,ts,event", *lines]))
    table = {"path": "events.csv", "user": "user", "time": {"column": "ts", "unit": "s"}, "name": {"column": "event"}}
    index = indexed(tmp_path, {**CSV, "events": [table]})
    assert sorted(index.schema.events) == sorted({name for _, name, _ in rows})
    assert sum(events_of(index).values()) == 1000
    assert set(events_of(index)) == {frozen(user, name, time * 10**6, {}) for user, name, time in rows}


def test_a_damaged_column_says_what_to_do(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id,age\nu1,31\n")
    index = indexed(tmp_path, {key: value for key, value in CSV.items() if key != "events"})
    users_of(index)
    for path in (tmp_path / "index").glob("users-*/age*.values.arrow"):
        path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SegctlError, match="the index is damaged") as raised:
        users_of(indexed(tmp_path, {key: value for key, value in CSV.items() if key != "events"}))
    assert raised.value.hint.startswith("remove ")


def test_the_number_of_shards_is_never_seen(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "\n".join(["id", *(f"u{n}" for n in range(200))]))
    lines = [f"u{n % 250},2026-01-{n % 28 + 1:02},{n}" for n in range(500)]
    write_text(tmp_path / "events/1.csv", "\n".join(["user,ts,amount", *lines]))
    digests, contents = set(), []
    for shards in (1, 2, 16):
        index = indexed(tmp_path, CSV, Options(shards=shards))
        digests.add(index.at(0).population().digest)
        contents.append((users_of(index), events_of(index), index.data_digest))
    assert len(digests) == 1
    assert contents[0] == contents[1] == contents[2]


def test_another_expression_is_another_column_of_the_same_runs(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id\nu1\n")
    write_text(tmp_path / "events/1.csv", "user,ts,price,quantity\nu1,2026-01-01,2.5,4\n")
    found = []
    for expression in ("price * quantity", "price", "(price + 1) * quantity"):
        project = {**CSV, "events": [{**CSV["events"][0], "properties": {"amount": expression}}]}
        index = indexed(tmp_path, project)
        (row,) = events_of(index)
        found.append((row[3], index.manifest.tables["events[0]"].runs))
    assert [values for values, _ in found] == [(("amount", text),) for text in ("10.0", "2.5", "14.0")]
    assert found[0][1] == found[1][1] == found[2][1]


def test_another_glob_for_the_same_files_reads_nothing_again(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id\nu1\n")
    write_text(tmp_path / "events/1.csv", "user,ts\nu1,2026-01-01\n")
    first = indexed(tmp_path, CSV)
    wider = {**CSV, "events": [{**CSV["events"][0], "path": "events/**/*.csv"}]}
    second = indexed(tmp_path, wider)
    assert first.manifest.tables["events[0]"].runs == second.manifest.tables["events[0]"].runs
    assert first.data_digest == second.data_digest
    other_zone = {**CSV, "events": [{**CSV["events"][0], "time": {"column": "ts", "timezone": "Asia/Tokyo"}}]}
    assert indexed(tmp_path, other_zone).data_digest != first.data_digest


def test_progress_adds_up(tmp_path: Path) -> None:
    class Counting(Silent):
        def __init__(self) -> None:
            self.steps: list[list[int]] = []

        def start(self, label: str, total: int) -> None:
            assert label
            self.steps.append([total, 0])

        def advance(self, units: int = 1) -> None:
            self.steps[-1][1] += units

    write_text(tmp_path / "users.csv", "id,age\nu1,3\n")
    for number in range(3):
        table = pa.table({"user": ["u1"] * 50, "ts": pa.array(range(50), pa.timestamp("s")), "n": range(50)})
        (tmp_path / "events").mkdir(exist_ok=True)
        pq.write_table(table, tmp_path / f"events/{number}.parquet", row_group_size=11)
    project = {**CSV, "events": [{**CSV["events"][0], "path": "events/*.parquet"}]}
    progress = Counting()
    index = update(tmp_path, Project.model_validate(project), tmp_path / "index", progress, Options(run_rows=40))
    index.ensure(everything(index), progress)
    assert progress.steps
    assert all(done == total for total, done in progress.steps), progress.steps
