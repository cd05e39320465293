from __future__ import annotations

import json
from pathlib import Path

import pytest

from segctl.diagnostics import Refused, Usage
from segctl.plan.plan import Plan
from segctl.progress import Silent
from segctl.state.record import HeldBack
from segctl.workflow.apply import apply
from segctl.workflow.commit import Outcome
from segctl.workflow.doctor import mend
from segctl.workflow.history import history
from segctl.workflow.inventory import inventory
from segctl.workflow.refresh import preview, refresh
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import rollback
from segctl.workflow.showing import show
from tests.apply.conftest import Command
from tests.apply.shop import ADULTS, BUYERS, NOON_US, Shop, run, segment

DAYS = [f"2026-01-{day:02}T12:00:00Z" for day in range(10, 20)]
GUARDED = BUYERS | {"guards": {"max_exit": "40%"}}
RICH = segment("rich", {"segment": "buyers"}, {"attribute": "age", "at_least": 20})
ALL_EVENTS = ("a,purchase,2", "b,purchase,3", "b,purchase,4", "c,purchase,5", "c,purchase,6", "c,purchase,7")
BUYERS_KEY, RICH_KEY = ("segment", "buyers"), ("segment", "rich")


def holding(shop: Shop, day: int, *allow: str, select: tuple[str, ...] = (), everything: bool = False) -> Outcome:
    reason = "it is meant" if allow else ""
    request = Request(NOON_US, DAYS[day], allow, everything, reason, select, hold=True)
    return refresh(shop.root, request, run(), Unasked(), Silent())


def apply_holding(shop: Shop, day: int, *allow: str) -> Outcome:
    request = Request(NOON_US, DAYS[day], allow, reason="it is meant" if allow else "", hold=True)
    return apply(shop.root, request, run(), Unasked(), Silent())


def held(shop: Shop) -> dict[str, HeldBack]:
    return {name: one for (_, name), one in shop.records()[0].held.items()}


def day_us(day: int) -> int:
    return NOON_US + day * 86_400_000_000


def torn(shop: Shop, *rows: str) -> None:
    """Let these be all the events: the first file in another form."""
    shop.files.clear()
    shop.events(*rows)


@pytest.fixture
def broken(shop: Shop) -> Shop:
    """Applied; then one purchase alone is left of three buyers, and everybody is older."""
    shop.define(ADULTS, GUARDED, RICH)
    shop.apply(DAYS[0])
    torn(shop, "c,purchase,7")
    shop.users("a,20", "b,20", "c,30", "d,40", "e,50", "f,60")
    return shop


def test_what_is_refused_is_held_with_what_depends_on_it_and_the_rest_is_published(broken: Shop) -> None:
    done = holding(broken, 1)
    assert done.serial == 2
    assert (broken.members("adults"), broken.members("buyers"), broken.members("rich")) == ("abcdef", "abc", "bc")
    record = broken.records()[0]
    assert {key: snapshot.serial for key, snapshot in record.snapshots.items()} == {
        ("segment", "adults"): 2, BUYERS_KEY: 1, RICH_KEY: 1,
    }  # fmt: skip
    assert record.changes == {("segment", "adults"): "refresh"}
    assert held(broken)["buyers"].since_us == held(broken)["rich"].since_us == day_us(1)
    [(rule, message)] = held(broken)["buyers"].reasons
    assert rule == "max_exit"
    assert "the last `purchase` is of 2026-01-07: segment `buyers` would lose 2 of 3 members" in message
    assert held(broken)["rich"] == HeldBack(day_us(1), (), (BUYERS_KEY,))
    assert done.held[1] == "segment `rich` depends on segment `buyers`, held too"


def test_a_hold_goes_on_from_its_first_day_and_ends_when_the_data_are_back(broken: Shop) -> None:
    holding(broken, 1)
    assert holding(broken, 3).serial == 3
    assert {one.since_us for one in held(broken).values()} == {day_us(1)}
    torn(broken, *ALL_EVENTS, "d,purchase,8")
    done = holding(broken, 4)
    assert (done.serial, done.held, held(broken)) == (4, (), {})
    assert (broken.members("buyers"), broken.members("rich")) == ("abcd", "abcd")
    assert broken.moved("rich") == ("ad", "")  # a is 20 by now: against what was published, not against the torn data


