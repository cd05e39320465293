"""Killed at any operation, an erasure leaves the old chain or the new one, whole; a second run finishes."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest

from segctl.diagnostics import Locked
from segctl.progress import Silent
from segctl.state.examine import Level, examine
from segctl.state.lease import Lease
from segctl.state.local import LocalStore
from segctl.state.names import HEAD
from segctl.state.reach import stored
from segctl.state.store import Store
from segctl.workflow.member_lists import MemberList
from segctl.workflow.members import Asked, members
from tests.apply.forks import forks
from tests.apply.shop import ADULTS, BUYERS, Shop
from tests.forget.bytes import files_with, objects_with
from tests.forget.dying import GONE, Dying, Killed, check, erase, needed, publish
from tests.state.builders import NOON

SERIALS = 3


def test_killed_at_each_operation_of_the_store(store: Store, another: Callable[[], Store]) -> None:
    outcomes: list[bool] = []
    step = 1 if isinstance(store, LocalStore) else 4  # the same operations, by requests: every fourth will do
    for operations in count(0, step):
        if not outcomes or outcomes[-1]:
            _anew(store)
        try:
            erase(store, Dying(another(), operations))
        except Killed:
            outcomes.append(check(store))
        else:
            break
        found = examine(store, NOON * 2, Silent())
        assert not found.damaged
        assert {one.level for one in found.findings} <= {Level.LEFT_OVER}
        if outcomes[-1]:  # the head has moved: the rest is deleted by a second run, which erases nobody
            erase(store)
            _is_finished(store)
    assert check(store)
    _is_finished(store)
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) * step > 40
    assert outcomes.count(True) * step > 5


def _anew(store: Store) -> None:
    """A state with the user, in a store that may hold an older one."""
    for folder in ("records", "populations", "memberships", "traits", "erasures", ""):
        for name in store.sizes(folder):
            if not name.startswith("."):
                store.discard(name)
    for _ in range(SERIALS):
        publish(store)
    assert not check(store)


def _is_finished(store: Store) -> None:
    assert check(store)
    assert set(stored(store)) == needed(store)
    assert objects_with(store, f"'{GONE}'") == []


def test_after_a_kill_before_the_head_moves_the_state_goes_on_and_is_erased_later(store: Store) -> None:
    _anew(store)
    with pytest.raises(Killed):
        erase(store, Dying(store, fatal=HEAD))
    assert any(name.endswith("-1.json") for name in store.list("records"))
    assert publish(store) == SERIALS + 1
    assert not check(store)
    erase(store)
    _is_finished(store)
    assert publish(store) == SERIALS + 2
    assert f"records/{SERIALS + 2:06}-1.json" in store.list("records")


def test_whoever_lost_the_lock_moves_nothing_and_deletes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _anew(store)
    before = set(stored(store))

    def lost(lease: Lease) -> None:
        del lease
        raise Locked("the lock was taken over")

    monkeypatch.setattr(Lease, "confirm", lost)
    with pytest.raises(Locked):
        erase(store)
    monkeypatch.undo()
    assert not check(store)
    assert before <= set(stored(store))


def test_a_process_killed_before_any_file_operation_is_finished_by_the_next(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, {"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": True}})
    shop.users("a,20", "canary77,30", "b,40")
    shop.apply()
    shop.refresh("2026-01-11T00:00:00Z")
    shop.users("a,20", "b,40")
    erased = []
    with forks() as server:
        for operation in count(1, 7):
            root = shop.root.parent / f"{operation:03}"
            shutil.copytree(shop.root, root)
            arguments = ("-C", str(root), "forget", "--user", "canary77", "--auto-approve")
            ended = server.dying(root / ".segctl", operation, *arguments)
            assert server.segctl("-C", str(root), "doctor") == 0
            erased.append("canary77" not in members(root, Asked(("adults",)))[0].ids.to_pylist())
            assert erased[-1] == (not any("canary77" in one.ids.to_pylist() for one in _first(root)))
            assert server.segctl(*arguments) == 0
            assert files_with(root / ".segctl", "canary77") == []
            assert server.segctl("-C", str(root), "doctor") == 0
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
    assert erased == sorted(erased)
    assert set(erased) == {False, True}
    assert len(erased) > 8


def _first(root: Path) -> Sequence[MemberList]:
    """The members at the first serial: all serials are of one chain."""
    return members(root, Asked(("adults",), serial=1))
