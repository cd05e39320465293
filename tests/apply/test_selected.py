from __future__ import annotations

import itertools
from typing import Any

import pytest

from segctl.diagnostics import InvalidInput, Usage
from segctl.plan.plan import Plan
from segctl.progress import Silent
from segctl.workflow.apply import apply
from segctl.workflow.plan import plan
from segctl.workflow.prepared import Prepared
from segctl.workflow.refresh import refresh
from segctl.workflow.request import Request, Unasked
from tests.apply.shop import ADULTS, BUYERS, LOYAL, NOON, NOON_US, Shop, reasons, run, segment

OLDER = segment("adults", {"attribute": "age", "at_least": 30})
RECENT = segment("buyers", {"event": "purchase", "within": "7d"})
BOTH = segment("both", {"segment": "adults"}, {"segment": "buyers"}, tags=["core"])
KIDS = segment("kids", {"attribute": "age", "less_than": 18})


def prepared(shop: Shop, *select: str, exclude: tuple[str, ...] = ()) -> Prepared:
    return plan(shop.root, Request(NOON_US, NOON, select=select, exclude=exclude), Silent())


def planned(shop: Shop, *select: str, exclude: tuple[str, ...] = ()) -> Plan:
    return prepared(shop, *select, exclude=exclude).plan


def applied(shop: Shop, *select: str, exclude: tuple[str, ...] = (), as_of: str = NOON) -> None:
    apply(shop.root, Request(NOON_US, as_of, select=select, exclude=exclude), run(), Unasked(), Silent())


def test_only_what_is_selected_changes_and_what_uses_it_follows(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, BOTH, KIDS)
    shop.apply()
    shop.define(OLDER, RECENT, BOTH, segment("new", {"segment": "adults"}))
    assert reasons(planned(shop, "adults")) == {"adults": ["logic"], "both": ["depends"]}
    assert reasons(planned(shop, "new")) == {"new": ["create"]}
    assert reasons(planned(shop, "kids")) == {"kids": ["delete"]}
    assert reasons(planned(shop, "state:new")) == {"new": ["create"]}
    assert reasons(planned(shop, "state:removed")) == {"kids": ["delete"]}
    assert reasons(planned(shop, "state:modified", exclude=("state:new",))) == {
        "adults": ["logic"], "both": ["depends"], "buyers": ["logic"],
    }  # fmt: skip
    assert planned(shop, "both").is_empty
    assert reasons(planned(shop, exclude=("adults",))) == {
        "both": ["depends"], "buyers": ["logic"], "kids": ["delete"], "new": ["create"],
    }  # fmt: skip
    assert reasons(planned(shop, "*")) == reasons(planned(shop))


