"""History, the way back and drift on both stores: the same commands say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from segctl.progress import Silent
from segctl.state.names import FOLDERS
from segctl.state.store import Store
from segctl.workflow.diff import diff
from segctl.workflow.drift import drift
from segctl.workflow.history import history
from segctl.workflow.opened import opened_state
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import rollback
from tests.apply.shop import ADULTS, NOON_US, Shop, run, segment
from tests.s3 import S3


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest) -> str:
    """`state` of the project."""
    if request.param == "folder":
        return ".segctl"
    server: S3 = request.getfixturevalue("reach")
    return f"s3://{server.bucket()}/shop"


def test_there_and_back(tmp_path: Path, place: str) -> None:
    shop = Shop(tmp_path)
    shop.users("a,10", "b,20", "c,30", "d,40", "e,50", "f,60")
    shop.events("a,purchase,2")
    band = {"drift": {"band": "10%"}}
    shop.define({**ADULTS, **band}, state=place)
    shop.apply()
    shop.define({**segment("adults", {"attribute": "age", "at_least": 40}), **band}, state=place)
    shop.apply()
    done = rollback(shop.root, 1, Request(NOON_US), run(), review=Unasked(), progress=Silent())
    assert (done.outcome.serial, done.ahead) == (3, 1)
    assert [shop.members("adults", serial) for serial in (1, 2, 3)] == ["bcdef", "def", "bcdef"]
    assert shop.moved("adults") == ("bc", "")
    assert [entry.entered - entry.exited for entry in history(shop.root).entries] == [2, -2, 5]
    assert [change.key[1] for change in diff(shop.root, 2, 3).changes] == ["adults"]
    _drifts(shop)


def _drifts(shop: Shop) -> None:
    request = Request(NOON_US, "2026-01-20")
    assert not drift(shop.root, request, Silent()).found
    store = opened_state(shop.root)[1].store
    before = _objects(store)
    shop.users("b,20", "c,30", "d,40", "e,50")
    seen = drift(shop.root, request, Silent())
    assert seen.moving is not None
    assert [moved.members.exited for moved in seen.moving.anomalies] == [1]
    assert _objects(store) == before
    (name, *_) = store.list("memberships")
    assert store.discard(name)
    assert [finding.name for finding in drift(shop.root, request, Silent()).tampered] == [name]


def _objects(store: Store) -> dict[str, bytes]:
    return {name: store.read(name) for folder in ("", *FOLDERS) for name in store.sizes(folder)}
