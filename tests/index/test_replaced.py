"""A file that is replaced by another of the same size and times is read again; one that only moved is not."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from segctl.diagnostics import SegctlError
from segctl.index import base, build, examine, identity, table_columns, users
from segctl.index.files import write_json
from segctl.index.manifest import FILE, load
from segctl.index.reader import Index
from segctl.index.update import update
from segctl.model.project import Project
from segctl.progress import Silent
from segctl.sources import compute, files
from tests.index.plainly import events_of, users_of

TIME = 1_700_000_000
TICK_S = 0.02
"""Longer than the tick of a local filesystem's clock."""
DAY = "2026-01-0{}T10:00:00Z"
Rows = Sequence[dict[str, Any]]
FORMATS = [".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet", ".arrow"]


def content(rows: Rows, ending: str) -> bytes:
    """The rows in a format, stored so that rows of equal lengths make files of equal lengths."""
    lines = {
        ".csv": [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)],
        ".jsonl": [json.dumps(row) for row in rows],
    }
    plain = ending.removesuffix(".gz")
    if plain in lines:
        text = "".join(f"{line}\n" for line in lines[plain]).encode()
        return gzip.compress(text, compresslevel=0, mtime=0) if ending.endswith(".gz") else text
    table = pa.Table.from_pylist(list(rows))
    sink = pa.BufferOutputStream()
    if ending == ".parquet":
        pq.write_table(table, sink, compression="none", use_dictionary=False)
    else:
        with ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    return bytes(sink.getvalue())


def rewrite(path: Path, data: bytes) -> None:
    """In place: the same inode."""
    with path.open("r+b") as stream:
        stream.write(data)
        stream.truncate()
    os.utime(path, (TIME, TIME))


def replace(path: Path, data: bytes) -> None:
    """By another file."""
    other = path.with_name("other")
    other.write_bytes(data)
    os.utime(other, (TIME, TIME))
    other.replace(path)


WAYS: list[Callable[[Path, bytes], None]] = [rewrite, replace]


class World:
    """A project of three tables in files of one format."""

    def __init__(self, root: Path, ending: str) -> None:
        self.root, self.ending = root, ending
        self.project = Project.model_validate({
            "kind": "project", "name": "p",
            "users": {"path": f"users{ending}", "id": "id"},
            "events": [{"path": f"events{ending}", "user": "user", "time": "ts", "name": {"column": "event"}}],
            "catalogs": {"product": {"path": f"products{ending}", "key": "product"}},
        })  # fmt: skip

    def path(self, table: str) -> Path:
        return self.root / f"{table}{self.ending}"

    def write(self, table: str, rows: Rows, way: Callable[[Path, bytes], None]) -> None:
        data = content(rows, self.ending)
        if not self.path(table).exists():
            self.path(table).write_bytes(data)
            os.utime(self.path(table), (TIME, TIME))
            return
        before = self.path(table).stat()
        time.sleep(TICK_S)
        way(self.path(table), data)
        after = self.path(table).stat()
        assert (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)

    def index(self) -> Index:
        return update(self.root, self.project, self.root / "index", Silent())


def users_table(tier: str, other: str) -> Rows:
    return [{"id": "u1", "tier": tier}, {"id": "u2", "tier": other}]


def events_table(first: str, second: str) -> Rows:
    return [
        {"user": first, "ts": DAY.format(1), "event": "buy", "product": "p1"},
        {"user": second, "ts": DAY.format(2), "event": "buy", "product": "p2"},
        {"user": first, "ts": DAY.format(3), "event": "buy", "product": "p2"},
    ]


def products_table(color: str, other: str) -> Rows:
    return [{"product": "p1", "color": color}, {"product": "p2", "color": other}]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all files were written long ago: what tells contents apart is the identity alone."""
    monkeypatch.setattr(identity, "TICK_NS", -(10**15))


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ending", FORMATS)
def test_each_table_is_read_again(tmp_path: Path, ending: str, way: Callable[[Path, bytes], None]) -> None:
    world = World(tmp_path, ending)
    for times in range(3):  # there and back
        first, second = [("u1", "u2"), ("u2", "u1")][times % 2]
        world.write("users", users_table(*[("gold", "iron"), ("iron", "gold")][times % 2]), way)
        world.write("events", events_table(first, second), way)
        world.write("products", products_table(*[("red!", "blue"), ("blue", "red!")][times % 2]), way)
        index = world.index()
        tiers = {user: row["tier"] for user, row in users_of(index).items()}
        assert tiers == {first: "gold", second: "iron"}
        who = Counter((row[0], row[1]) for row in events_of(index).elements())
        assert who == {(first, "buy"): 2, (second, "buy"): 1}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_within_one_tick_is_told_by_content(
    tmp_path: Path, way: Callable[[Path, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filesystem whose clock stands still, and that uses inodes again: all files have one identity."""
    world = World(tmp_path, ".csv")
    world.write("users", users_table("gold", "iron"), way)
    world.write("events", events_table("u1", "u2"), way)
    world.write("products", products_table("red!", "blue"), way)
    real = files.find
    standing = world.path("users").stat().st_ctime_ns

    def still(*args: Any) -> Any:
        return tuple(dataclasses.replace(file, inode=1, status_changed=standing) for file in real(*args))

    monkeypatch.setattr("segctl.index.examine.find", still)
    monkeypatch.setattr(identity.Confirming, "identity", lambda *_: None)
    assert users_of(world.index())["u1"]["tier"] == "gold"
    world.write("users", users_table("iron", "gold"), way)
    assert users_of(world.index())["u1"]["tier"] == "iron"