def test_who_lets_the_guard_pass_publishes_what_depends_on_it_too(broken: Shop) -> None:
    holding(broken, 1)
    done = holding(broken, 2, "max_exit:buyers")
    assert (done.held, held(broken)) == ((), {})
    assert (broken.members("buyers"), broken.members("rich")) == ("c", "c")
    assert [override.rule for override in broken.records()[0].overrides] == ["max_exit"]


def test_where_all_is_held_nothing_is_published(shop: Shop) -> None:
    shop.define(GUARDED, RICH)
    shop.apply(DAYS[0])
    torn(shop, "c,purchase,7")
    with pytest.raises(Refused, match="would lose 2 of 3 members"):
        holding(shop, 1)
    assert shop.serial() == 1


def test_a_hold_alone_is_a_new_serial_and_the_same_again_is_none(broken: Shop) -> None:
    assert holding(broken, 0).serial == 2  # the same instant: adults have moved, buyers are held
    again = holding(broken, 0)
    assert (again.serial, len(again.held)) == (None, 2)
    assert broken.serial() == 2


def test_all_or_nothing(broken: Shop) -> None:
    with pytest.raises(Refused):
        broken.refresh(DAYS[1])
    holding(broken, 1)
    with pytest.raises(Refused):
        broken.refresh(DAYS[2])
    torn(broken, *ALL_EVENTS)
    assert (broken.refresh(DAYS[2]).serial, held(broken)) == (3, {})


def test_a_preview_publishes_nothing_and_shows_both(broken: Shop) -> None:
    prepared = preview(broken.root, Request(NOON_US, DAYS[1], hold=True), Unasked(), Silent())
    assert [change.key[1] for change in prepared.plan.changes] == ["adults"]
    assert [(one.key[1], one.members and one.members.after) for one in prepared.plan.held] == [
        ("buyers", 1), ("rich", 1),
    ]  # fmt: skip
    assert broken.serial() == 1


def test_the_population_moves_on_while_something_is_held(broken: Shop) -> None:
    holding(broken, 1)
    broken.users("b,20", "c,30", "d,40", "e,50", "f,60", "x,70")  # a has left, x has come
    holding(broken, 2)
    assert (broken.members("adults"), broken.members("buyers")) == ("bcdefx", "abc")
    [loss] = [one.members for one in preview_of(broken, 3).held if one.key == BUYERS_KEY]
    assert loss is not None
    assert (loss.before, loss.after, loss.exited) == (3, 1, 2)  # a counts: it is published still
    torn(broken, *ALL_EVENTS, "x,purchase,8")
    holding(broken, 3)
    assert (broken.members("buyers"), held(broken)) == ("bcx", {})


def preview_of(shop: Shop, day: int) -> Plan:
    return preview(shop.root, Request(NOON_US, DAYS[day], hold=True), Unasked(), Silent()).plan


def test_a_new_definition_uses_what_is_held_as_it_is_published_and_says_so(broken: Shop) -> None:
    holding(broken, 1)
    old = segment("old_buyers", {"segment": "buyers"}, {"attribute": "age", "at_least": 20})
    broken.define(ADULTS, GUARDED, RICH, old)
    plan = broken.plan(DAYS[2])
    assert [(one.key[1], one.mixed) for one in plan.held] == [("buyers", (("segment", "old_buyers"),)), ("rich", ())]
    broken.apply(DAYS[2])
    assert broken.members("old_buyers") == "abc"  # by the torn data it would be c
    assert set(held(broken)) == {"buyers", "rich"}
    assert show(broken.root, "old_buyers").mixes == (BUYERS_KEY,)
    holding(broken, 3)
    assert set(held(broken)) == {"buyers", "rich", "old_buyers"}
    assert held(broken)["old_buyers"].since_us == day_us(3)


def test_a_definition_that_changes_while_it_is_held_is_evaluated_anew(broken: Shop) -> None:
    holding(broken, 1)
    broken.define(ADULTS, segment("buyers", {"attribute": "age", "at_least": 60}, guards={"max_exit": "100%"}), RICH)
    broken.apply(DAYS[2])
    assert (broken.members("buyers"), broken.members("rich"), held(broken)) == ("f", "f", {})


def test_what_is_only_described_anew_is_held_still(broken: Shop) -> None:
    holding(broken, 1)
    broken.define(ADULTS, GUARDED | {"description": "Who buys"}, RICH)
    broken.apply(DAYS[2])
    assert (broken.members("buyers"), set(held(broken))) == ("abc", {"buyers", "rich"})


