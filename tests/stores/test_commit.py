"""Two that believe they hold the lock: whoever lost it can neither commit nor harm what the other one wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from segctl.apply.execute import execute
from segctl.apply.steps import MoveHead
from segctl.diagnostics import Locked, Stale
from segctl.progress import Silent
from segctl.state.holder import Holder
from segctl.state.lease import Term
from segctl.state.lock import Waiting, lock
from segctl.state.record import Head, Record
from segctl.state.state import State
from segctl.state.store import Store
from tests.state.builders import NOON, ORIGIN, record


def publish(state: State, made: Record, confirm: Callable[[], None] = lambda: None) -> None:
    before = state.head()
    digest = state.put_record(made, confirm)
    state.move_head(before, Head("line", made.serial, digest, before.fence if before else 0))


def refreshed(state: State) -> Record:
    """The second record, made by a refresh."""
    head = state.head()
    return replace(record(2), operation="refresh", previous=head.record if head else None)


@pytest.fixture
def state(store: Store) -> State:
    made = State(store)
    made.mint("line")
    publish(made, record(1))
    return made


def lost() -> None:
    raise Locked("the lock was taken over")


def test_a_record_of_the_new_holder_is_not_replaced_by_the_old_one(state: State) -> None:
    publish(state, refreshed(state))
    with pytest.raises(Locked):
        state.put_record(record(2), lost)
    assert [one.operation for one in state.records()] == ["refresh", "apply"]


def test_a_record_that_a_killed_command_left_is_replaced(state: State) -> None:
    state.put_record(record(2))
    publish(state, refreshed(state))
    assert [one.operation for one in state.records()] == ["refresh", "apply"]


def test_whoever_read_the_head_before_the_fence_cannot_move_it(state: State) -> None:
    before = state.head()
    digest = state.put_record(record(2))
    state.fence()
    with pytest.raises(Stale, match="this one changed nothing"):
        state.move_head(before, Head("line", 2, digest))
    assert [one.serial for one in state.records()] == [1]


def test_a_lock_that_is_taken_over_fences_the_head_off(state: State, another: Callable[[], Store]) -> None:
    before = state.head()
    assert before is not None
    gone = Holder(ORIGIN, "apply", NOON)  # of another machine, and stands still
    with (
        lock(state.store, gone, Waiting(term=Term(0.4, 3600))) as lease,
        lock(another(), Holder(ORIGIN, "refresh", NOON), Waiting(20), State(another()).fence),
    ):
        with pytest.raises(Locked):
            lease.confirm()
        with pytest.raises(Stale):
            state.move_head(before, Head("line", 2, "a" * 64, before.fence))
    head = state.head()
    assert head is not None
    assert (head.serial, head.fence) == (1, before.fence + 1)


def test_whoever_lost_the_lock_is_told_so_and_does_not_try_the_head(state: State, another: Callable[[], Store]) -> None:
    before = state.head()
    assert before is not None
    with (
        lock(state.store, Holder(ORIGIN, "apply", NOON), Waiting(term=Term(0.4, 3600))) as lease,
        lock(another(), Holder(ORIGIN, "refresh", NOON), Waiting(20), lambda: None),  # the lease alone, no fence
        pytest.raises(Locked, match="another process took over the lock"),
    ):
        execute([MoveHead(before, Head("line", 2, "a" * 64, before.fence))], state, lease, Silent())
    assert state.head() == before


def test_a_new_state_is_named_once(store: Store) -> None:
    state = State(store)
    assert state.mint("line") == Head("line", 0, "")
    assert state.mint("other") == Head("line", 0, "")
