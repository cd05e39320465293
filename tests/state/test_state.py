from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.diagnostics import ExitCode, SegctlError, Stale
from segctl.state import membership as memberships
from segctl.state import people, written
from segctl.state.local import LocalStore
from segctl.state.membership import Membership
from segctl.state.names import HEAD, membership_name, population_name, record_name
from segctl.state.record import Definition, Head, Record
from segctl.state.state import State
from segctl.state.written import Unreadable
from tests.state.builders import membership, population, record, snapshot

VIP = ("segment", "vip")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(LocalStore(tmp_path))


def commit(state: State, made: Record) -> None:
    state.move_head(state.head(), Head(made.lineage, made.serial, state.put_record(made)))


def chain(state: State, length: int) -> list[Record]:
    made: list[Record] = []
    for serial in range(1, length + 1):
        head = state.head()
        made.append(record(serial, previous=head.record if head else None))
        commit(state, made[-1])
    return made


def test_a_record_survives_being_written() -> None:
    data = {"kind": "segment", "name": "vip", "where": [{"attribute": "score", "at_least": Decimal("0.10")}]}
    made = record(
        definitions={VIP: Definition(data, "own", "deep", "meta", protect=True)},
        snapshots={VIP: snapshot(members=3, entered=2), ("campaign", "win"): snapshot(membership="n")},
        changes=[VIP],
    )
    data_bytes, digest = written.write_record(made)
    assert written.read_record(data_bytes) == (made, digest)


def test_before_the_first_apply_there_is_nothing(state: State) -> None:
    assert state.head() is None
    assert state.current() is None
    assert list(state.records()) == []
    with pytest.raises(SegctlError, match="no serial 1: nothing has been applied yet"):
        state.record(1)


def test_the_head_says_which_record_holds(state: State) -> None:
    made = chain(state, 3)
    assert state.current() == made[2]
    assert state.record(2) == made[1]
    assert list(state.records()) == made[::-1]
    with pytest.raises(SegctlError, match="no serial 4: the serials are 1 to 3"):
        state.record(4)


def test_a_head_that_has_moved_is_not_moved_again(state: State) -> None:
    before = state.head()
    commit(state, record(1))
    with pytest.raises(Stale) as caught:
        state.move_head(before, Head("line", 1, "other"))
    assert caught.value.exit_code == ExitCode.STALE
    assert state.current() == record(1)


def test_a_record_left_by_a_killed_apply_is_replaced(state: State) -> None:
    state.mint("line")
    state.put_record(record(1, changes=[VIP]))
    assert state.current() is None
    commit(state, record(1))
    assert state.current() == record(1)


def test_a_head_that_is_missing_beside_one_record_is_lost(state: State, tmp_path: Path) -> None:
    """No command writes a record before there is a head: to begin anew would let everybody enter once more."""
    chain(state, 1)
    (tmp_path / HEAD).unlink()
    with pytest.raises(Stale, match=r"head\.json`: it is missing, though there are records"):
        state.current()


@given(st.lists(st.booleans(), max_size=70), st.data())
def test_a_membership_survives_being_written(members: list[bool], data: st.DataObject) -> None:
    bits = np.array(members, dtype=np.bool_)
    plain = Membership("p" * 32, bits)
    numbers = np.array([data.draw(st.integers(0, 300)) if m else -1 for m in members], dtype=np.int16)
    for made in (plain, Membership("p" * 32, bits, numbers)):
        packed = memberships.pack(made)
        assert packed.members == made.members
        back = memberships.unpack(packed.data, packed.digest)
        assert back.population == made.population
        assert back.bits.tolist() == members
        assert back.members == sum(members)
        assert (back.variants is None) == (made.variants is None)
        assert back.variants is None or back.variants.tolist() == numbers.tolist()


def test_equal_memberships_are_stored_once(state: State) -> None:
    people_ = population("abc")
    for members in ("ac", "ca", "b"):
        state.put_membership(memberships.pack(membership(people_, members)))
    assert len(state.store.list("memberships")) == 2


def test_a_population_survives_being_written(state: State) -> None:
    for ids in ([], ["1"], ["é", "", "10", "a b"]):
        made = population(ids)
        state.put_population(made)
        assert state.population(made.digest).ids.to_pylist() == made.ids.to_pylist()


@given(st.data())
def test_no_changed_byte_of_a_membership_goes_unnoticed(data: st.DataObject) -> None:
    made = membership(population("abcdefgh"), "aceg")
    packed = memberships.pack(made)
    torn = bytearray(packed.data)
    torn[data.draw(st.integers(0, len(torn) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        back = memberships.unpack(bytes(torn), packed.digest)
    except Unreadable:
        return
    assert memberships.content(back) == memberships.content(made)


@given(st.data())
def test_no_changed_byte_of_a_record_goes_unnoticed(data: st.DataObject) -> None:
    stored, digest = written.write_record(record(3))
    torn = bytearray(stored)
    torn[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = written.read_record(bytes(torn))
    except (Unreadable, SegctlError):
        return
    assert found == (record(3), digest)


@pytest.mark.parametrize("cut", [0, 1, 30, 200])
def test_a_torn_population_is_noticed(cut: int) -> None:
    made = population("abcdefgh")
    with pytest.raises(Unreadable):
        people.read(people.write(made)[:cut], made.digest)


def test_a_damaged_file_is_named_with_what_to_do(state: State, tmp_path: Path) -> None:
    made = population("abc")
    state.put_population(made)
    packed = memberships.pack(membership(made, "a"))
    state.put_membership(packed)
    digest = packed.digest
    chain(state, 2)
    for name in (population_name(made.digest), membership_name(digest), record_name(1), record_name(2), HEAD):
        (tmp_path / name).write_bytes(b"nonsense")
    for read, name in (
        (lambda: state.population(made.digest), population_name(made.digest)),
        (lambda: state.membership(digest), membership_name(digest)),
        (state.head, HEAD),
    ):
        with pytest.raises(Stale, match=f"the state is damaged: `.*{name}`: ") as caught:
            read()
        assert "`segctl doctor` says" in caught.value.hint


def test_a_missing_file_is_named(state: State, tmp_path: Path) -> None:
    chain(state, 2)
    (tmp_path / record_name(2)).unlink()
    with pytest.raises(Stale, match=r"records/000002\.json`: it is missing"):
        state.current()
    (tmp_path / HEAD).unlink()
    (tmp_path / record_name(2)).write_bytes(b"")
    with pytest.raises(Stale, match=r"head\.json`: it is missing, though there are records"):
        state.head()


def test_a_record_of_another_state_in_its_place_is_noticed(state: State, tmp_path: Path) -> None:
    chain(state, 3)
    (tmp_path / record_name(2)).write_bytes(written.write_record(record(2, changes=[VIP]))[0])
    with pytest.raises(Stale, match=r"000002\.json`: it is not the record that was applied"):
        list(state.records())


def test_a_damaged_membership_is_mended_when_it_is_made_again(state: State, tmp_path: Path) -> None:
    packed = memberships.pack(membership(population("abc"), "a"))
    state.put_membership(packed)
    (tmp_path / membership_name(packed.digest)).write_bytes(b"nonsense")
    state.put_membership(packed)
    assert state.membership(packed.digest).members == 1


def test_a_state_of_a_newer_segctl_is_named(state: State) -> None:
    state.store.write_once(HEAD, b'{"format_version":3,"lineage":"l","record":"r","serial":1}')
    with pytest.raises(SegctlError, match=r"newer segctl \(format 3, known here: 2\)"):
        state.head()
