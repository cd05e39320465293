"""What every store promises, tried on each kind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from segctl.state.store import Missing, Store


def test_what_is_written_is_read_by_everybody(store: Store, another: Callable[[], Store]) -> None:
    assert store.write_once("records/1", b"one")
    assert another().read("records/1") == b"one"


@pytest.mark.parametrize("data", [b"", b"\x00\xff\r\n", b"x" * 3_000_000])
def test_bytes_are_kept_as_they_are(store: Store, data: bytes) -> None:
    assert store.write_once("memberships/abc", data)
    assert store.read("memberships/abc") == data


def test_a_name_is_created_once(store: Store) -> None:
    assert store.write_once("lock", b"one")
    assert not store.write_once("lock", b"two")
    assert not store.write_once("lock", b"one")
    assert store.read("lock") == b"one"


def test_nothing_is_missing(store: Store) -> None:
    with pytest.raises(Missing):
        store.read("head.json")
    assert not store.delete("head.json", expected=b"")
    assert store.list("records") == ()
    assert store.sizes("records") == {}


def test_replacing_compares_first(store: Store) -> None:
    assert not store.replace("head", b"1", expected=b"0")
    assert store.replace("head", b"1", expected=None)
    assert not store.replace("head", b"2", expected=None)
    assert not store.replace("head", b"2", expected=b"0")
    assert store.replace("head", b"2", expected=b"1")
    assert store.replace("head", b"2", expected=b"2")
    assert store.read("head") == b"2"


def test_deleting_compares_first(store: Store) -> None:
    store.write_once("lock", b"mine")
    assert not store.delete("lock", expected=b"yours")
    assert store.delete("lock", expected=b"mine")
    assert not store.delete("lock", expected=b"mine")
    with pytest.raises(Missing):
        store.read("lock")


def test_of_many_writers_one_creates(store: Store, another: Callable[[], Store]) -> None:
    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(lambda n: another().write_once("lock", b"%d" % n), range(40)))
    assert sum(created) == 1
    assert store.read("lock") == b"%d" % created.index(True)


def test_of_many_that_replace_the_same_one_wins(store: Store, another: Callable[[], Store]) -> None:
    store.write_once("head", b"old")
    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(lambda n: another().replace("head", b"%d" % n, expected=b"old"), range(40)))
    assert sum(moved) == 1
    assert store.read("head") == b"%d" % moved.index(True)


def test_of_many_that_add_up_none_is_lost(store: Store, another: Callable[[], Store]) -> None:
    store.write_once("sum", b"0")

    def add(_: int) -> None:
        mine = another()
        while True:
            found = mine.read("sum")
            if mine.replace("sum", b"%d" % (int(found) + 1), expected=found):
                return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(24)))
    assert store.read("sum") == b"24"


def test_names_are_listed_sorted_without_what_lies_below(store: Store) -> None:
    for name in ("records/2", "records/10", "records/1", "records/deep/3", "recordsandmore/1", "head.json"):
        store.write_once(name, b"12345")
    assert store.list("records") == ("records/1", "records/10", "records/2")
    assert store.sizes("records") == {"records/1": 5, "records/10": 5, "records/2": 5}
    assert store.sizes("")["head.json"] == 5


def test_more_names_than_a_page_of_the_server_holds(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.write_once(f"memberships/{n:04}", b""), range(1_050)))
    assert len(store.list("memberships")) == 1_050


def test_what_nothing_refers_to_is_discarded(store: Store) -> None:
    store.write_once("memberships/abc", b"12345")
    assert store.discard("memberships/abc")
    assert store.list("memberships") == ()
    store.discard("memberships/abc")


def test_a_place_is_told_as_one_would_write_it(store: Store) -> None:
    assert store.where("records/000001.json") == f"{store.where()}/records/000001.json"
