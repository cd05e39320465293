"""The last serials stay with all that they refer to; the rest goes, and is said to be gone."""

from __future__ import annotations

import fcntl
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from segctl.diagnostics import ExitCode, Locked, SegctlError, Stale
from segctl.progress import Silent
from segctl.state.local import LocalStore
from segctl.state.names import membership_name, record_name
from segctl.state.reach import referred, strays
from segctl.state.state import State
from segctl.workflow.gc import Wanted, gc
from tests.apply.conftest import Command
from tests.apply.forks import Forks, forks
from tests.apply.shop import ADULTS, BUYERS, NOON, NOON_US, Shop, run, segment

LAST = 6
ALLOWED = ("--allow", "max_exit", "--reason", "they come back")


@pytest.fixture
def state(shop: Shop) -> State:
    """Six serials: `older` from the age of 10, 20, ... 60 on."""
    for serial in range(1, LAST + 1):
        shop.define(segment("older", {"attribute": "age", "at_least": 10 * serial}), BUYERS)
        shop.apply(NOON, "max_exit")
    return State(LocalStore(shop.root / ".segctl"))


def files(shop: Shop) -> set[str]:
    """Everything of the state; not the index, nor what keeps two processes apart."""
    root = shop.root / ".segctl"
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith("index/")} - {".guard"}


def test_the_last_serials_stay_with_all_that_they_refer_to(shop: Shop, state: State, segctl: Command) -> None:
    said = segctl("gc", "--keep", "2")
    assert said.code == 0
    assert said.out.startswith("deleted 4 memberships, ")
    assert "\ndeleted 4 records, " in said.out
    assert "\nkept serials 5 to 6: 6 objects, " in said.out
    assert [record.serial for record in state.records()] == [6, 5]
    assert files(shop) == {"head.json"}.union(*(referred(record) for record in state.records()))
    assert (shop.members("older", 5), shop.members("older")) == ("ef", "f")


def test_what_is_referred_to_is_what_the_record_says_by_any_of_its_parts(shop: Shop, segctl: Command) -> None:
    orders = {"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": True}}
    shop.define(ADULTS, orders, segment("gone", {"everyone": True}))
    shop.apply()
    shop.users("a,20", "e,50")
    shop.define(segment("adults", {"attribute": "age", "at_least": 21}), orders)
    shop.apply(NOON)
    assert segctl("gc", "--keep", "1").code == 0
    record = json.loads((shop.root / ".segctl/records/000002.json").read_text())["record"]
    snapshots = record["snapshots"].values()
    assert len({record["population"], record["traits"]["population"]}) == 2, "the table is over the users of before"
    assert files(shop) == {
        "head.json", "records/000002.json", f"traits/{record['traits']['table']}.parquet",
        *(f"populations/{one['population']}" for one in (record, record["traits"], *snapshots)),
        *(f"memberships/{one['membership']}" for one in snapshots),
    }  # fmt: skip


def test_data_go_first_then_records_from_the_oldest_on() -> None:
    names = ["records/000002.json", "populations/" + "0" * 32, "records/000001.json", "traits/" + "0" * 64 + ".parquet"]
    going = [stray.name for stray in strays(dict.fromkeys(names, 1), ())]
    assert going[2:] == ["records/000001.json", "records/000002.json"]


def test_what_is_gone_is_said_to_be_gone_not_to_be_damaged(shop: Shop, state: State, segctl: Command) -> None:
    del state
    assert segctl("gc", "--keep", "2").code == 0
    assert "kept from serial 5 on" in segctl("history").out
    assert json.loads(segctl("history", "--format", "json").out)["kept_from"] == 5
    said = segctl("members", "older", "--serial", "4")
    assert (said.code, said.out) == (ExitCode.FAILED, "")
    assert said.err == "error: serial 4 is not kept any more: `segctl gc` kept those from 5 on, to 6\n"
    assert segctl("doctor").out.startswith("the state is intact: serial 6")
    shop.define(ADULTS)
    shop.apply(NOON, "max_exit")
    assert [record.serial for record in shop.records()] == [7, 6, 5]


def test_twenty_are_kept_unless_somebody_says_otherwise_and_nothing_comes_back(state: State, segctl: Command) -> None:
    assert segctl("gc").out.startswith("nothing to collect\nkept serials 1 to 6: ")
    segctl("gc", "--keep", "1")
    assert segctl("gc", "--keep", "5").out.startswith("nothing to collect\nkept serial 6: ")
    assert [record.serial for record in state.records()] == [6]
    assert segctl("gc", "--keep", "0").code == ExitCode.USAGE


def test_a_dry_run_says_the_same_and_deletes_nothing(shop: Shop, state: State, segctl: Command) -> None:
    del state
    before = files(shop)
    would = json.loads(segctl("gc", "--keep", "2", "--dry-run", "--format", "json").out)
    assert files(shop) == before
    done = json.loads(segctl("gc", "--keep", "2", "--format", "json").out)
    assert {**would, "dry_run": False} == done
    assert done["deleted"]["records"]["objects"] == 4
    assert (done["first"], done["last"], done["kept"]["objects"]) == (5, 6, 6)