def test_a_selected_segment_is_evaluated_over_what_is_applied(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(OLDER, segment("grown", {"segment": "adults"}))
    applied(shop, "grown")
    assert shop.members("grown") == "bcdef"
    applied(shop, "adults")
    assert shop.members("grown") == "cdef"
    assert shop.plan().is_empty


def test_a_selection_that_needs_what_is_new_says_how_to_take_it_along(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(ADULTS, KIDS, segment("near", {"not": {"segment": "kids"}}))
    with pytest.raises(InvalidInput) as raised:
        planned(shop, "near")
    assert [(d.code, d.hint) for d in raised.value.diagnostics] == [
        ("not-selected", "take what it uses as well: `--select +near`")
    ]
    assert reasons(planned(shop, "+near")) == {"kids": ["create"], "near": ["create"]}


def test_a_removal_that_would_break_what_is_applied_says_how_to_take_that_along(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, BOTH)
    shop.apply()
    shop.define(ADULTS, segment("both", {"segment": "adults"}))
    with pytest.raises(InvalidInput) as raised:
        planned(shop, "buyers")
    assert [d.hint for d in raised.value.diagnostics] == ["take what used it as well: `--select buyers+`"]
    assert reasons(planned(shop, "buyers+")) == {"buyers": ["delete"], "both": ["logic", "metadata"]}
    assert planned(shop, "buyers+").changes == planned(shop).changes


def test_an_exclusion_takes_what_cannot_be_without_it(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, BOTH)
    shop.apply()
    shop.define(ADULTS, segment("both", {"segment": "adults"}), KIDS, segment("near", {"not": {"segment": "kids"}}))
    found = prepared(shop, exclude=("kids", "both"))
    assert found.plan.is_empty
    assert [warning.summary for warning in found.warnings if warning.code == "left-out"] == [
        "the segment `buyers` stays as it is applied: `both` uses it, and that is excluded",
        "the segment `near` is left out too: it uses `kids`, and that is excluded",
    ]
    with pytest.raises(Usage, match="leaves nothing"):
        planned(shop, "near", exclude=("kids",))


def test_every_subset_that_is_whole_is_what_those_files_alone_would_be(shop: Shop) -> None:
    """Applying a selection is applying a project in which only these files were changed."""
    before: dict[str, dict[str, Any]] = {one["name"]: one for one in (ADULTS, BUYERS, BOTH, LOYAL)}
    changed: dict[str, dict[str, Any] | None] = {
        "adults": OLDER, "buyers": None, "both": segment("both", {"segment": "adults"}), "kids": KIDS,
    }  # fmt: skip
    after = {name: one for name, one in {**before, **changed}.items() if one is not None}
    shop.define(*before.values())
    shop.apply()
    outcomes = set()
    for number in range(1, len(changed) + 1):
        for names in itertools.combinations(changed, number):
            subset = {**before, **{name: changed[name] for name in names}}
            shop.define(*(one for one in subset.values() if one is not None))
            expected = _changes(shop)
            shop.define(*after.values())
            assert _changes(shop, *names) == expected, names
            outcomes.add(expected)
    assert len(outcomes) > 8


def _changes(shop: Shop, *select: str) -> str:
    try:
        return repr(planned(shop, *select).changes)
    except InvalidInput:
        return "broken"


def test_before_the_first_apply_only_what_is_selected_comes_to_be(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, BOTH)
    assert reasons(planned(shop, "+both", exclude=("buyers",))) == {"adults": ["create"]}
    applied(shop, "adults")
    assert shop.members("adults") == "bcdef"
    assert sorted(reasons(planned(shop))) == ["both", "buyers"]


def test_settings_of_the_project_wait_for_an_apply_of_everything(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(OLDER, BUYERS, timezone="Europe/Paris")
    assert reasons(planned(shop, "adults")) == {"adults": ["logic"]}
    applied(shop, "adults")
    assert ("project", "shop") in [change.key for change in planned(shop).changes]


def test_a_rename_is_selected_by_either_name(shop: Shop) -> None:
    shop.define(ADULTS, segment("grown", {"segment": "adults"}))
    shop.apply()
    shop.define({**ADULTS, "name": "over_18", "moved": {"from": "adults"}}, segment("grown", {"segment": "over_18"}))
    assert planned(shop, "over_18+").changes == planned(shop).changes
    assert planned(shop, "adults", "grown").changes == planned(shop).changes
    with pytest.raises(InvalidInput) as raised:
        planned(shop, "over_18")
    assert [d.hint for d in raised.value.diagnostics] == ["take what used it as well: `--select over_18+`"]


def test_a_selection_is_part_of_what_a_plan_is_bound_to(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    one, two, same = (planned(shop, *which) for which in (("adults",), ("adults", "buyers"), ("buyers adults",)))
    assert one.basis.selection == "--select adults"
    assert len({one.digest, two.digest, planned(shop).digest}) == 3
    assert two.digest == same.digest


def test_a_refresh_of_a_selection_keeps_the_other_snapshots(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, BOTH, LOYAL)
    shop.apply()
    before = shop.records()[-1].snapshots
    shop.events("d,purchase,10", "d,purchase,10")
    later = "2026-01-11T12:00:00Z"
    refresh(shop.root, Request(NOON_US, later, select=("tag:core",)), run(), Unasked(), Silent())
    after = max(shop.records(), key=lambda record: record.serial).snapshots
    assert {key for key in after if after[key] != before[key]} == {("segment", "both")}
    assert shop.members("both") == "bcd"  # of the purchases of today, whether or not `buyers` is published
    assert shop.members("buyers") == "abc"
    shop.refresh(later)
    assert shop.members("buyers") == "abcd"
    assert shop.members("both") == "bcd"


def test_a_refresh_selects_among_what_is_applied(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    for select, said in (
        ("path:segments", "files on disk"),
        ("state:new", "files on disk"),
        ("kids", "matches nothing"),
    ):
        with pytest.raises(Usage, match=said):
            refresh(shop.root, Request(NOON_US, NOON, select=(select,)), run(), Unasked(), Silent())


@pytest.mark.parametrize("excluded", ["adults", "over_18", "grown"])
def test_a_rename_is_excluded_by_either_name_and_by_what_cannot_be_without_it(shop: Shop, excluded: str) -> None:
    shop.define(ADULTS, segment("grown", {"segment": "adults"}), BUYERS)
    shop.apply()
    renamed = {**ADULTS, "name": "over_18", "moved": {"from": "adults"}}
    shop.define(renamed, segment("grown", {"segment": "over_18"}), RECENT)
    found = prepared(shop, exclude=(excluded,))
    assert reasons(found.plan) == {"buyers": ["logic"]}
    assert [warning.code for warning in found.warnings if warning.code == "left-out"] == ["left-out"]
    with pytest.raises(Usage, match="leaves nothing"):
        planned(shop, "adults", exclude=("over_18",))
