from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from segctl.model.state_place import ObjectPlace
from segctl.state.local import LocalStore
from segctl.state.objects import ObjectStore
from segctl.state.requests import Patience
from segctl.state.store import Store
from tests.s3 import S3, s3_server

SHORT = Patience(answer_s=1.0, total_s=3.0, first_pause_s=0.02, longest_pause_s=0.2)
"""Long enough for a server on loopback."""


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    with s3_server() as server:
        yield server


@pytest.fixture
def reach(s3: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """The server, with this process's environment set so that it is found."""
    for key, value in s3.environ.items():
        monkeypatch.setenv(key, value)
    return s3


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each kind."""
    if request.param == "folder":
        return LocalStore(tmp_path / "state")
    server: S3 = request.getfixturevalue("reach")
    return ObjectStore(ObjectPlace("s3", server.bucket(), "team/state"), server.environ, SHORT)


@pytest.fixture
def another(store: Store) -> Callable[[], Store]:
    """The same store as another process would open it."""
    if isinstance(store, ObjectStore):
        return lambda: ObjectStore(store.place, store.environ, store.patience)
    assert isinstance(store, LocalStore)
    return lambda: LocalStore(store.root)
