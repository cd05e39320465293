from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode, Locked
from segctl.state.local import LocalStore
from segctl.state.lock import LOCK, Holder, Waiting, held_by, lock
from segctl.state.origin import Origin, here
from tests.state.builders import NOON

NOW = Waiting()


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


@pytest.fixture
def me(tmp_path: Path) -> Origin:
    return here(tmp_path, {"SEGCTL_WHO": "ada"})


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        yield child


def hold(origin: Origin) -> Holder:
    return Holder(origin, "apply", NOON)


def test_the_lock_is_held_inside_and_free_afterwards(store: LocalStore, me: Origin) -> None:
    with lock(store, hold(me), NOW):
        assert held_by(store) == hold(replace(me, commit=None))
    assert held_by(store) is None


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_lock_is_free_after_every_way_out(store: LocalStore, me: Origin, error: type[BaseException]) -> None:
    with pytest.raises(error), lock(store, hold(me), NOW):
        raise error
    assert held_by(store) is None


def test_a_lock_that_is_held_names_its_holder_and_how_to_clear_it(store: LocalStore, me: Origin) -> None:
    with lock(store, hold(me), NOW), pytest.raises(Locked) as caught, lock(store, hold(me), NOW):
        pass
    assert caught.value.exit_code == ExitCode.LOCKED
    assert f"`apply` by ada on {me.host} (process {me.pid}, since 2025-11-24T16:00:00Z)" in str(caught.value)
    assert f"delete `{store.where(LOCK)}`" in caught.value.hint


def test_being_refused_the_lock_does_not_free_it(store: LocalStore, me: Origin) -> None:
    with lock(store, hold(me), NOW):
        with pytest.raises(Locked), lock(store, hold(me), NOW):
            pass
        assert held_by(store) is not None


def test_the_lock_of_a_dead_process_is_broken_at_once_with_a_note(store: LocalStore, me: Origin) -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    leave_behind(store, replace(me, pid=child.pid, started="1"))
    notes: list[str] = []
    with lock(store, hold(me), Waiting(tell=notes.append)):
        assert held_by(store) == hold(replace(me, commit=None))
    assert len(notes) == 1
    assert f"process {child.pid}" in notes[0]
    assert "was broken" in notes[0]


def test_a_process_number_that_is_used_again_is_not_mistaken(
    store: LocalStore, me: Origin, other: subprocess.Popen[bytes]
) -> None:
    leave_behind(store, replace(me, pid=other.pid, started="1"))
    with lock(store, hold(me), NOW):
        pass


def test_the_lock_of_a_living_process_stands(store: LocalStore, me: Origin, other: subprocess.Popen[bytes]) -> None:
    from segctl.state import process

    leave_behind(store, replace(me, pid=other.pid, started=process.started(other.pid)))
    with pytest.raises(Locked), lock(store, hold(me), NOW):
        pass


@pytest.mark.parametrize("elsewhere", [{"host": "another"}, {"realm": "boot pid:[1]"}])
def test_what_cannot_be_known_dead_is_not_broken(store: LocalStore, me: Origin, elsewhere: dict[str, str]) -> None:
    boot = me.realm.split()[0] if me.realm else "boot"
    apart = {key: value.replace("boot", boot) for key, value in elsewhere.items()}
    leave_behind(store, replace(me, pid=1, started="1", **apart))
    with pytest.raises(Locked), lock(store, hold(me), NOW):
        pass


def test_a_lock_from_before_the_machine_was_started_anew_is_broken(store: LocalStore, me: Origin) -> None:
    leave_behind(store, replace(me, realm="an-earlier-boot pid:[4026531836]"))
    with lock(store, hold(me), NOW):
        pass


@pytest.mark.parametrize("torn", [b"", b"{", b"{}", b"[]", b'{"pid": 1}'])
def test_a_damaged_lock_is_named(store: LocalStore, me: Origin, torn: bytes) -> None:
    store.write_once(LOCK, torn)
    with pytest.raises(Locked, match="damaged") as caught, lock(store, hold(me), NOW):
        pass
    assert store.where(LOCK) in caught.value.hint


def test_waiting_gets_the_lock_when_it_is_freed(store: LocalStore, me: Origin) -> None:
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


def test_of_many_that_break_a_dead_lock_each_holds_it_alone(store: LocalStore, me: Origin) -> None:
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


def leave_behind(store: LocalStore, origin: Origin) -> None:
    with lock(store, hold(origin), NOW):
        left = store.read(LOCK)
    store.write_once(LOCK, left)
