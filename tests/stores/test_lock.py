from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode, Locked, Usage
from segctl.state.holder import LOCK, Damaged, Held, Holder, encode, look, seen
from segctl.state.lease import Term, term_of
from segctl.state.local import LocalStore
from segctl.state.lock import Waiting, break_lock, lock
from segctl.state.origin import Origin, here
from segctl.state.store import Store
from tests.held import held_by
from tests.patience import PATIENCE_S, until
from tests.state.builders import NOON

NOW = Waiting()


@pytest.fixture
def me(tmp_path: Path) -> Origin:
    return here(tmp_path, {"SEGCTL_WHO": "ada"})


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        yield child


def hold(origin: Origin) -> Holder:
    return Holder(origin, "apply", NOON)


def test_the_lock_is_held_inside_and_free_afterwards(store: Store, me: Origin) -> None:
    with lock(store, hold(me), NOW):
        assert held_by(store) == hold(me)
    assert held_by(store) is None


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_lock_is_free_after_every_way_out(store: Store, me: Origin, error: type[BaseException]) -> None:
    with pytest.raises(error), lock(store, hold(me), NOW):
        raise error
    assert held_by(store) is None


def test_a_lock_that_is_held_names_its_holder_and_how_to_clear_it(store: Store, me: Origin) -> None:
    with lock(store, hold(me), NOW), pytest.raises(Locked) as caught, lock(store, hold(me), NOW):
        pass
    assert caught.value.exit_code == ExitCode.LOCKED
    assert f"`apply` by ada on {me.host} (process {me.pid}, since 2025-11-24T16:00:00Z)" in str(caught.value)
    assert "`segctl unlock`" in caught.value.hint
    assert "`--lock-timeout`" in caught.value.hint


def test_being_refused_the_lock_does_not_free_it(store: Store, me: Origin) -> None:
    with lock(store, hold(me), NOW):
        with pytest.raises(Locked), lock(store, hold(me), NOW):
            pass
        assert held_by(store) is not None


def test_the_lock_of_a_dead_process_is_broken_at_once_with_a_note(store: Store, me: Origin) -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    leave_behind(store, replace(me, pid=child.pid, started="1"))
    notes: list[str] = []
    with lock(store, hold(me), Waiting(tell=notes.append)):
        assert held_by(store) == hold(me)
    assert len(notes) == 1
    assert f"process {child.pid}" in notes[0]
    assert "was broken" in notes[0]


def test_a_process_number_that_is_used_again_is_not_mistaken(
    store: Store, me: Origin, other: subprocess.Popen[bytes]
) -> None:
    leave_behind(store, replace(me, pid=other.pid, started="1"))
    with lock(store, hold(me), NOW):
        pass


def test_the_lock_of_a_living_process_stands(store: Store, me: Origin, other: subprocess.Popen[bytes]) -> None:
    from segctl.state import process

    leave_behind(store, replace(me, pid=other.pid, started=process.started(other.pid)))
    with pytest.raises(Locked), lock(store, hold(me), NOW):
        pass


@pytest.mark.parametrize("other_place", [{"host": "another"}, {"realm": "boot pid:[1]"}])
def test_what_cannot_be_known_dead_is_not_broken(store: Store, me: Origin, other_place: dict[str, str]) -> None:
    boot = me.realm.split()[0] if me.realm else "boot"
    apart = {key: value.replace("boot", boot) for key, value in other_place.items()}
    leave_behind(store, replace(me, pid=1, started="1", **apart))
    with pytest.raises(Locked), lock(store, hold(me), NOW):
        pass


def test_a_lock_from_before_the_machine_was_started_anew_is_broken(store: Store, me: Origin) -> None:
    leave_behind(store, replace(me, realm="an-earlier-boot pid:[4026531836]"))
    with lock(store, hold(me), NOW):
        pass


