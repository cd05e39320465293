"""An erasure where the state lies in an object store, and the index on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.forget.bytes import files_with, objects_with
from tests.s3 import S3
from tests.stores.shops import Shop, as_of

GONE = "user3"


@pytest.fixture
def shop(tmp_path: Path, reach: S3) -> Shop:
    made = Shop(tmp_path, f"s3://{reach.bucket()}/team/state", reach.environ).lay_out()
    assert made.inside("apply", "--auto-approve", "--as-of", as_of(0)).code == 0
    assert made.refresh(60).code == 0
    return made


def test_bucket_and_index_hold_nothing_of_the_user(shop: Shop) -> None:
    store = shop.opened().store
    assert objects_with(store, GONE)
    assert files_with(shop.root / ".segctl", GONE)
    users = shop.root / "data/users.csv"
    users.write_text(users.read_text().replace(f"{GONE},30\n", ""))
    said = shop.inside("forget", "--user", GONE, "--auto-approve", "--format", "json")
    assert said.code == 0, said.err
    assert objects_with(store, GONE) == []
    assert files_with(shop.root / ".segctl", GONE) == []
    assert "keeps versions of objects" in said.err
    assert GONE not in said.out + said.err
    found = json.loads(said.out)
    assert (found["found"], found["absent"]["absent"], found["index_deleted"]) == (1, True, True)
    assert shop.inside("doctor", "--absent", GONE).code == 0
    assert shop.inside("doctor").out.startswith("the state is intact: serial 2, ")
    assert shop.refresh(120).code == 0
    ids = shop.run("members", "adults", "--serial", "1").stdout.split()
    assert ids == ["user2", "user4", "user5", "user6"]
    records = list(shop.opened().records())
    assert [(r.serial, r.snapshots["segment", "adults"].members) for r in records] == [(3, 4), (2, 4), (1, 4)]


def test_another_machine_goes_on_and_cleans_its_own_index(shop: Shop, tmp_path: Path) -> None:
    other = shop.checkout(tmp_path / "other")
    assert other.refresh(180).code == 0
    assert shop.inside("forget", "--user", GONE, "--auto-approve").code == 0
    index = other.root / ".segctl"
    assert files_with(index, GONE)
    assert other.inside("doctor", "--absent", GONE).code == 1
    again = other.inside("forget", "--user", GONE, "--auto-approve")
    assert (again.code, again.out.splitlines()[0]) == (0, "no serial holds the id")
    assert files_with(index, GONE) == []
    assert len(other.opened().erasures()) == 1


def test_the_old_chain_is_gone_from_the_bucket(shop: Shop) -> None:
    assert shop.inside("forget", "--user", GONE, "--auto-approve").code == 0
    state = shop.opened()
    assert [record.serial for record in state.records()] == [2, 1]
    assert list(state.store.list("records")) == ["records/000001-1.json", "records/000002-1.json"]