def test_what_killed_commands_left_goes_and_what_is_not_ours_stays(shop: Shop, state: State, segctl: Command) -> None:
    root = shop.root / ".segctl"
    needed = files(shop)
    left = ["memberships/" + "0" * 64, "records/000007.json", ".tmp-1", "records/.tmp-2", "populations/.tmp-3"]
    for name in [*left, "records/README", "deliveries.json"]:
        (root / name).write_text("left")
    assert segctl("gc").out.startswith("deleted 1 membership, 4 B\ndeleted 1 record, 4 B\ndeleted 3 unfinished files, ")
    assert files(shop) == {*needed, "records/README", "deliveries.json"}
    assert len(list(state.records())) == LAST


def test_a_file_that_somebody_is_writing_stays(shop: Shop, state: State) -> None:
    path = shop.root / ".segctl/.tmp-1"
    path.write_text("at work")
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        assert not state.store.discard(".tmp-1")
        assert path.exists()
    assert state.store.discard(".tmp-1")
    assert not state.store.discard(".tmp-1")
    assert not path.exists()


def test_where_nothing_is_applied_nothing_is_made(shop: Shop, segctl: Command) -> None:
    shop.define(ADULTS)
    assert segctl("gc").out == "nothing to collect\nnothing has been applied yet\n"
    assert not (shop.root / ".segctl").exists()


def test_what_is_needed_is_not_guessed_from_a_damaged_state(shop: Shop, state: State, segctl: Command) -> None:
    del state
    record = shop.root / ".segctl" / record_name(5)
    record.write_bytes(record.read_bytes()[:-9])
    before = files(shop)
    said = segctl("gc", "--keep", "3")
    assert said.code == ExitCode.STALE
    assert "`.segctl/records/000005.json`: it is torn" in said.err
    assert files(shop) == before
    assert segctl("gc", "--keep", "1").code == 0  # the damaged one is not needed for that
    assert segctl("doctor").code == 0


class _Thief(Silent):
    """Takes the lock over in the middle."""

    def __init__(self, root: Path) -> None:
        self.lock = root / ".segctl/lock.json"

    def advance(self, units: int = 1) -> None:
        """One object has been deleted."""
        del units
        self.lock.write_bytes(self.lock.read_bytes().replace(b'"token":"', b'"token":"another '))


def test_whoever_lost_the_lock_deletes_nothing_more(shop: Shop, state: State) -> None:
    del state
    before = files(shop)
    with pytest.raises(Locked, match="took over"):
        gc(shop.root, Wanted(2), run(), NOON_US, _Thief(shop.root))
    assert len(before - files(shop)) == 1


def test_a_reader_that_loses_what_it_reads_is_told_to_run_again(shop: Shop, state: State, segctl: Command) -> None:
    first = state.record(1)
    name = first.snapshots["segment", "older"].membership
    assert segctl("gc", "--keep", "2").code == 0
    with pytest.raises(Stale, match="was collected by `segctl gc` while this ran") as told:
        state.membership(name)
    assert told.value.hint == "run the command again"
    with pytest.raises(Stale, match="was collected"):
        list(state.records_of(type(state.head())(first.lineage, 3, "0" * 64)))  # type: ignore[misc]
    needed = state.record(6).snapshots["segment", "older"].membership
    (shop.root / ".segctl" / membership_name(needed)).unlink()
    with pytest.raises(Stale, match="it is missing"):
        state.membership(needed)


def test_killed_before_any_file_operation_it_can_be_run_again(shop: Shop, state: State) -> None:
    needed: set[str] = set()
    with forks() as server:
        for operation in count(1, 3):
            serial = shop.serial()
            for age in (30, 20):
                shop.define(segment("older", {"attribute": "age", "at_least": age + serial % 2}), BUYERS)
                shop.apply(NOON, "max_exit")
            arguments = ("-C", str(shop.root), "gc", "--keep", "2")
            ended = server.dying(shop.root / ".segctl", operation, *arguments)
            assert len(shop.records()) >= 2
            assert server.segctl("-C", str(shop.root), "doctor") == 0
            assert server.segctl(*arguments) == 0
            needed = {"head.json"}.union(*(referred(record) for record in state.records()))
            assert files(shop) == needed
            assert len(shop.records()) == 2
            if ended == 0:
                break
    assert operation > 10


def test_readers_without_a_lock_are_right_or_are_told_to_run_again(shop: Shop, state: State) -> None:
    del state
    told: list[str] = []
    right = 0
    ended = Event()
    with forks() as server, ThreadPoolExecutor(1) as pool:
        writing = pool.submit(_apply_and_collect, shop, server, ended)
        while not ended.is_set():
            try:
                found = shop.members("older")
                before = shop.members("older", shop.serial())
            except SegctlError as error:
                told.append(str(error))
                continue
            assert {found, before} <= {"abcdef"[first:] for first in range(6)}
            right += 1
        writing.result()
    assert [text for text in told if "collected" not in text and "not kept any more" not in text] == []
    assert right > len(told)


def _apply_and_collect(shop: Shop, server: Forks, ended: Event) -> None:
    try:
        for turn in range(6):
            older = segment("older", {"attribute": "age", "at_least": 10 + 10 * (turn % 6)})
            (shop.root / "segments/all.yaml").write_text(f"{json.dumps(older)}\n---\n{json.dumps(BUYERS)}")
            arguments = ("-C", str(shop.root), "apply", "--auto-approve", "--as-of", NOON, *ALLOWED)
            assert server.segctl(*arguments) == 0
            assert server.segctl("-C", str(shop.root), "gc", "--keep", "1") == 0
    finally:
        ended.set()