@pytest.mark.parametrize("torn", [b"", b"{", b"{}", b"[]", b'{"pid": 1}'])
def test_a_damaged_lock_is_named(store: Store, me: Origin, torn: bytes) -> None:
    store.write_once(LOCK, torn)
    with pytest.raises(Locked, match="damaged") as caught, lock(store, hold(me), NOW):
        pass
    assert store.where(LOCK) in str(caught.value)
    assert "`segctl unlock` removes it" in caught.value.hint
    found = seen(store)
    assert isinstance(found, Damaged)
    assert break_lock(store, found, hold(me), lambda: None)
    assert held_by(store) is None


def test_waiting_gets_the_lock_when_it_is_freed(store: Store, me: Origin) -> None:
    notes: list[str] = []
    held = threading.Event()
    done = threading.Event()

    def first() -> None:
        with lock(store, hold(me), NOW):
            held.set()
            done.wait(0.3)

    thread = threading.Thread(target=first)
    thread.start()
    held.wait()
    with lock(store, hold(me), Waiting(seconds=20, tell=notes.append)):
        pass
    thread.join()
    assert [note.partition(":")[0] for note in notes] == ["waiting for the lock"]


def test_of_many_that_break_a_dead_lock_each_holds_it_alone(store: Store, me: Origin) -> None:
    leave_behind(store, replace(me, realm="an-earlier-boot pid:[1]"))
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(10):
            with lock(store, hold(me), Waiting(seconds=30)):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 40
    assert set(most) == {1}


def leave_behind(store: Store, origin: Origin, term_s: float = 60) -> None:
    """A lock whose holder has gone away without a word."""
    assert store.write_once(LOCK, encode(hold(origin), "0123456789abcdef", NOON, 1, term_s))


def elsewhere(me: Origin) -> Origin:
    return replace(me, host="another", run="https://ci/runs/7")


def test_the_run_is_told_too(store: Store, me: Origin) -> None:
    leave_behind(store, elsewhere(me))
    with (
        pytest.raises(Locked, match=r"by ada on another \(process .*Z, https://ci/runs/7\)"),
        lock(store, hold(me), NOW),
    ):
        pass


def test_a_held_lock_is_refreshed(store: Store, me: Origin) -> None:
    with lock(store, hold(me), Waiting(term=Term(5, 0.05))):
        seen: set[bytes] = set()

        def has_changed_twice() -> bool:
            seen.add(store.read(LOCK))
            return len(seen) == 3

        until(has_changed_twice, "a lock that is refreshed")
        found = look(store)
        assert isinstance(found, Held)
        assert found.holder == hold(me)
    assert held_by(store) is None


def test_a_refreshed_lock_is_not_taken_however_long_one_watches(store: Store, me: Origin) -> None:
    with (
        lock(store, hold(me), Waiting(term=Term(3.0, 0.05))),
        pytest.raises(Locked),
        lock(store, hold(me), Waiting(seconds=5.0)),  # longer than the term
    ):
        pass


def test_a_lock_that_nobody_refreshes_is_taken_over_after_its_term(store: Store, me: Origin) -> None:
    leave_behind(store, elsewhere(me), term_s=0.6)
    notes: list[str] = []
    fenced: list[str] = []
    began = time.monotonic()
    with lock(store, hold(me), Waiting(PATIENCE_S, notes.append), lambda: fenced.append("once")):
        assert time.monotonic() - began >= 0.6
        assert fenced == ["once"]
        assert held_by(store) == hold(me)
    assert [note.partition(":")[0] for note in notes] == ["waiting for the lock", notes[1].partition(":")[0]]
    assert notes[1].endswith("was broken: it was not refreshed for 0.6 s")


def test_a_lock_is_not_taken_over_by_one_who_waits_less_than_its_term(store: Store, me: Origin) -> None:
    leave_behind(store, elsewhere(me), term_s=PATIENCE_S)
    with pytest.raises(Locked), lock(store, hold(me), Waiting(0.3)):
        pass
    assert held_by(store) == hold(elsewhere(me))


