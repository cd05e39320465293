"""A head that is lost or damaged is made anew from the records, where these say which one holds; on both stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from segctl.diagnostics import ExitCode, Stale
from segctl.state.erasures import Erasure
from segctl.state.names import HEAD, record_name
from segctl.state.rebuild import Ambiguous, Rebuilt, rebuild_head
from segctl.state.record import Author, Head
from segctl.state.state import Damage, State
from segctl.state.store import Store
from segctl.state.written import write_record
from tests.state.builders import NOON, record

FENCE = 1_000_000
AUTHOR = Author("ada", "engine", "abc")
Damaging = Callable[[Store], None]


def overwrite(store: Store, name: str, data: bytes) -> None:
    assert store.replace(name, data, expected=store.read(name))


def torn(store: Store) -> None:
    overwrite(store, HEAD, store.read(HEAD)[:20])


def altered(store: Store) -> None:
    overwrite(store, HEAD, store.read(HEAD).replace(b'"serial":3', b'"serial":2'))


def lost(store: Store) -> None:
    assert store.delete(HEAD, expected=store.read(HEAD))


def rebuilt(store: Store) -> Rebuilt | None:
    return rebuild_head(store, FENCE, lambda: None)


@pytest.fixture
def state(store: Store) -> State:
    """Three serials."""
    state = State(store)
    head = state.mint("line")
    for serial in (1, 2, 3):
        digest = state.put_record(record(serial, previous=head.record or None))
        after = Head("line", serial, digest)
        state.move_head(head, after)
        head = after
    return state


@pytest.mark.parametrize("damaging", [torn, altered, lost])
def test_the_newest_record_holds_again(state: State, damaging: Damaging) -> None:
    before = state.head()
    assert before is not None
    damaging(state.store)
    with pytest.raises(Damage):
        state.head()
    found = rebuilt(state.store)
    assert found is not None
    assert found.record.serial == 3
    assert state.head() == found.head == replace(before, fence=FENCE)
    assert [one.serial for one in state.records()] == [3, 2, 1]


def test_a_head_that_can_be_read_is_left_alone(state: State) -> None:
    before = state.store.read(HEAD)
    assert rebuilt(state.store) is None
    assert state.store.read(HEAD) == before


def test_a_former_holder_of_the_lock_cannot_commit_over_the_new_head(state: State) -> None:
    """Who read the head before it was lost, and still runs."""
    before = state.head()
    lost(state.store)
    rebuilt(state.store)
    with pytest.raises(Stale):
        state.move_head(before, Head("line", 4, "f" * 64))


def test_the_lock_is_confirmed_before_the_head_is_written(state: State) -> None:
    lost(state.store)

    def gone() -> None:
        raise Ambiguous("the lock is lost", "")

    with pytest.raises(Ambiguous):
        rebuild_head(state.store, FENCE, gone)
    assert HEAD not in state.store.sizes("")


def test_serials_that_gc_has_collected_are_not_kept(state: State) -> None:
    assert state.store.discard(record_name(1))
    lost(state.store)
    found = rebuilt(state.store)
    assert found is not None
    assert found.head.kept == 2
    assert [one.serial for one in state.records()] == [3, 2]


def _damaged_newest(state: State) -> None:
    overwrite(state.store, record_name(3), b"{")


def _other_lineage(state: State) -> None:
    data, _ = write_record(replace(record(1), lineage="lime"))
    overwrite(state.store, record_name(1), data)


def _other_history(state: State) -> None:
    data, _ = write_record(record(3, previous="0" * 64))
    overwrite(state.store, record_name(3), data)


def _no_records(state: State) -> None:
    for serial in (1, 2, 3):
        state.store.discard(record_name(serial))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (_damaged_newest, "the newest record, `records/000003.json`, is damaged"),
        (_other_lineage, "the records are of 2 states"),
        (_other_history, "`records/000003.json` does not follow from `records/000002.json`"),
        (_no_records, "there is no record in"),
    ],
)
def test_it_is_refused_where_the_records_do_not_say_which_one_holds(
    state: State, what: Callable[[State], None], why: str
) -> None:
    torn(state.store)
    what(state)
    before = state.store.read(HEAD)
    with pytest.raises(Ambiguous) as refused:
        rebuilt(state.store)
    assert why in str(refused.value)
    assert refused.value.hint.startswith("restore head.json from a backup")
    assert refused.value.exit_code == ExitCode.STALE
    assert state.store.read(HEAD) == before


def erased(state: State, listed: int) -> Head:
    """The same three serials in the chain of a first erasure, with so many erasures in its list."""
    before = state.head()
    assert before is not None
    digest = ""
    for serial in (1, 2, 3):
        data, digest = write_record(record(serial, previous=digest or None))
        assert state.store.write_once(record_name(serial, 1), data)
    tombstones = state.put_erasures([Erasure(NOON + n, AUTHOR, 1, 3) for n in range(listed)])
    head = Head("line", 3, digest, before.fence, 1, 1, tombstones)
    state.move_head(before, head)
    return head


def test_a_chain_of_records_that_an_erasure_has_rewritten_holds_again(state: State) -> None:
    head = erased(state, 1)
    for serial in (1, 2, 3):
        assert state.store.discard(record_name(serial))
    lost(state.store)
    found = rebuilt(state.store)
    assert found is not None
    assert found.head == replace(head, fence=FENCE)
    assert len(state.erasures()) == 1


@pytest.mark.parametrize(("listed", "collected"), [(1, False), (2, True)])
def test_an_erasure_that_is_not_surely_done_is_not_guessed(state: State, *, listed: int, collected: bool) -> None:
    """Records of two chains, or no list of as many erasures."""
    erased(state, listed)
    for serial in (1, 2, 3) if collected else ():
        assert state.store.discard(record_name(serial))
    lost(state.store)
    with pytest.raises(Ambiguous):
        rebuilt(state.store)
    assert HEAD not in state.store.sizes("")
