"""The index is a cache: whatever happens to it, the next update mends it; and processes do not harm each other."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from segctl.diagnostics import InvalidInput, SegctlError
from segctl.index import known as known_module
from segctl.index import reshard as reshard_module
from segctl.index.files import IndexDamage
from segctl.index.heal import forget_damaged
from segctl.index.manifest import FILE, load
from segctl.index.reader import Index
from segctl.index.update import Options
from segctl.logic.needs import Needs
from segctl.progress import Silent
from tests.index.plainly import EVENTS, PROJECT, USERS, events_of, indexed, users_of, write_parquet, write_text
from tests.index.test_content import expected_events, some_rows, some_users, timed
from tests.patience import PATIENCE_S


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write_parquet(tmp_path / "users/u.parquet", some_users(), USERS)
    for seed in range(3):
        write_parquet(tmp_path / f"events/{seed}.parquet", timed(some_rows(seed, 30)), EVENTS)
    return tmp_path


def rows_of(*seeds: int) -> Counter[Any]:
    return expected_events([row for seed in seeds for row in some_rows(seed, 30)])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 0}', b'{"version": 1}', b"\xff\xfe"])
def test_a_damaged_manifest_is_made_anew(content: bytes, shop: Path) -> None:
    indexed(shop)
    (shop / "index" / FILE).write_bytes(content)
    assert load(shop / "index") is None
    with pytest.raises(SegctlError):
        Index.open(shop / "index")
    assert events_of(indexed(shop)) == rows_of(0, 1, 2)


def test_an_index_that_lost_a_folder_is_made_anew(shop: Path) -> None:
    index = indexed(shop)
    events_of(index)
    shutil.rmtree(shop / "index" / index.manifest.tables["events[0]"].runs[0].folder)
    assert events_of(indexed(shop)) == rows_of(0, 1, 2)


@pytest.mark.parametrize("size", [0, 100])
def test_an_index_whose_users_are_damaged_is_made_anew(size: int, shop: Path) -> None:
    index = indexed(shop)
    path = shop / "index" / f"{index.manifest.known}.arrow"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(IndexDamage) as told:
        indexed(shop)
    assert forget_damaged(told.value, Silent()) == (path,)
    assert events_of(indexed(shop)) == rows_of(0, 1, 2)


def test_a_full_disk_is_said_in_one_line(shop: Path) -> None:
    before = indexed(shop).data_digest
    write_parquet(shop / "events/8.parquet", timed(some_rows(8, 500)), EVENTS)
    process = start(shop, FULL_DISK)
    assert process.communicate(timeout=PATIENCE_S)[0].startswith("cannot write the index: ")
    assert Index.open(shop / "index").data_digest == before
    assert sum(events_of(indexed(shop)).values()) == sum(bool(row["user"]) for row in some_rows(8, 500)) + sum(
        rows_of(0, 1, 2).values()
    )


def test_bad_data_leaves_the_index_as_it_was(shop: Path) -> None:
    before = indexed(shop)
    write_text(shop / "events/9.parquet", "no parquet")
    with pytest.raises(InvalidInput):
        indexed(shop)
    assert Index.open(shop / "index").manifest == before.manifest
    (shop / "events/9.parquet").unlink()
    assert events_of(indexed(shop)) == rows_of(0, 1, 2)


def test_a_file_that_changes_after_the_update_is_noticed(shop: Path) -> None:
    index = indexed(shop)
    write_parquet(shop / "events/1.parquet", timed(some_rows(9, 31)), EVENTS)
    with pytest.raises(SegctlError, match=r"events/1.parquet changed while it was read"):
        index.ensure(Needs(properties={"buy": frozenset({("color",)})}), Silent())


def test_what_is_read_is_not_removed(shop: Path) -> None:
    old = indexed(shop)
    write_parquet(shop / "events/1.parquet", timed(some_rows(7, 30)), EVENTS)
    new = indexed(shop)
    events_of(new)
    assert (shop / "index" / old.manifest.tables["events[0]"].runs[0].folder).exists()
    assert sum(len(part.users) for n in range(old.shards) for part in old.at(0).shard(n).events("buy")) > 0
    gone = shop / "index" / old.manifest.tables["events[0]"].runs[0].folder
    del old, new
    gc.collect()
    again = indexed(shop)
    assert not gone.exists()
    assert events_of(again) == rows_of(0, 7, 2)


def test_left_overs_of_a_killed_update_are_removed(shop: Path) -> None:
    indexed(shop)
    for name in ("run-0123456789abcdef", "users-0123456789abcdef"):
        (shop / "index" / name).mkdir()
    (shop / "index" / "known-0123.arrow").write_bytes(b"half")
    indexed(shop)
    left = {path.name.split("-")[0] for path in (shop / "index").iterdir()}
    assert left == {"run", "users", "known", FILE, "lock", "readers"}
    assert len(list((shop / "index").glob("run-*"))) == 1


def test_an_index_goes_to_another_process(shop: Path) -> None:
    index = indexed(shop)
    expected = users_of(index)
    copy: Index = pickle.loads(pickle.dumps(index))  # noqa: S301 our own bytes
    assert copy.schema == index.schema
    assert copy.at(5).population().digest == index.at(5).population().digest
    reopened = Index.open(shop / "index")
    assert reopened.data_digest == index.data_digest
    age = reopened.at(5).shard(0).attribute(("age",))
    assert age is not None
    with pytest.raises(SegctlError, match="for reading only"):
        reopened.ensure(Needs(), Silent())
    with pytest.raises(LookupError, match="was not indexed"):
        indexed(shop, options=Options(shards=2)).at(5).shard(0).attribute(("age",))
    assert len(expected) == len(some_users())


def test_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(SegctlError, match="there is no index"):
        Index.open(tmp_path / "nowhere")


def test_a_folder_that_cannot_be_written(shop: Path) -> None:
    write_text(shop / "index", "a file where the folder should be")
    with pytest.raises(SegctlError, match="cannot write the index"):
        indexed(shop)


def test_more_users_than_shards_were_made_for(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = {**PROJECT, "users": {"derive": {"color": {"last": "color"}}}}
    few = users_of(indexed(shop, project))
    monkeypatch.setattr(known_module, "USERS_PER_SHARD", 3)
    monkeypatch.setattr(reshard_module, "USERS_PER_SHARD", 3)
    write_parquet(shop / "events/7.parquet", timed(some_rows(7, 30)), EVENTS)
    index = indexed(shop, project)
    assert index.shards == 8
    assert events_of(index) == rows_of(0, 1, 2, 7)
    found = users_of(index)
    assert found.keys() >= few.keys()
    assert found == users_of(indexed(shop, project, Options(shards=1)))


def test_a_users_table_is_numbered_anew_with_more_shards(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users_of(indexed(shop))
    monkeypatch.setattr(known_module, "USERS_PER_SHARD", 2)
    monkeypatch.setattr(reshard_module, "USERS_PER_SHARD", 2)
    index = indexed(shop)
    assert index.shards == 8
    assert users_of(index) == {row["id"]: row for row in some_users()}
    assert events_of(index) == rows_of(0, 1, 2)


UPDATE = """
import sys, json
from pathlib import Path
from tests.index.plainly import indexed, events_of, users_of
index = indexed(Path(sys.argv[1]))
events_of(index), users_of(index)
print(index.data_digest)
"""


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from segctl.diagnostics import SegctlError
from tests.index.plainly import indexed
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    indexed(Path(sys.argv[1]))
except SegctlError as error:
    print(error)
"""


def start(shop: Path, program: str = UPDATE) -> subprocess.Popen[str]:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen(
        [sys.executable, "-c", program, str(shop)], stdout=subprocess.PIPE, text=True, cwd=root, env=environment
    )


def test_two_processes_at_once(shop: Path) -> None:
    processes = [start(shop) for _ in range(2)]
    printed = {process.communicate(timeout=PATIENCE_S)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(printed) == 1
    assert events_of(indexed(shop)) == rows_of(0, 1, 2)


def test_killed_at_any_moment(shop: Path) -> None:
    for seed in range(3, 9):
        write_parquet(shop / f"events/{seed}.parquet", timed(some_rows(seed, 30)), EVENTS)
        process = start(shop)
        time.sleep(0.35 + 0.05 * seed)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert events_of(indexed(shop)) == rows_of(*range(9))
