"""Renames: identity, members and history move to a new name, and nobody enters or leaves."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from segctl.diagnostics import InvalidInput, Refused, SegctlError
from segctl.plan.plan import Action
from segctl.progress import Silent
from segctl.report.json import dumps
from segctl.report.plan import plan
from segctl.report.plan_json import as_data
from segctl.report.plan_schema import PLAN_SCHEMA
from segctl.report.text import render
from segctl.workflow.plan import plan as prepared
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import rollback
from tests.apply.shop import ADULTS, BETA, BUYERS, LOYAL, NOON, NOON_US, Shop, change, numbers, reasons, run, segment

GROWN = segment("grown_ups", {"attribute": "age", "at_least": 18}, moved={"from": "adults"})
VARIANTS = [{"name": "a", "percent": 50}, {"name": "control", "percent": 50, "control": True}]


def campaign(name: str, *include: str, **rest: Any) -> dict[str, Any]:
    return {"kind": "campaign", "name": name, "audience": {"include": list(include)}, **rest}


def test_a_rename_moves_nobody_and_needs_no_data(shop: Shop) -> None:
    outer, win = segment("outer", {"segment": "adults"}), campaign("win", "outer")
    shop.define(ADULTS | {"owner": "growth"}, outer, win)
    shop.apply()
    before = shop.records()[0].snapshots["segment", "adults"]
    (shop.root / "data/users.csv").unlink()
    shop.define(GROWN | {"owner": "growth"}, segment("outer", {"segment": "grown_ups"}), win)

    planned = shop.plan()
    assert reasons(planned) == {"grown_ups": ["moved"]}
    found = change(planned, "grown_ups")
    assert (found.action, found.moved_from, found.members, found.diff) == (Action.UPDATE, "adults", None, ())
    assert [(use.key[1], use.direct, use.applied, use.defined) for use in found.used_by] == [
        ("win", False, True, True), ("outer", True, True, True),
    ]  # fmt: skip
    assert planned.unchanged == 2

    assert shop.apply().serial == 2
    record = shop.records()[0]
    assert record.snapshots["segment", "grown_ups"] == before
    assert ("segment", "adults") not in record.snapshots
    assert record.archived == {}
    assert record.former == {("segment", "grown_ups"): (("adults", 1),)}
    assert shop.plan().is_empty


def test_the_name_left_in_the_file_is_harmless_and_names_chain_over_applies(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(GROWN)
    shop.apply()
    assert shop.plan().is_empty
    shop.define(segment("aged", {"attribute": "age", "at_least": 18}, moved={"from": "grown_ups"}))
    assert reasons(shop.plan()) == {"aged": ["moved"]}
    assert shop.apply().serial == 3
    record = shop.records()[0]
    assert record.former == {("segment", "aged"): (("grown_ups", 2), ("adults", 1))}
    assert [record.name_at(("segment", "aged"), serial)[1] for serial in (1, 2, 3)] == ["adults", "grown_ups", "aged"]
    shop.define(segment("aged", {"attribute": "age", "at_least": 18}))
    assert shop.plan().is_empty


def test_a_rename_and_another_meaning_in_one_step_are_split_as_ever(shop: Shop) -> None:
    shop.define(ADULTS, segment("outer", {"segment": "adults"}))
    shop.apply()
    # today a is 25 and b is 15: the old definition would move both. At least 30: c to f stay, a stays out.
    shop.users("a,25", "b,15", "c,30", "d,40", "e,50", "f,60")
    grown = segment("grown_ups", {"attribute": "age", "at_least": 35}, moved={"from": "adults"})
    shop.define(grown, segment("outer", {"segment": "grown_ups"}))
    planned = shop.plan()
    assert reasons(planned) == {"grown_ups": ["moved", "logic"], "outer": ["depends"]}
    assert numbers(planned, "grown_ups") == (5, 3, (0, 1), (0, 1))
    assert numbers(planned, "outer") == (5, 3, (0, 1), (0, 1))
    assert [field.path for field in change(planned, "grown_ups").diff] == ["where[0].at_least"]
    shop.apply()
    assert (shop.members("grown_ups"), shop.members("outer")) == ("def", "def")
    assert shop.moved("grown_ups") == ("", "bc")


def test_everything_that_others_use_can_be_renamed(shop: Shop) -> None:
    shop.ids("beta.csv", "a", "c")
    uses = segment("all_of_it", {"any": [{"extension": "loyal"}, {"list": "beta"}]})
    shop.define(LOYAL, BETA, uses)
    shop.apply()
    assert shop.members("all_of_it") == "abc"
    shop.events("d,purchase,8", "d,purchase,8")
    shop.ids("beta.csv", "f")
    shop.define(
        LOYAL | {"name": "faithful", "moved": {"from": "loyal"}},
        BETA | {"name": "testers", "moved": {"from": "beta"}},
        segment("all_of_it", {"any": [{"list": "testers"}, {"extension": "faithful"}]}),
    )
    assert reasons(shop.plan()) == {"faithful": ["moved"], "testers": ["moved"]}
    shop.apply()
    assert (shop.members("faithful"), shop.members("testers"), shop.members("all_of_it")) == ("bc", "ac", "abc")
    # an extension that was renamed stands as it was published, in both worlds
    changed = segment("all_of_it", {"extension": "faithful"}, {"attribute": "age", "at_least": 30})
    shop.define(
        LOYAL | {"name": "firm", "moved": {"from": "faithful"}}, BETA | {"name": "testers"},
        changed | {"where": [{"extension": "firm"}, changed["where"][1]]},
    )  # fmt: skip
    planned = shop.plan()
    assert reasons(planned) == {"all_of_it": ["logic"], "firm": ["moved"]}
    # published abc; today's list holds f alone, so by the old definition a would leave and f enter by data
    assert numbers(planned, "all_of_it") == (3, 1, (0, 1), (0, 1))


def test_a_campaign_under_a_new_name_draws_its_variants_anew_and_is_stopped(shop: Shop) -> None:
    users = [f"u{number:03},30" for number in range(100)]
    shop.users(*users)
    in_control = segment("held_back", {"campaign": "win", "did": "in_control"})
    shop.define(ADULTS, campaign("win", "adults", variants=VARIANTS), in_control)
    shop.apply()
    renamed = campaign("win_back", "adults", variants=VARIANTS, moved={"from": "win"})
    held_back = segment("held_back", {"campaign": "win_back", "did": "in_control"})
    shop.define(ADULTS, renamed, held_back)
    planned = shop.plan()
    assert reasons(planned) == {"win_back": ["moved"], "held_back": ["logic"]}
    found = change(planned, "win_back")
    assert found.members is not None
    assert (found.members.before, found.members.after, found.members.entered, found.members.exited) == (100, 100, 0, 0)
    assert 20 < found.members.reassigned < 80
    assert [guard.rule for guard in found.guards] == ["reassigned"]
    assert [(use.key[1], use.direct, use.applied, use.defined) for use in found.used_by] == [
        ("held_back", True, True, True)
    ]
    before, after, by_definition, by_data = numbers(planned, "held_back")
    assert by_definition[0] + by_definition[1] == found.members.reassigned
    assert (before + by_definition[0] - by_definition[1], by_data) == (after, (0, 0))
    with pytest.raises(Refused, match="campaign `win_back` was `win`, and variants are assigned by the name"):
        shop.apply()
    assert shop.apply("2026-01-10T12:00:00Z", "reassigned:win_back").serial == 2
    assert shop.records()[0].snapshots["campaign", "win_back"].reassigned == found.members.reassigned
    assert len(shop.members("held_back")) == 4 * after


def test_a_campaign_without_variants_moves_like_anything_else(shop: Shop) -> None:
    shop.define(ADULTS, campaign("win", "adults"))
    shop.apply()
    shop.define(ADULTS, campaign("win_back", "adults", moved={"from": "win"}))
    assert reasons(shop.plan()) == {"win_back": ["moved"]}
    assert shop.apply().serial == 2
    assert shop.members("win_back") == "bcdef"


def test_traits_keep_their_values_under_a_new_name(shop: Shop) -> None:
    orders = {"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": True}}
    twice = {"kind": "trait", "name": "twice", "formula": "orders * 2 + orders"}
    many = segment("many", {"trait": "orders", "at_least": 2})
    shop.define(orders, twice, many)
    shop.apply()
    table = shop.records()[0].traits
    shop.define(
        orders | {"name": "purchases", "moved": {"from": "orders"}},
        twice | {"formula": "purchases * 2 + purchases"},
        segment("many", {"trait": "purchases", "at_least": 2}),
    )
    assert reasons(shop.plan()) == {"purchases": ["moved"]}
    shop.apply()
    now = shop.records()[0].traits
    assert table is not None
    assert now is not None
    assert (now.table, sorted(now.columns), now.column("purchases")) == (table.table, ["purchases", "twice"], "orders")
    assert shop.plan().is_empty
    # the next table holds the column under its new name, with the values that it had
    more = {"kind": "trait", "name": "days", "value": {"event": "purchase", "days": True}}
    shop.define(
        orders | {"name": "purchases"}, twice | {"formula": "purchases * 2 + purchases"},
        segment("many", {"trait": "purchases", "at_least": 2}), more,
    )  # fmt: skip
    assert reasons(shop.plan()) == {"days": ["create"]}
    shop.apply()
    now = shop.records()[0].traits
    assert now is not None
    assert (sorted(now.columns), now.column("purchases")) == (["days", "purchases", "twice"], "purchases")
    assert shop.plan().is_empty


def test_protection_and_guards_move_along(shop: Shop) -> None:
    guarded = {"protect": True, "guards": {"max_exit": "10%", "min_members": 5}}
    shop.define(ADULTS | guarded, BUYERS)
    shop.apply()
    shop.define(GROWN | guarded, BUYERS)
    assert shop.apply().serial == 2
    shop.define(BUYERS)
    with pytest.raises(Refused, match="segment `grown_ups` is protected and would be removed"):
        shop.apply()


def test_a_name_that_was_never_applied_is_a_new_definition(shop: Shop) -> None:
    shop.define(BUYERS)
    shop.apply()
    shop.define(GROWN, BUYERS)
    assert reasons(shop.plan()) == {"grown_ups": ["create"]}


def test_what_is_applied_under_both_names_is_no_rename(shop: Shop) -> None:
    shop.define(ADULTS, segment("grown_ups", {"attribute": "age", "at_least": 18}))
    shop.apply()
    shop.define(GROWN)
    assert reasons(shop.plan()) == {"adults": ["delete"]}


def test_a_rename_keeps_the_kind(shop: Shop) -> None:
    shop.define(LOYAL, BUYERS)
    shop.apply()
    shop.define(BUYERS, segment("faithful", {"event": "purchase", "count": {"at_least": 2}}, moved={"from": "loyal"}))
    with pytest.raises(InvalidInput) as caught:
        shop.plan()
    assert [found.summary for found in caught.value.diagnostics] == [
        "`loyal` was applied as an extension, and a rename keeps the kind: `faithful` is a segment"
    ]


def test_going_back_gives_the_old_name_back(shop: Shop) -> None:
    shop.define(ADULTS, segment("outer", {"segment": "adults"}))
    shop.apply()
    shop.define(GROWN, segment("outer", {"segment": "grown_ups"}))
    shop.apply()
    done = rollback(shop.root, 1, Request(NOON_US), run(), review=Unasked(), progress=Silent())
    assert done.outcome.serial == 3
    assert reasons(done.outcome.prepared.plan) == {"adults": ["moved"]}
    record = shop.records()[0]
    assert sorted(name for _, name in record.snapshots) == ["adults", "outer"]
    assert record.former["segment", "adults"] == (("grown_ups", 2), ("adults", 1))
    assert shop.members("adults") == "bcdef"


def test_members_of_older_serials_are_found_by_both_names(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(GROWN)
    shop.apply()
    shop.users("a,20", "b,20")
    shop.refresh("2026-01-11T12:00:00Z")
    assert [shop.members("grown_ups", serial) for serial in (1, 2, 3)] == ["bcdef", "bcdef", "ab"]
    assert shop.members("adults", 1) == "bcdef"
    assert [shop.moved("grown_ups", serial) for serial in (1, 2, 3)] == [("bcdef", ""), ("", ""), ("a", "cdef")]
    with pytest.raises(SegctlError, match="the segment `adults` is `grown_ups` since serial 2"):
        shop.members("adults")


def test_a_rename_that_nobody_has_told_is_asked_about(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(segment("grown_ups", *ADULTS["where"]), BUYERS)
    [warning] = shop.prepared().warnings
    assert (warning.code, warning.summary, warning.hint) == (
        "looks-renamed",
        "the segment `adults` is removed, and the new `grown_ups` has the same meaning",
        "if it is a new name, write `moved: {from: adults}` into `grown_ups`: then no member moves",
    )
    assert str(warning.span).endswith("all.yaml:1:29")
    shop.define(GROWN, BUYERS)
    assert shop.prepared().warnings == ()


def test_how_a_plan_tells_of_renames_and_of_what_is_gone(shop: Shop) -> None:
    outer, win = segment("outer", {"segment": "adults"}), campaign("win", "outer")
    shop.define(ADULTS, BUYERS, outer, win)
    shop.apply()
    shop.define(GROWN, BUYERS | {"archived": True})
    found = render(plan(shop.plan(), "UTC"), width=200, colour=False)
    assert (
        found
        == """\