def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what is read of files from here on: contents for digests, rows."""
    counts: Counter[str] = Counter()
    for module, name in [(examine, "digest"), (users, "read_ids"), (base, "read_base"), (table_columns, "_read")]:
        real = getattr(module, name)

        def counted(*args: Any, real: Any = real, name: str = name) -> Any:
            counts[name] += 1
            return real(*args)

        monkeypatch.setattr(module, name, counted)
    monkeypatch.setattr(build, "read_base", base.read_base)
    return counts


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "here").mkdir()
    world = World(tmp_path / "here", ".parquet")
    world.write("users", users_table("gold", "iron"), rewrite)
    world.write("events", events_table("u1", "u2"), rewrite)
    world.write("products", products_table("red!", "blue"), rewrite)
    return world


@pytest.mark.usefixtures("settled")
def test_nothing_is_read_of_files_that_are_as_they_were(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    users_of(world.index())
    counts = reads(monkeypatch)
    assert users_of(world.index())["u1"]["tier"] == "gold"
    assert not counts


@pytest.mark.usefixtures("settled")
def test_copies_elsewhere_are_read_once_for_their_digest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh machine with an index out of a cache: other inodes, other times, the same content."""
    before = world.index()
    events_of(before)
    users_of(before)
    elsewhere = world.root.parent / "elsewhere"
    shutil.copytree(world.root, elsewhere)
    os.utime(elsewhere / "users.parquet", (TIME + 5, TIME + 5))
    other = World(elsewhere, ".parquet")
    counts = reads(monkeypatch)
    after = other.index()
    assert users_of(after)["u1"]["tier"] == "gold"
    assert after.tables == before.tables
    assert counts == {"digest": 3}
    counts.clear()
    other.index()
    assert not counts


@pytest.mark.usefixtures("settled")
def test_another_content_elsewhere_is_not_taken_for_that_of_the_index(world: World) -> None:
    users_of(world.index())
    elsewhere = world.root.parent / "elsewhere"
    shutil.copytree(world.root, elsewhere)
    other = World(elsewhere, ".parquet")
    other.write("users", users_table("iron", "gold"), rewrite)
    assert users_of(other.index())["u1"]["tier"] == "iron"


@pytest.mark.usefixtures("settled")
def test_an_index_of_an_earlier_version_is_used_once_its_files_were_digested(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    users_of(world.index())
    path = world.root / "index" / FILE
    data = json.loads(path.read_text())
    del data["digest"]
    for table in data["tables"].values():
        for file in table["files"]:
            for name in ("inode", "status_changed", "settled"):
                del file[name]
    write_json(path, data)
    counts = reads(monkeypatch)
    assert users_of(world.index())["u1"]["tier"] == "gold"
    assert counts == {"digest": 3}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("settle", [True, False])
def test_a_file_that_is_replaced_while_it_is_read_is_refused(
    world: World, way: Callable[[Path, bytes], None], *, settle: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if settle:
        monkeypatch.setattr(identity, "TICK_NS", -(10**15))
    read_ids = users.read_ids

    def replaced(*args: Any) -> Any:
        world.write("users", users_table("iron", "gold"), way)
        return read_ids(*args)

    with monkeypatch.context() as patch:
        patch.setattr(users, "read_ids", replaced)
        with pytest.raises(SegctlError, match=r"users\.parquet changed while it was read"):
            world.index()
    assert load(world.root / "index") is None
    assert users_of(world.index())["u1"]["tier"] == "iron"


@pytest.mark.parametrize("settle", [True, False])
def test_no_column_is_kept_of_a_file_that_was_replaced_while_it_was_read(
    world: World, *, settle: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There and back: what was read in between must not stay under the digest of the first content."""
    if settle:
        monkeypatch.setattr(identity, "TICK_NS", -(10**15))
    index = world.index()
    field_of = compute.field_of

    def replaced(*args: Any) -> Any:
        found = field_of(*args)
        world.write("users", users_table("gold", "gold"), replace)
        return found

    with monkeypatch.context() as patch:
        patch.setattr("segctl.index.table_columns.field_of", replaced)
        with pytest.raises(SegctlError, match="changed while it was read"):
            users_of(index)
    world.write("users", users_table("gold", "iron"), replace)
    assert {user: row["tier"] for user, row in users_of(world.index()).items()} == {"u1": "gold", "u2": "iron"}
