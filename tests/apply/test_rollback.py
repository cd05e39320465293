"""Going back to an older serial: all of it, as it was, and nothing but the state is read for it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from segctl.diagnostics import Refused, SegctlError, Stale, Usage
from segctl.plan.plan import Plan
from segctl.progress import Silent
from segctl.state.names import membership_name
from segctl.state.record import Record, Snapshot
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import Back, preview, rollback
from tests.apply.shop import ADULTS, BETA, BUYERS, LOYAL, NOON_US, Shop, change, numbers, reasons, run, segment

LATER = "2026-01-20T12:00:00Z"
WIN = {
    "kind": "campaign", "name": "win", "audience": {"include": ["adults"]},
    "variants": [{"name": "a", "percent": 50}, {"name": "b", "percent": 50}],
}  # fmt: skip
SPENT = {"kind": "trait", "name": "spent", "value": {"event": "purchase", "count": {}}}


@dataclass
class Watched(Unasked):
    """Says no, and remembers what it was shown."""

    answer: bool = False
    shown: Plan | None = None

    def show(self, prepared: object) -> None:
        self.shown = prepared.plan  # type: ignore[attr-defined]

    def confirm(self, prepared: object) -> bool:  # noqa: ARG002 it says the same to all
        return self.answer


def back(shop: Shop, serial: int, *allow: str, review: Unasked | None = None, reason: str = "") -> Back:
    request = Request(NOON_US, allow=allow, reason=reason or ("a test" if allow else ""))
    return rollback(shop.root, serial, request, run(), review=review or Unasked(), progress=Silent())


def seen(shop: Shop, serial: int) -> Plan:
    return preview(shop.root, serial, Request(NOON_US)).plan


def held(record: Record) -> object:
    """What a record holds, without what made it."""
    snapshots = {k: replace(s, serial=0, entered=0, exited=0, reassigned=0) for k, s in record.snapshots.items()}
    traits = record.traits and (record.traits.table, {n: c.as_of_us for n, c in record.traits.columns.items()})
    whole = record.definitions, record.project, record.population, record.data, record.as_of_us, record.fingerprints
    return (*whole, snapshots, traits)


def stricter(name: str, age: int) -> dict[str, object]:
    return segment(name, {"attribute": "age", "at_least": age})


def test_a_serial_comes_back_whole_without_any_data(shop: Shop) -> None:
    shop.ids("beta.csv", "a", "f")
    shop.define(ADULTS, BUYERS, LOYAL, BETA, WIN)
    shop.apply()
    shop.define(stricter("adults", 40), segment("new", {"everyone": True}), LOYAL)
    shop.apply(LATER)
    shop.refresh("2026-01-21")
    shutil.rmtree(shop.root / "data")
    done = back(shop, 1)
    assert done.outcome.serial == 4
    new, _, _, old = shop.records()
    assert held(new) == held(old)
    assert (new.operation, new.restores, new.previous is not None) == ("rollback", 1, True)
    assert shop.members("adults") == "bcdef"
    assert new.archived == {("segment", "new"): 3}


def test_movement_is_by_definition_or_by_data(shop: Shop) -> None:
    """adults: 18 becomes 40 (b and c leave); buyers: a, b, c bought within 30 days, d does so later."""
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.events("d,purchase,15")
    shop.define(stricter("adults", 40), BUYERS)
    shop.apply(LATER)
    shop.refresh(LATER)
    plan = seen(shop, 1)
    assert (plan.operation, plan.restores, plan.basis.serial) == ("rollback", 1, 3)
    assert reasons(plan) == {"adults": ["logic"], "buyers": ["data"]}
    assert numbers(plan, "adults") == (3, 5, (2, 0), (0, 0))
    assert numbers(plan, "buyers") == (4, 3, (0, 0), (0, 1))
    assert [(f.path, f.before, f.after) for f in change(plan, "adults").diff] == [("where[0].at_least", 40, 18)]


def test_its_deltas_are_those_against_the_serial_before(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(stricter("adults", 40))
    shop.apply()
    shop.users("b,20", "c,30", "d,40", "e,50", "g,70")
    shop.refresh(LATER, "max_exit")
    assert shop.members("adults") == "deg"
    back(shop, 1)
    assert shop.moved("adults") == ("bcf", "g")
    snapshot: Snapshot = shop.records()[0].snapshots["segment", "adults"]
    assert (snapshot.serial, snapshot.entered, snapshot.exited, snapshot.members) == (4, 3, 1, 5)


def test_what_has_not_moved_stays_as_it_is(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(stricter("adults", 40), BUYERS)
    shop.apply()
    back(shop, 1)
    new = shop.records()[0]
    assert (new.snapshots["segment", "buyers"].serial, new.snapshots["segment", "adults"].serial) == (1, 3)
    assert new.changes == {("segment", "adults"): "update"}


def test_nothing_to_do_where_everything_is_as_it_was(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    assert seen(shop, 1).is_empty
    assert back(shop, 1).outcome.serial is None
    shop.define(stricter("adults", 40))
    shop.apply()
    back(shop, 1)
    assert back(shop, 1).outcome.serial is None
    assert back(shop, 3).outcome.serial is None
    assert shop.serial() == 3


def test_a_serial_that_differs_in_its_instant_alone_comes_back(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.refresh(LATER)
    plan = seen(shop, 1)
    assert (plan.changes, plan.is_empty) == ((), False)
    back(shop, 1)
    new, _, old = shop.records()
    assert new.as_of_us == old.as_of_us


def test_the_definitions_on_disk_are_told_to_differ(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(stricter("adults", 40), BUYERS)
    shop.apply()
    assert back(shop, 1).ahead == 1
    shop.define(ADULTS, BUYERS)
    assert back(shop, 2).ahead == 1
    assert back(shop, 1).ahead == 0
    shop.define({"kind": "segment", "name": "torn"})
    assert back(shop, 2).ahead is None


def test_guards_hold_and_are_let_pass_with_a_reason(shop: Shop) -> None:
    shop.define(segment("adults", {"attribute": "age", "at_least": 40}, guards={"max_exit": "30%"}))
    shop.apply()
    shop.define(segment("adults", {"attribute": "age", "at_least": 18}, guards={"max_exit": "30%"}))
    shop.apply()
    with pytest.raises(Refused, match=r"would lose 2 of 5 .*; if this is intended, pass `--allow max_exit:adults"):
        back(shop, 1)
    with pytest.raises(Usage, match="needs a reason"):
        rollback(shop.root, 1, Request(NOON_US, allow=("max_exit",)), run(), review=Unasked(), progress=Silent())
    assert shop.serial() == 2
    back(shop, 1, "max_exit:adults", reason="too many got in")
    (override,) = shop.records()[0].overrides
    assert (override.rule, override.name, override.reason) == ("max_exit", "adults", "too many got in")


def test_what_is_protected_now_is_not_removed(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(ADULTS, {**BUYERS, "protect": True})
    shop.apply()
    with pytest.raises(
        Refused, match=r"is protected .*; if this is intended, apply it with `protect: false`, and then"
    ):
        back(shop, 1)


def test_declined_nothing_happens(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(stricter("adults", 40))
    shop.apply()
    review = Watched()
    done = back(shop, 1, review=review)
    assert (done.outcome.declined, done.outcome.serial, shop.serial()) == (True, None, 2)
    assert review.shown is not None
    assert numbers(review.shown, "adults") == (3, 5, (2, 0), (0, 0))


def test_no_such_serial(shop: Shop) -> None:
    shop.define(ADULTS)
    with pytest.raises(SegctlError, match="nothing has been applied yet"):
        seen(shop, 1)
    shop.apply()
    with pytest.raises(SegctlError, match="there is no serial 2: the serials are 1 to 1"):
        back(shop, 2)


@pytest.mark.parametrize("folder", ["memberships", "populations", "records", "traits"])
@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_an_object_of_it_that_is_not_whole_is_named(shop: Shop, folder: str, harm: str) -> None:
    shop.define(ADULTS, SPENT)
    shop.apply()
    kept = set(_objects(shop))
    shop.users("a,50", "b,20", "c,30", "d,40", "e,50", "f,60", "z,60")
    shop.define(stricter("adults", 40), SPENT)
    shop.apply()
    (victim,) = [path for path in kept if path.parent.name == folder]
    if harm == "gone":
        victim.unlink()
    else:
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(bytes(content))
    with pytest.raises(Stale, match=victim.name[:20]):
        back(shop, 1)
    assert shop.serial() == 2


def test_an_object_that_moves_nobody_has_to_be_whole_too(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    victim = shop.root / ".segctl" / membership_name(shop.records()[0].snapshots["segment", "buyers"].membership)
    shop.define(stricter("adults", 40), BUYERS)
    shop.apply()
    victim.unlink()
    with pytest.raises(Stale, match=r"serial 1 cannot come back: .*it is missing"):
        back(shop, 1)
    assert shop.serial() == 2


def _objects(shop: Shop) -> list[Path]:
    state = shop.root / ".segctl"
    return [path for name in ("memberships", "populations", "records", "traits") for path in (state / name).iterdir()]


def test_traits_come_back_with_whose_value_changes(shop: Shop) -> None:
    shop.define(ADULTS, SPENT)
    shop.apply()
    shop.events("a,purchase,12", "d,purchase,12")
    shop.define(ADULTS, {**SPENT, "value": {"event": "purchase", "days": {}}}, {**SPENT, "name": "other"})
    shop.apply(LATER)
    plan = seen(shop, 1)
    values = change(plan, "spent").values
    assert values is not None
    assert (values.by_definition, values.by_data) == (2, 0)
    assert str(change(plan, "other").action) == "delete"
    back(shop, 1)
    new, _, old = shop.records()
    assert new.traits is not None
    assert old.traits is not None
    assert (new.traits.table, list(new.traits.columns)) == (old.traits.table, ["spent"])
    assert (new.traits.columns["spent"].serial, new.traits.columns["spent"].changed) == (3, 2)


def test_a_campaign_gets_its_variants_back(shop: Shop) -> None:
    shop.define(ADULTS, WIN)
    shop.apply()
    before = shop.records()[0].snapshots["campaign", "win"]
    other = [{"name": "a", "percent": 0}, {"name": "b", "percent": 100}]
    shop.define(ADULTS, {**WIN, "variants": other})
    shop.apply()
    moved = before.variants[0][1]
    members = change(seen(shop, 1), "win").members
    assert members is not None
    assert (members.reassigned, members.moves) == (moved, moved > 0)
    back(shop, 1)
    now = shop.records()[0].snapshots["campaign", "win"]
    assert (now.variants, now.membership) == (before.variants, before.membership)


def test_an_apply_after_it_publishes_what_is_on_disk_again(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(stricter("adults", 40))
    shop.apply()
    back(shop, 1)
    plan = shop.plan()
    assert numbers(plan, "adults") == (5, 3, (0, 2), (0, 0))
    shop.apply()
    assert (shop.members("adults"), shop.members("adults", 3), shop.serial()) == ("def", "bcdef", 4)


def test_a_removed_segment_comes_back_and_is_archived_no_more(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(ADULTS)
    shop.apply()
    assert shop.records()[0].archived == {("segment", "buyers"): 1}
    back(shop, 1)
    assert (shop.records()[0].archived, shop.members("buyers")) == ({}, "abc")
    back(shop, 2)
    assert shop.records()[0].archived == {("segment", "buyers"): 3}


def test_the_preview_writes_nothing(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(stricter("adults", 40))
    shop.apply()
    state = shop.root / ".segctl"
    before = {path: path.stat().st_mtime_ns for path in state.rglob("*")}
    assert json.dumps(numbers(seen(shop, 1), "adults")) == "[3, 5, [2, 0], [0, 0]]"
    assert {path: path.stat().st_mtime_ns for path in state.rglob("*")} == before