shop, as of 2026-01-10 12:00 UTC, against serial 1

  - campaign win    5 members, removed (members kept in the history)
      means: People who are in the segment outer
  - segment buyers  3 members, archived in its file
      means: People who have made a purchase in the last 30 days
  ~ segment grown_ups  renamed from adults
      means: People whose age is at least 18
      what is published moves along; nobody enters or leaves
      used by: campaign win (through others, no more), outer (no more)
  - segment outer   5 members, removed (members kept in the history)
      means: People who are in the segment grown_ups
      was used by: campaign win (removed too)

Plan: 0 to create, 1 to update, 3 to delete, 0 unchanged.
"""
    )
    data = json.loads(dumps(as_data(shop.plan())))
    jsonschema.validate(data, PLAN_SCHEMA)
    assert data["changes"][2]["moved_from"] == "adults"
    assert data["changes"][3]["used_by"] == [
        {"kind": "campaign", "name": "win", "direct": True, "applied": True, "defined": False}
    ]
    assert data["changes"][3]["uses"] == [{"kind": "segment", "name": "grown_ups"}]
    shop.apply()
    shop.define(GROWN, BUYERS)
    assert "+ segment buyers  3 members, back; last in serial 1" in render(
        plan(shop.plan(), "UTC"), width=200, colour=False
    )


def test_a_rename_can_be_selected_with_what_uses_it(shop: Shop) -> None:
    shop.define(ADULTS, segment("outer", {"segment": "adults"}), BUYERS, LOYAL)
    shop.apply()
    shop.define(
        GROWN, segment("outer", {"segment": "grown_ups"}), BUYERS | {"owner": "crm"}, LOYAL | {"archived": True}
    )

    def planned(*select: str) -> dict[str, list[str]]:
        return reasons(prepared(shop.root, Request(NOON_US, NOON, select=select), Silent()).plan)

    assert planned("grown_ups+") == {"grown_ups": ["moved"]}
    assert planned("adults+") == {"grown_ups": ["moved"]}
    assert planned("loyal") == {"loyal": ["archived"]}
    assert planned("buyers") == {"buyers": ["metadata"]}
    with pytest.raises(InvalidInput) as caught:
        planned("grown_ups")
    assert caught.value.diagnostics[0].hint == "take what used it as well: `--select grown_ups+`"


def test_who_uses_what_is_known_of_what_is_removed_too(shop: Shop) -> None:
    shop.define(ADULTS, segment("outer", {"segment": "adults"}), segment("wide", {"segment": "adults"}))
    shop.apply()
    shop.define(ADULTS, segment("wide", {"everyone": True}))
    assert shop.prepared().uses == ((("segment", "outer"), ("segment", "adults")),)
    shop.define(segment("wide", {"everyone": True}))
    assert shop.prepared().uses == (
        (("segment", "outer"), ("segment", "adults")), (("segment", "wide"), ("segment", "adults")),
    )  # fmt: skip
