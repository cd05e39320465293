from __future__ import annotations

import shutil

import pytest
import xxhash

from segctl.diagnostics import InvalidInput, SegctlError, Stale, Usage
from segctl.progress import Silent
from segctl.workflow.gc import Wanted, gc
from segctl.workflow.live_members import Live, live
from segctl.workflow.members import Asked, members
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import rollback
from tests.apply.shop import ADULTS, BETA, BUYERS, LOYAL, NOON, NOON_US, Shop, run, segment

WIN = {
    "kind": "campaign", "name": "win", "audience": {"include": ["adults"]},
    "variants": [{"name": "x", "percent": 50}, {"name": "y", "percent": 50}],
}  # fmt: skip


def evaluated(shop: Shop, *names: str, as_of: str | None = NOON) -> Live:
    return live(shop.root, Asked(names), Request(NOON_US, as_of), Silent())


def variant(user: str) -> str:
    return "x" if xxhash.xxh3_64_intdigest(f"win:{user}".encode()) % 10_000 < 5_000 else "y"


def test_ids_are_sorted_as_text(shop: Shop) -> None:
    shop.users("10,20", "9,20", "é,20", "Z,20", "a,20", "100,20")
    shop.define(ADULTS)
    shop.apply()
    (roll,) = members(shop.root, Asked(("adults",)))
    assert roll.ids.to_pylist() == ["10", "100", "9", "Z", "a", "é"]
    assert (roll.key, roll.as_of_us, roll.variants) == (("segment", "adults"), NOON_US, None)
    assert evaluated(shop, "adults").lists[0].ids == roll.ids


def test_a_campaigns_members_have_their_variants(shop: Shop) -> None:
    shop.define(ADULTS, WIN)
    shop.apply()
    for (roll,) in (members(shop.root, Asked(("win",))), evaluated(shop, "win").lists):
        assert roll.variants is not None
        assert roll.ids.to_pylist() == list("bcdef")
        assert roll.variants.to_pylist() == [variant(user) for user in "bcdef"]


def test_live_needs_no_state_and_computes_extensions_at_once(shop: Shop) -> None:
    shop.define(LOYAL, BETA, segment("fans", {"any": [{"extension": "loyal"}, {"list": "beta"}]}))
    shop.ids("beta.csv", "f", "nobody")
    found = evaluated(shop, "fans", "loyal", "beta")
    assert ["".join(roll.ids.to_pylist()) for roll in found.lists] == ["bcf", "bc", "f"]
    assert found.unknown == {("list", "beta"): 1}
    assert not list((shop.root / ".segctl").glob("records/*"))
    assert "".join(evaluated(shop, "loyal", as_of="2026-01-05").lists[0].ids.to_pylist()) == "b"
    assert evaluated(shop, "loyal", as_of="2026-01-05").unseen == 3


def test_a_name_of_several_kinds_wants_its_kind(shop: Shop) -> None:
    shop.define(LOYAL, segment("loyal", {"attribute": "age", "at_least": 60}))
    shop.apply()
    assert shop.members("segment.loyal") == "f"
    assert shop.members("extension.loyal") == "bc"
    with pytest.raises(SegctlError, match="the name of 2 definitions"):
        shop.members("loyal")


def test_what_is_not_there_is_told(shop: Shop) -> None:
    shop.define(ADULTS)
    with pytest.raises(SegctlError, match="nothing has been applied yet") as caught:
        shop.members("adults")
    assert "--live" in caught.value.hint
    shop.apply()
    with pytest.raises(SegctlError, match="there is no `adult`") as caught:
        shop.members("adult")
    assert caught.value.hint == "did you mean `adults`?"
    with pytest.raises(SegctlError, match="there is no serial 2: the serials are 1 to 1"):
        shop.members("adults", 2)
    with pytest.raises(Usage, match="invalid `--as-of`"):
        evaluated(shop, "adults", as_of="yesterday")


def test_the_published_members_need_neither_data_nor_right_definitions(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shutil.rmtree(shop.root / "data")
    (shop.root / "segments/broken.yaml").write_text("kind: [")
    assert shop.members("adults") == "bcdef"
    with pytest.raises(InvalidInput):
        evaluated(shop, "adults")


def test_a_delta_is_against_the_serial_before(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply("2026-01-10")
    shop.users("a,20", "c,10", "d,40", "g,70")
    shop.refresh("2026-01-11")
    shop.refresh("2026-01-12")
    assert shop.moved("adults", 1) == ("bcdef", "")
    assert shop.moved("adults", 2) == ("ag", "bcef")
    assert shop.moved("adults", 3) == ("", "")
    assert shop.moved("buyers", 2) == ("", "b")


def test_a_damaged_membership_is_named_and_not_guessed_at(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    digest = shop.records()[0].snapshots["segment", "adults"].membership
    (shop.root / ".segctl/memberships" / digest).write_bytes(b"torn")
    with pytest.raises(Stale, match=f"the state is damaged: `.*memberships/{digest}`"):
        shop.members("adults")


def test_members_of_an_older_serial_stay_what_they_were(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(segment("adults", {"attribute": "age", "at_least": 40}))
    shop.apply()
    rollback(shop.root, 1, Request(NOON_US), run(), review=Unasked(), progress=Silent())
    assert [shop.members("adults", serial) for serial in (1, 2, 3)] == ["bcdef", "def", "bcdef"]
    assert [shop.members("buyers", serial) for serial in (1, 3)] == ["abc", "abc"]
    assert [shop.moved("buyers", serial) for serial in (1, 2, 3)] == [("abc", ""), ("", "abc"), ("abc", "")]
    with pytest.raises(SegctlError, match="`buyers` was removed after serial 1") as wrong:
        shop.members("buyers", 2)
    assert wrong.value.hint == "`segctl members buyers --serial 1`"
    with pytest.raises(SegctlError, match="there is no `adluts`") as wrong:
        shop.members("adluts", 1)
    assert wrong.value.hint == "did you mean `adults`?"


def test_what_was_collected_is_told(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(ADULTS)
    shop.apply()
    shop.refresh("2026-01-11")
    gc(shop.root, Wanted(2), run(), NOON_US, Silent())
    with pytest.raises(SegctlError, match="`buyers` was removed after serial 1") as wrong:
        shop.members("buyers")
    assert wrong.value.hint == "its members are not kept any more"
    with pytest.raises(SegctlError, match="serial 1 is not kept any more"):
        shop.members("buyers", 1)
    with pytest.raises(SegctlError, match="exited at serial 2 is not known: serial 1 is not kept any more") as wrong:
        shop.moved("adults", 2)
    assert wrong.value.hint == "`segctl history --serial 2` has the counts"
    assert shop.moved("adults", 3) == ("", "")