@pytest.mark.parametrize("hour_us", [-3_600_000_000, 3_600_000_000])
def test_what_the_clocks_say_decides_nothing(store: Store, me: Origin, hour_us: int) -> None:
    shifted = replace(hold(elsewhere(me)), since_us=NOON + hour_us)
    assert store.write_once(LOCK, encode(shifted, "0123456789abcdef", NOON + hour_us, 1, 60))
    with pytest.raises(Locked), lock(store, hold(me), Waiting(0.3)):
        pass


def test_a_lock_that_is_free_is_taken_without_a_fence(store: Store, me: Origin) -> None:
    fenced: list[str] = []
    for _ in range(2):
        with lock(store, hold(me), NOW, lambda: fenced.append("needlessly")):
            pass
    assert fenced == []


def test_after_an_interrupt_the_next_holder_fences_where_a_write_may_be_on_its_way(store: Store, me: Origin) -> None:
    fenced: list[str] = []
    with pytest.raises(KeyboardInterrupt), lock(store, hold(me), NOW):
        raise KeyboardInterrupt
    for _ in range(2):
        with lock(store, hold(me), NOW, lambda: fenced.append("once")):
            pass
    assert fenced == ([] if store.atomic_delete else ["once"])


def test_one_who_is_stopped_before_the_fence_leaves_it_to_the_next(store: Store, me: Origin) -> None:
    leave_behind(store, replace(me, realm="an-earlier-boot pid:[1]"))

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), lock(store, hold(me), NOW, stop):
        pass
    fenced: list[str] = []
    with lock(store, hold(me), NOW, lambda: fenced.append("once")):
        pass
    assert fenced == ["once"]


def test_a_holder_whose_lock_was_broken_may_not_commit(store: Store, me: Origin) -> None:
    fenced: list[str] = []
    with lock(store, hold(me), NOW) as lease:
        found = look(store)
        assert isinstance(found, Held)
        assert break_lock(store, found, hold(me), lambda: fenced.append("once"))
        assert fenced == ["once"]
        with pytest.raises(Locked, match="took over"):
            lease.confirm()
        with lock(store, hold(me), NOW):
            pass
    assert held_by(store) is None


def test_only_the_lock_that_was_shown_is_broken(store: Store, me: Origin) -> None:
    with lock(store, hold(me), NOW):
        shown = look(store)
    assert isinstance(shown, Held)
    assert not break_lock(store, shown, hold(me), lambda: None)
    with lock(store, hold(me), NOW):
        assert not break_lock(store, shown, hold(me), lambda: None)
        assert held_by(store) == hold(me)


@pytest.mark.parametrize("written", ["0", "-1", "4000", "soon", "nan"])
def test_a_term_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(Usage, match="SEGCTL_LOCK_TERM"):
        term_of({"SEGCTL_LOCK_TERM": written})


def test_the_term_is_set_by_the_environment() -> None:
    assert term_of({}) == Term(60, 10)
    assert term_of({"SEGCTL_LOCK_TERM": "30"}) == Term(30, 5)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_at_any_instant_leaves_no_lock(tmp_path: Path, me: Origin) -> None:
    """While it is taken, held, and given back; the process may end right behind it."""
    store = LocalStore(tmp_path / "state")
    chance = random.Random(5)  # noqa: S311 any instants will do
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    stopped = 0
    try:
        for _ in range(300):
            stopped += _is_stopped(store, hold(me), chance.uniform(0.0001, 0.004))
            assert held_by(store) is None
    finally:
        signal.signal(signal.SIGALRM, before)
    assert stopped > 30


def _is_stopped(store: Store, holder: Holder, after_s: float) -> bool:
    """Take the lock and give it back; whether a signal came meanwhile."""
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, after_s)
            with lock(store, holder, NOW):
                pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        return True
    return False
