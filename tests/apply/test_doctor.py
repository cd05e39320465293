"""Every kind of object, damaged in every way: found, named, told whom it affects; and each advice, followed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode
from segctl.progress import Silent
from segctl.state.names import membership_name, population_name, record_name, traits_name
from segctl.state.reach import referred
from segctl.state.written import read_head, write_head, write_record
from segctl.workflow.apply import apply
from segctl.workflow.doctor import doctor
from segctl.workflow.request import Request, Unasked
from tests.apply.conftest import Command, Said
from tests.apply.forks import forks
from tests.apply.shop import ADULTS, BUYERS, NOON, NOON_US, Shop, run, segment

LATER = "2026-01-11T12:00:00Z"
SPENT = {"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": True}}
Damage = Callable[[Path], object]

DAMAGES: dict[str, Damage] = {
    "altered": lambda path: path.write_bytes(_flipped(path.read_bytes())),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "missing": lambda path: path.unlink(),
}


def _flipped(data: bytes) -> bytes:
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :]


@pytest.fixture
def applied(shop: Shop) -> Shop:
    """Serial 1: adults, buyers and a trait; 2: one more user; 3: adults from 30 on."""
    shop.define(ADULTS, BUYERS, SPENT)
    shop.apply(NOON)
    shop.users("a,10", "b,20", "c,30", "d,40", "e,50", "f,60", "g,5")
    shop.refresh(LATER)
    shop.define(segment("adults", {"attribute": "age", "at_least": 30}), BUYERS, SPENT)
    shop.apply(LATER)
    return shop


def name_of(shop: Shop, what: str) -> str:
    """The object of serial 3, the last one; the `older` ones are of serial 1 alone."""
    first, last = shop.records()[-1], shop.records()[0]
    of = first if what.startswith("older") else last
    assert of.traits is not None
    return {
        "head": "head.json",
        "record": record_name(of.serial),
        "population": population_name(of.population),
        "membership": membership_name(of.snapshots["segment", "adults"].membership),
        "traits": traits_name(of.traits.table),
    }[what.removeprefix("older ")]


def content(shop: Shop) -> dict[str, bytes]:
    root = shop.root / ".segctl"
    paths = (path for path in root.rglob("*") if path.is_file() and "index" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in paths if path.name != ".guard"}


KINDS = ("head", "record", "population", "membership", "traits", "older record", "older population",
         "older membership", "older traits")  # fmt: skip
VERBS: dict[str, tuple[str, ...]] = {
    "history": ("history",),
    "members": ("members", "adults"),
    "older members": ("members", "adults", "--serial", "1"),
    "traits": ("traits", "orders"),
    "list": ("list",),
    "plan": ("plan", "--as-of", LATER),
    "refresh": ("refresh", "--as-of", "2026-01-12T00:00:00Z"),
    "rollback": ("rollback", "1", "--auto-approve"),
    "gc": ("gc", "--keep", "3"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_verb_that_reads_what_is_damaged_names_it_and_changes_nothing(
    applied: Shop, segctl: Command, kind: str
) -> None:
    applied.define(segment("adults", {"attribute": "age", "at_least": 50}), BUYERS, SPENT)
    name = name_of(applied, kind)
    path = applied.root / ".segctl" / name
    whole = path.read_bytes()
    touched = set()
    for damage in (DAMAGES["altered"], DAMAGES["missing"]):
        damage(path)
        before = content(applied)
        for verb, arguments in VERBS.items():
            said = segctl(*arguments)
            if said.code == 0 and content(applied) != before:  # it did not need what is damaged
                _restored(applied, before)
                continue
            assert said.code in {0, ExitCode.STALE}, (verb, said)
            assert content(applied) == before, verb
            assert said.code == 0 or name in said.err, (verb, said)
            touched |= {verb} if said.code else set()
        path.write_bytes(whole)
    assert touched >= READ_BY[kind]


READ_BY: dict[str, set[str]] = {
    "head": set(VERBS),
    "record": set(VERBS) - {"older members"},
    "population": {"members", "rollback"},
    "membership": {"members", "plan", "refresh"},
    "traits": {"traits", "refresh"},
    "older record": {"history", "older members", "rollback", "gc"},
    "older population": {"older members", "rollback"},
    "older membership": {"older members", "rollback"},
    "older traits": {"rollback"},
}


def _restored(shop: Shop, before: dict[str, bytes]) -> None:
    root = shop.root / ".segctl"
    for name in content(shop).keys() - before.keys():
        (root / name).unlink()
    for name, data in before.items():
        (root / name).write_bytes(data)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_doctor_names_it_and_each_of_its_ways_to_mend_it_works(
    applied: Shop, segctl: Command, kind: str, damage: str
) -> None:
    backup = applied.root / "backup"
    shutil.copytree(applied.root / ".segctl", backup)
    name = name_of(applied, kind)
    DAMAGES[damage](applied.root / ".segctl" / name)
    said = segctl("doctor", "--format", "json")
    assert said.code == ExitCode.STALE
    found = json.loads(said.out)["findings"]
    assert [one["object"] for one in found if one["level"] == "damaged"] == [name]
    finding = next(one for one in found if one["object"] == name)
    assert finding["serials"] == SERIALS[kind]
    assert finding["mend"]
    for way in finding["mend"]:
        shutil.rmtree(applied.root / ".segctl")
        shutil.copytree(backup, applied.root / ".segctl")
        DAMAGES[damage](applied.root / ".segctl" / name)
        _follow(way, applied, segctl, name)
        after = segctl("doctor")
        assert after.code == 0, (way, after)


SERIALS = {
    "head": [], "record": [3], "population": [2, 3], "membership": [3], "traits": [2, 3],
    "older record": [1], "older population": [1], "older membership": [1], "older traits": [1],
}  # fmt: skip


def _follow(way: str, shop: Shop, segctl: Command, name: str) -> None:
    if "backup" in way:
        shutil.copy(shop.root / "backup" / name, shop.root / ".segctl" / name)
    elif "move the state's folder away" in way:
        (shop.root / ".segctl").rename(shop.root / "away")
        assert segctl("apply", "--auto-approve", "--as-of", LATER).code == 0
        shutil.rmtree(shop.root / "away")
    elif "doctor --repair" in way:
        _repair(shop, segctl, name)
    else:
        command = way.split("`")[1].split()
        assert command[:2] == ["segctl", "gc"], way
        assert segctl(*command[1:]).code == 0


def _repair(shop: Shop, segctl: Command, name: str) -> None:
    """With the users of now, else with those of then: what is made anew must be what it was."""
    said = segctl("doctor", "--repair")
    if said.code:
        shop.users("a,10", "b,20", "c,30", "d,40", "e,50", "f,60")
        said = segctl("doctor", "--repair")
        shop.users("a,10", "b,20", "c,30", "d,40", "e,50", "f,60", "g,5")
    assert f"rebuilt: {name}\n" in said.out


def test_a_whole_state_is_whole_and_what_is_left_over_harms_nobody(applied: Shop, segctl: Command) -> None:
    needed = frozenset().union(*(referred(record) for record in applied.records()))
    assert segctl("doctor").out == f"the state is intact: serial 3, {len(needed) + 1} objects checked\n"
    root = applied.root / ".segctl"
    for name in ("memberships/" + "0" * 64, record_name(4), "records/.tmp-1"):
        (root / name).write_text("left")
    (root / "records/README").write_text("mine")
    said = segctl("doctor")
    assert said.code == 0
    assert "left over: 3 objects that nothing refers to; `segctl gc` deletes them\n" in said.out
    assert "note: records/README: segctl did not write it\n" in said.out
    assert segctl("gc").code == 0
    assert "left over" not in segctl("doctor").out


def test_where_nothing_is_applied_the_state_is_whole(shop: Shop, segctl: Command) -> None:
    shop.define(ADULTS)
    assert segctl("doctor").out == "the state is intact: nothing has been applied yet\n"
    assert not (shop.root / ".segctl").exists()


def test_a_record_of_another_state_is_found(applied: Shop, segctl: Command) -> None:
    record = applied.root / ".segctl" / record_name(2)
    record.write_bytes(record.read_bytes().replace(b'"line"', b'"lime"'))
    assert f"damaged: {record_name(2)}: its content does not match its digest\n" in segctl("doctor").out
    (applied.root / ".segctl" / record_name(2)).write_bytes((applied.root / ".segctl" / record_name(1)).read_bytes())
    assert f"damaged: {record_name(2)}: it is not the record that was applied\n" in segctl("doctor").out


def test_a_record_that_was_written_anew_with_a_digest_of_its_own_is_found(applied: Shop, segctl: Command) -> None:
    of_then = applied.records()[1]
    path = applied.root / ".segctl" / record_name(2)
    path.write_bytes(write_record(replace(of_then, created_us=of_then.created_us + 1))[0])
    said = segctl("doctor")
    assert said.code == ExitCode.STALE
    assert f"damaged: {record_name(2)}: it is not the record that was applied\n" in said.out
    assert segctl("drift", "--no-data", "--detailed-exitcode").code == ExitCode.CHANGES


def test_a_head_of_another_state_is_found(applied: Shop, segctl: Command) -> None:
    path = applied.root / ".segctl/head.json"
    path.write_bytes(write_head(replace(read_head(path.read_bytes()), lineage="lime")))
    said = segctl("doctor")
    assert said.code == ExitCode.STALE
    assert f"damaged: {record_name(3)}: it is of another state: its lineage is not the head's\n" in said.out


def test_a_head_made_anew_is_told_with_what_it_leads_to_and_how_to_undo_it(applied: Shop, segctl: Command) -> None:
    members = [applied.members("adults", serial) for serial in (1, 3)]
    (applied.root / ".segctl/head.json").unlink()
    assert segctl("apply", "--auto-approve", "--as-of", LATER).code == ExitCode.STALE
    said = segctl("doctor", "--repair")
    assert said.code == 0, said
    assert said.out.startswith(
        "rebuilt: head.json\n  it leads to serial 3 again, the newest record: apply of 2026-01-10T12:00:00Z\n"
        "  if that command was stopped before it published, `segctl rollback 2` undoes it\n"
        "the state is intact: serial 3, "
    )
    assert [applied.members("adults", serial) for serial in (1, 3)] == members
    assert segctl("doctor", "--repair").out.startswith("the state is intact")


def test_a_head_and_what_it_leads_to_are_made_anew_at_once(applied: Shop, segctl: Command) -> None:
    root = applied.root / ".segctl"
    name = name_of(applied, "membership")
    (root / name).unlink()
    (root / "head.json").write_bytes(b"")
    said = segctl("doctor", "--repair", "--format", "json")
    assert said.code == 0, said
    found = json.loads(said.out)
    assert (found["repaired"], found["head"], found["whole"]) == (["head.json", name], {"serial": 3}, True)


def test_a_head_is_not_made_anew_where_the_newest_record_is_damaged(applied: Shop, segctl: Command) -> None:
    root = applied.root / ".segctl"
    (root / "head.json").unlink()
    DAMAGES["altered"](root / record_name(3))
    before = content(applied)
    said = segctl("doctor", "--repair")
    assert said.code == ExitCode.STALE
    assert said.err == (
        "error: `head.json` cannot be rebuilt: the newest record, `records/000003.json`, is damaged\n"
        "  hint: restore head.json from a backup, or `records/000003.json`; or move it away, and serial 2 holds again\n"
    )
    assert content(applied) == before
    (root / record_name(3)).rename(applied.root / "away")
    assert "it leads to serial 2 again" in segctl("doctor", "--repair").out


def test_nothing_is_made_anew_that_comes_out_otherwise(applied: Shop, segctl: Command) -> None:
    path = applied.root / ".segctl" / name_of(applied, "membership")
    path.unlink()
    applied.users("a,80", "b,20", "c,30", "d,40", "e,50", "f,60", "g,5")
    said: Said = segctl("doctor", "--repair")
    assert said.code == ExitCode.STALE
    assert not path.exists()
    assert "damaged: memberships/" in said.out
    assert "  affects serial 3: segment adults\n" in said.out


def test_a_lock_that_says_nothing_is_named(applied: Shop, segctl: Command) -> None:
    (applied.root / ".segctl/lock.json").write_text("{")
    said = segctl("doctor")
    assert said.code == ExitCode.STALE
    assert "damaged: lock.json: it does not say who holds it\n" in said.out
    assert "  fix: if no segctl runs on this state, `segctl unlock`\n" in said.out
    assert segctl("refresh").code == ExitCode.LOCKED
    assert segctl("unlock", "--force").code == 0
    assert segctl("doctor").code == 0


def test_a_lock_is_told_with_its_holder_and_whether_that_one_has_ended(applied: Shop, segctl: Command) -> None:
    with forks() as server:
        for operation in range(3, 30):
            assert server.dying(applied.root / ".segctl", operation, "-C", str(applied.root), "gc", "--keep", "1") < 0
            if (applied.root / ".segctl/lock.json").exists():
                break
    said = segctl("doctor")
    assert said.code == 0
    assert "note: lock.json: the state is locked: `gc` by " in said.out
    assert "; that process has ended, and the next command takes it over\n" in said.out


def test_a_clock_that_is_wrong_is_worth_a_word_and_no_more(shop: Shop) -> None:
    hour_us = 3_600_000_000
    shop.define(ADULTS)
    shop.apply(NOON)
    shop.define(ADULTS, BUYERS)
    apply(shop.root, Request(NOON_US - hour_us, NOON), run(), Unasked(), Silent())
    assert shop.serial() == 2
    found = doctor(shop.root, run().origin, NOON_US - 2 * hour_us, Silent())
    assert found.is_whole
    assert [(one.name, one.what) for one, _ in found.findings] == [
        (record_name(1), "it was written in the future, by this clock"),
        (record_name(2), "it was written in the future, by this clock"),
        (record_name(2), "its clock was behind that of the serial before"),
    ]
    later = doctor(shop.root, run().origin, NOON_US, Silent())
    assert [one.name for one, _ in later.findings] == [record_name(2)]