def test_a_rename_takes_the_hold_along(broken: Shop) -> None:
    holding(broken, 1)
    customers = {**GUARDED, "name": "customers", "moved": {"from": "buyers"}}
    broken.define(ADULTS, customers, segment("rich", {"segment": "customers"}, {"attribute": "age", "at_least": 20}))
    broken.apply(DAYS[2])
    assert set(held(broken)) == {"customers", "rich"}
    assert held(broken)["rich"].through == (("segment", "customers"),)
    holding(broken, 3)
    assert held(broken)["customers"].since_us == day_us(1)


def test_what_is_removed_is_held_no_more(broken: Shop) -> None:
    holding(broken, 1)
    broken.define(ADULTS, GUARDED)
    broken.apply(DAYS[2])
    assert set(held(broken)) == {"buyers"}


def test_a_rollback_brings_the_holds_of_then_back(broken: Shop) -> None:
    holding(broken, 1)
    torn(broken, *ALL_EVENTS)
    holding(broken, 2)
    assert held(broken) == {}
    back = Request(NOON_US)
    rollback(broken.root, 2, back, run(), review=Unasked(), progress=Silent())
    assert (broken.serial(), set(held(broken)), broken.members("buyers")) == (4, {"buyers", "rich"}, "abc")
    rollback(broken.root, 1, back, run(), review=Unasked(), progress=Silent())
    assert (broken.serial(), held(broken)) == (5, {})
    torn(broken, "c,purchase,7")
    holding(broken, 3)
    assert held(broken)["buyers"].since_us == day_us(3)


def test_an_extension_that_is_held_is_due_until_it_catches_up(shop: Shop) -> None:
    loyal = {
        "kind": "extension", "name": "loyal", "refresh": "manual", "guards": {"max_exit": "10%"},
        "from": {"event": "purchase", "count": {"at_least": 2}},
    }  # fmt: skip
    shop.define(loyal, segment("fans", {"extension": "loyal"}), ADULTS)
    shop.apply(DAYS[0])
    torn(shop, "c,purchase,7", "c,purchase,6")
    holding(shop, 1)
    assert (held(shop), shop.members("fans")) == ({}, "bc")  # nobody computes it
    holding(shop, 2, everything=True)
    assert set(held(shop)) == {"loyal", "fans"}
    torn(shop, *ALL_EVENTS, "d,purchase,8", "d,purchase,9")
    holding(shop, 3)
    assert (held(shop), shop.members("loyal"), shop.members("fans")) == ({}, "bcd", "bcd")


def test_a_selection_leaves_what_is_held_as_it_is(broken: Shop) -> None:
    holding(broken, 1)
    torn(broken, *ALL_EVENTS)
    with pytest.raises(Refused, match="`rich` depends on segment `buyers`, held too"):
        holding(broken, 2, select=("rich",))
    holding(broken, 2, select=("buyers",))
    assert set(held(broken)) == {"rich"}
    holding(broken, 3)
    assert held(broken) == {}


def test_an_apply_may_hold_what_is_refused(broken: Shop) -> None:
    broken.define(ADULTS, segment("buyers", {"attribute": "age", "at_least": 60}, guards={"max_exit": "30%"}), RICH)
    with pytest.raises(Refused):
        broken.apply(DAYS[1])
    with pytest.raises(Refused, match="would lose 3 of 3 members"):  # nothing else would be done
        apply_holding(broken, 1)
    broken.define(
        ADULTS, segment("buyers", {"attribute": "age", "at_least": 60}, guards={"max_exit": "30%"}), RICH,
        segment("seniors", {"attribute": "age", "at_least": 50}),
    )  # fmt: skip
    done = apply_holding(broken, 1)
    assert (done.serial, len(done.held)) == (2, 2)
    assert (broken.members("buyers"), broken.members("rich"), broken.members("seniors")) == ("abc", "bc", "ef")
    assert set(held(broken)) == {"buyers", "rich"}
    assert broken.plan(DAYS[1]).changes == ()  # the definitions are applied
    holding(broken, 2, "max_exit")
    assert (broken.members("buyers"), held(broken)) == ("f", {})


def test_a_whole_state_is_read_by_the_doctor_and_repaired_with_what_is_held(broken: Shop) -> None:
    holding(broken, 1)
    broken.define(
        ADULTS, GUARDED, RICH, segment("old_buyers", {"segment": "buyers"}, {"attribute": "age", "at_most": 25})
    )
    broken.apply(DAYS[2])
    assert broken.members("old_buyers") == "ab"
    for name in ("old_buyers", "adults"):
        digest = broken.records()[0].snapshots["segment", name].membership
        (broken.root / ".segctl/memberships" / digest).unlink()
    found = mend(broken.root, run(), NOON_US, Silent())
    assert len(found.mended) == 2
    assert broken.members("old_buyers") == "ab"


