from __future__ import annotations

import shutil

import pytest
import xxhash

from segctl.diagnostics import InvalidInput, Refused, SegctlError
from segctl.plan.plan import Members, Movement, VariantMembers
from tests.apply.shop import ADULTS, BETA, BUYERS, LOYAL, Shop, change, numbers, reasons, segment

DAY_ONE = "2026-01-10T12:00:00Z"
DAY_TWO = "2026-01-11T12:00:00Z"


def test_a_refresh_publishes_what_the_data_say_today(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply(DAY_ONE)
    shop.users("a,20", "b,10", "c,30", "d,40", "e,50", "f,60")
    shop.events("d,purchase,11")
    outcome = shop.refresh(DAY_TWO)
    assert outcome.serial == 2
    planned = outcome.prepared.plan
    assert reasons(planned) == {"adults": ["data"], "buyers": ["data"]}
    assert numbers(planned, "adults") == (5, 5, (0, 0), (1, 1))
    assert numbers(planned, "buyers") == (3, 4, (0, 0), (1, 0))
    assert (shop.members("adults"), shop.members("buyers")) == ("acdef", "abcd")
    assert (shop.moved("adults"), shop.moved("buyers")) == (("a", "b"), ("d", ""))
    record = shop.records()[0]
    assert (record.operation, record.serial) == ("refresh", 2)
    assert record.changes == {("segment", "adults"): "refresh", ("segment", "buyers"): "refresh"}
    assert shop.plan(DAY_TWO).is_empty


def test_time_alone_is_a_new_serial_and_nothing_at_all_is_none(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply(DAY_ONE)
    assert shop.refresh(DAY_ONE).serial is None
    outcome = shop.refresh(DAY_TWO)
    assert (outcome.serial, outcome.prepared.plan.changes) == (2, ())
    assert {snapshot.serial for snapshot in shop.records()[0].snapshots.values()} == {2}
    assert shop.records()[0].changes == {}
    assert shop.refresh(DAY_TWO).serial is None
    # purchases of 2 to 7 January are out of 30 days one after the other
    outcome = shop.refresh("2026-02-04T00:00:00Z")
    assert numbers(outcome.prepared.plan, "buyers") == (3, 1, (0, 0), (0, 2))
    assert shop.moved("buyers") == ("", "ab")


def test_it_does_not_look_at_the_definitions_on_disk(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply(DAY_ONE)
    shop.define(segment("adults", {"attribute": "age", "at_least": 60}), BUYERS)
    (shop.root / "segments/broken.yaml").write_text("kind: [")
    shop.users("a,20", "b,20")
    shop.refresh(DAY_TWO)
    assert shop.members("adults") == "ab"
    (shop.root / "segments/broken.yaml").unlink()
    assert reasons(shop.plan(DAY_TWO)) == {"adults": ["logic"], "buyers": ["create"]}


def test_there_must_be_something_to_refresh(shop: Shop) -> None:
    shop.define(ADULTS)
    with pytest.raises(SegctlError, match="nothing has been applied yet"):
        shop.refresh(DAY_ONE)


def test_an_extension_is_computed_when_it_is_due(shop: Shop) -> None:
    fans = segment("fans", {"extension": "loyal"})
    shop.define(LOYAL, fans)
    shop.apply("2026-01-10T07:00:00Z")
    shop.events("a,purchase,8")
    assert shop.refresh("2026-01-11T05:59:59Z").serial == 2
    assert (shop.members("loyal"), shop.members("fans")) == ("bc", "bc")
    assert shop.records()[0].snapshots["extension", "loyal"].serial == 1
    assert shop.refresh("2026-01-11T06:00:00Z").serial == 3
    assert (shop.members("loyal"), shop.members("fans")) == ("abc", "abc")
    assert shop.records()[0].snapshots["extension", "loyal"].serial == 3


def test_a_manual_extension_is_computed_only_with_everything(shop: Shop) -> None:
    shop.define(LOYAL | {"refresh": "manual"}, segment("fans", {"extension": "loyal"}))
    shop.apply(DAY_ONE)
    shop.events("a,purchase,8")
    shop.refresh("2026-03-01T00:00:00Z")
    assert shop.members("fans") == "bc"
    outcome = shop.refresh("2026-03-01T00:00:00Z", everything=True)
    assert outcome.serial == 3
    assert reasons(outcome.prepared.plan) == {"loyal": ["data"], "fans": ["data"]}
    assert (shop.members("loyal"), shop.members("fans")) == ("abc", "abc")


def test_a_resting_extension_forgets_who_left_the_population(shop: Shop) -> None:
    shop.define(LOYAL | {"refresh": "manual"}, segment("fans", {"extension": "loyal"}))
    shop.apply(DAY_ONE)
    shop.users("c,30", "x,1")
    outcome = shop.refresh(DAY_TWO)
    assert numbers(outcome.prepared.plan, "fans") == (2, 1, (0, 0), (0, 1))
    assert (shop.members("loyal"), shop.members("fans")) == ("bc", "c")


def test_lists_are_read_again(shop: Shop) -> None:
    shop.ids("beta.csv", "a", "b")
    shop.define(BETA, segment("testers", {"list": "beta"}))
    shop.apply(DAY_ONE)
    shop.ids("beta.csv", "b", "c", "d")
    assert reasons(shop.refresh(DAY_ONE).prepared.plan) == {"beta": ["data"], "testers": ["data"]}
    assert (shop.members("beta"), shop.moved("testers")) == ("bcd", ("cd", "a"))


def test_guards_hold_for_a_refresh(shop: Shop) -> None:
    shop.define(ADULTS | {"guards": {"max_exit": "50%"}})
    shop.apply(DAY_ONE)
    shop.users("a,20")
    with pytest.raises(Refused, match="segment `adults` would lose 5 of 5 members"):
        shop.refresh(DAY_TWO)
    assert (shop.serial(), shop.members("adults")) == (1, "bcdef")
    assert shop.refresh(DAY_TWO, "max_exit:adults").serial == 2
    with pytest.raises(Refused, match="--allow earlier_as_of"):
        shop.refresh(DAY_ONE)


def test_data_that_fit_no_more_publish_nothing(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply(DAY_ONE)
    shop.users("a,1", columns="id,years")
    with pytest.raises(InvalidInput) as caught:
        shop.refresh(DAY_TWO)
    assert "age" in caught.value.diagnostics[0].summary
    shutil.rmtree(shop.root / "data")
    with pytest.raises(SegctlError):
        shop.refresh(DAY_TWO)
    assert shop.serial() == 1
    assert not (shop.root / ".segctl/lock.json").exists()


def variant(user: str, split: int) -> str:
    return "x" if xxhash.xxh3_64_intdigest(f"win:{user}".encode()) % 10_000 < split * 100 else "y"


def test_a_campaign_says_who_gets_what_and_who_is_moved_to_another_variant(shop: Shop) -> None:
    def win(split: int) -> dict[str, object]:
        parts = [{"name": "x", "percent": split}, {"name": "y", "percent": 100 - split}]
        return {"kind": "campaign", "name": "win", "audience": {"include": ["adults"]}, "variants": parts}

    users = [f"u{n}" for n in range(40)]
    shop.users(*(f"{user},{20 + n}" for n, user in enumerate(users)))
    shop.define(ADULTS, win(50))
    shop.apply(DAY_ONE)
    before = {user: variant(user, 50) for user in users}
    after = {user: variant(user, 20) for user in users}
    counts = [list(before.values()).count(name) for name in "xy"]
    assert shop.records()[0].snapshots["campaign", "win"].variants == (("x", counts[0]), ("y", counts[1]))

    shop.define(ADULTS, win(20))
    planned = change(shop.plan(DAY_ONE), "win").members
    moved = sum(before[user] != after[user] for user in users)
    assert moved > 0
    changed = [list(after.values()).count(name) for name in "xy"]
    assert planned == Members(
        40, 40, Movement(), Movement(), moved,
        (VariantMembers("x", counts[0], changed[0]), VariantMembers("y", counts[1], changed[1])),
    )  # fmt: skip
    assert shop.apply(DAY_ONE).serial == 2
    assert shop.records()[0].snapshots["campaign", "win"].reassigned == moved

    shop.users(*(f"{user},{20 + n}" for n, user in enumerate(users) if n < 30))
    outcome = shop.refresh(DAY_TWO)
    assert numbers(outcome.prepared.plan, "win") == (40, 30, (0, 0), (0, 10))
    members = change(outcome.prepared.plan, "win").members
    assert members is not None
    assert members.reassigned == 0
