from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from segctl.diagnostics import SegctlError
from segctl.state.local import LocalStore
from segctl.state.store import Missing


def test_a_name_is_created_once(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "state")
    assert store.write_once("records/1", b"one")
    assert not store.write_once("records/1", b"two")
    assert store.read("records/1") == b"one"


def test_of_many_writers_one_creates(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(lambda n: store.write_once("lock", b"%d" % n), range(40)))
    assert sum(created) == 1
    assert store.read("lock") == b"%d" % created.index(True)


def test_replacing_compares_first(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    assert store.replace("head", b"1", expected=None)
    assert not store.replace("head", b"2", expected=None)
    assert not store.replace("head", b"2", expected=b"0")
    assert store.replace("head", b"2", expected=b"1")
    assert store.read("head") == b"2"


def test_of_many_that_replace_the_same_one_wins(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.write_once("head", b"old")
    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(lambda n: store.replace("head", b"%d" % n, expected=b"old"), range(40)))
    assert sum(moved) == 1
    assert store.read("head") == b"%d" % moved.index(True)


def test_deleting_compares_first(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    assert not store.delete("lock", expected=b"mine")
    store.write_once("lock", b"mine")
    assert not store.delete("lock", expected=b"yours")
    assert store.delete("lock", expected=b"mine")
    with pytest.raises(Missing):
        store.read("lock")


def test_listing_is_sorted_and_skips_what_was_left_unfinished(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for name in ("records/2", "records/10", "records/1"):
        store.write_once(name, b"")
    (tmp_path / "records" / ".tmp-0123").write_bytes(b"half")
    assert store.list("records") == ("records/1", "records/10", "records/2")
    assert store.list("nothing") == ()


def test_no_temporary_file_is_left_behind(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.write_once("a/b", b"1")
    store.write_once("a/b", b"2")
    store.replace("a/b", b"3", expected=b"1")
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b"]


def test_a_folder_that_cannot_be_is_named_with_the_cause(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    store = LocalStore(tmp_path / "state")
    with pytest.raises(SegctlError, match=r"^cannot write `.*head\.json`: (Not a directory|File exists)$"):
        store.replace("head.json", b"1", expected=None)


FULL = """
import resource, sys
from pathlib import Path
from segctl.diagnostics import SegctlError
from segctl.state.local import LocalStore
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
store = LocalStore(Path(sys.argv[1]))
for write in (lambda: store.replace("head", b"x" * 5000, expected=b"old"), lambda: store.write_once("m", b"x" * 5000)):
    try:
        write()
    except SegctlError as error:
        print(error)
"""


def test_when_no_more_can_be_written_the_old_content_stands(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.write_once("head", b"old")
    told = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True)
    assert [line.rpartition(": ")[2] for line in told.stdout.splitlines()] == ["File too large", "File too large"]
    assert store.read("head") == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == [".guard", "head"]