def test_listing_and_history_say_who_is_held(broken: Shop) -> None:
    holding(broken, 1)
    listed = {item.key: item.held is not None for item in inventory(broken.root).items}
    assert listed == {("segment", "adults"): False, BUYERS_KEY: True, RICH_KEY: True}
    entries = history(broken.root, name="buyers").entries
    assert [(entry.record.serial, move.what) for entry in entries for move in entry.moves] == [
        (2, "held"), (1, "create"),
    ]  # fmt: skip


def test_an_event_that_was_renamed_holds_who_has_not_done_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    people = [f"u{number:03}" for number in range(200)]
    shop.users(*(f"{user},30" for user in people))
    dormant = segment("dormant", {"not": {"event": "app_open", "within": "30d"}})
    win = {"kind": "campaign", "name": "win", "audience": {"include": ["dormant"]}}
    shop.define(dormant, win, ADULTS)
    shop.events(*(f"{user},app_open,{number % 9 + 1}" for number, user in enumerate(people[:196])))
    shop.apply(DAYS[0])
    shop.files.clear()
    shop.events(*(f"{user},App Opened,{number % 9 + 1}" for number, user in enumerate(people[:196])))
    done = holding(shop, 1)
    assert set(held(shop)) == {"dormant", "win"}
    record = shop.records()[0]
    assert (record.snapshots["segment", "dormant"].members, record.snapshots["campaign", "win"].members) == (4, 4)
    assert (
        "there are no `app_open` events any more (there were 196, the last of 2026-01-09; `App Opened` is new)"
        in (done.held[1])
    )


def test_a_plan_that_is_later_than_what_is_published_says_what_a_refresh_would_do(broken: Shop) -> None:
    assert broken.plan(DAYS[0]).older is None
    older = broken.plan(DAYS[1]).older
    assert older is not None
    assert (older.as_of_us, older.moving, older.held) == (day_us(0), 1, 2)
    (broken.root / "data/users.csv").unlink()
    older = broken.plan(DAYS[1]).older
    assert older is not None
    assert older.moving is None
    assert older.because


def test_a_saved_plan_is_whole_or_nothing(broken: Shop, segctl: Command) -> None:
    assert segctl("apply", "plan.json", "--hold-refused").code == Usage.exit_code
    assert segctl("apply", "--digest", "0123456789ab", "--hold-refused").code == Usage.exit_code
    assert broken.serial() == 1


def test_the_command_says_what_is_held(broken: Shop, segctl: Command) -> None:
    preview = segctl("refresh", "--as-of", DAYS[1], "--dry-run")
    assert (preview.code, broken.serial()) == (0, 1)
    assert "segment buyers  held since" in preview.out
    said = segctl("refresh", "--as-of", DAYS[1], "--format", "json")
    assert (said.code, broken.serial()) == (3, 2)
    found = json.loads(said.out)
    assert (found["published"], [one["name"] for one in found["held"]]) == (2, ["buyers", "rich"])
    assert "held: the last `purchase` is of 2026-01-07" in said.err
    listed = json.loads(segctl("list", "--format", "json").out)["definitions"]
    assert [one["held"]["since"] for one in listed if "held" in one] == ["2026-01-11T12:00:00Z"] * 2
    drifted = json.loads(segctl("drift", "--no-data", "--format", "json").out)
    assert [one["name"] for one in drifted["held"]] == ["buyers", "rich"]
    assert not drifted["drifted"]
    past = json.loads(segctl("history", "--format", "json").out)["records"]
    assert [[one["name"] for one in record["held"]] for record in past] == [["buyers", "rich"], []]
    assert "max_exit" in segctl("show", "buyers").out
    assert segctl("refresh", "--as-of", DAYS[2], "--all-or-nothing").code == 3
    assert broken.serial() == 2


def test_a_plan_of_unchanged_definitions_names_the_refresh(broken: Shop, segctl: Command) -> None:
    assert broken.serial() == 1
    for form in ("human", "markdown"):
        assert "`segctl refresh` would move 1 resource, and hold 2" in segctl(
            "plan", "--as-of", DAYS[1], "--format", form
        ).out  # fmt: skip
    told = json.loads(segctl("plan", "--as-of", DAYS[1], "--format", "json").out)["refresh"]
    assert (told["would_move"], told["would_hold"]) == (1, 2)
