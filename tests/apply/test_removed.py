"""What is removed or archived, and what uses it."""

from __future__ import annotations

from typing import Any

import pytest

from segctl.diagnostics import Diagnostic, InvalidInput, Refused, SegctlError
from segctl.plan.plan import Action
from segctl.workflow.validate import validate
from tests.apply.shop import ADULTS, BUYERS, LOYAL, Shop, change, numbers, reasons, segment

OUTER = segment("outer", {"segment": "adults"})
REACH = segment("reach", {"segment": "outer"}, {"extension": "loyal"})
WIN: dict[str, Any] = {"kind": "campaign", "name": "win", "audience": {"include": ["reach"]}}


def wrong(shop: Shop) -> list[Diagnostic]:
    with pytest.raises(InvalidInput) as caught:
        shop.apply()
    return list(caught.value.diagnostics)


def test_whatever_would_break_is_told_at_once_with_all_that_it_reaches(shop: Shop) -> None:
    shop.define(ADULTS, LOYAL, OUTER, REACH, WIN, BUYERS)
    shop.apply()
    shop.define(ADULTS, LOYAL, OUTER, REACH, WIN)
    shop.apply()
    shop.define(OUTER, REACH, WIN, segment("late", {"segment": "buyers"}))
    found = wrong(shop)
    assert [(one.code, one.summary, one.detail) for one in found] == [
        (
            "removed-reference", "the segment `adults` was removed (applied until serial 2)",
            "used by outer -> reach -> campaign win",
        ),
        (
            "removed-reference", "the extension `loyal` was removed (applied until serial 2)",
            "used by reach -> campaign win",
        ),
        ("removed-reference", "the segment `buyers` was removed (applied until serial 1)", "used by late"),
    ]  # fmt: skip
    assert found[0].hint == (
        "bring its definition back, or remove this use; if it has another name now, "
        "write `moved: {from: adults}` into its definition"
    )
    assert shop.serial() == 2
    with pytest.raises(InvalidInput) as caught:
        validate(shop.root)
    assert {one.code for one in caught.value.diagnostics} == {"missing-reference"}


def test_a_definition_that_says_the_same_is_offered_as_the_new_name(shop: Shop) -> None:
    shop.define(ADULTS, OUTER)
    shop.apply()
    shop.define(segment("grown_ups", *ADULTS["where"]), OUTER)
    [found] = wrong(shop)
    assert (
        "`grown_ups` has the same meaning: if that is its new name, write `moved: {from: adults}` into it" in found.hint
    )
    shop.define(segment("grown_ups", *ADULTS["where"], moved={"from": "adults"}), OUTER)
    [found] = wrong(shop)
    assert (found.summary, found.hint) == ("`adults` was renamed to `grown_ups`", "write `grown_ups`")
    shop.define(segment("grown_ups", *ADULTS["where"], moved={"from": "adults"}), segment("other", *ADULTS["where"]))
    shop.apply()
    shop.define(segment("grown_ups", *ADULTS["where"]), OUTER)
    [found] = wrong(shop)
    assert (found.summary, found.hint) == ("the segment `adults` is `grown_ups` since serial 2", "write `grown_ups`")


def test_a_state_that_cannot_be_read_says_nothing_of_what_is_gone(shop: Shop) -> None:
    shop.define(ADULTS, OUTER)
    shop.apply()
    for record in (shop.root / ".segctl/records").iterdir():
        record.chmod(0o600)
        record.write_text("torn")
    shop.define(OUTER)
    assert [found.code for found in wrong(shop)] == ["missing-reference"]


def test_a_plan_says_what_used_what_is_removed(shop: Shop) -> None:
    shop.define(ADULTS, OUTER, LOYAL, REACH, WIN)
    shop.apply()
    shop.define(LOYAL, segment("reach", {"extension": "loyal"}), WIN)
    planned = shop.plan()
    assert reasons(planned) == {
        "adults": ["delete"], "outer": ["delete"], "reach": ["logic"], "win": ["depends"],
    }  # fmt: skip
    found = change(planned, "adults")
    assert [(use.key[1], use.direct, use.applied, use.defined) for use in found.used_by] == [
        ("win", False, True, False), ("outer", True, True, False), ("reach", False, True, False),
    ]  # fmt: skip
    assert change(planned, "outer").uses == (("segment", "adults"),)
    assert change(planned, "reach").uses == (("extension", "loyal"),)


def test_what_is_archived_leaves_and_its_history_stays(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(ADULTS, BUYERS | {"archived": True})
    planned = shop.plan()
    found = change(planned, "buyers")
    assert (found.action, found.reasons) == (Action.DELETE, ("archived",))
    assert numbers(planned, "buyers") == (3, 0, (0, 3), (0, 0))
    assert shop.apply().serial == 2
    assert shop.plan().is_empty
    assert shop.members("buyers", 1) == "abc"
    with pytest.raises(SegctlError, match="the segment `buyers` was removed after serial 1"):
        shop.members("buyers")
    shop.define(ADULTS)
    assert shop.plan().is_empty

    shop.events("d,purchase,8")
    shop.define(ADULTS, BUYERS | {"archived": False})
    planned = shop.plan()
    found = change(planned, "buyers")
    assert (found.action, found.last_serial) == (Action.CREATE, 1)
    assert shop.apply().serial == 3
    assert (shop.members("buyers"), shop.members("buyers", 1)) == ("abcd", "abc")


def test_an_archived_definition_that_was_never_applied_is_nothing(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS | {"archived": True})
    assert reasons(shop.plan()) == {"adults": ["create"]}


def test_what_is_archived_cannot_be_used_any_more(shop: Shop) -> None:
    shop.define(ADULTS, OUTER, LOYAL, REACH, WIN)
    shop.apply()
    shop.define(ADULTS | {"archived": True}, OUTER, LOYAL, REACH, WIN)
    assert [(one.code, one.detail) for one in wrong(shop)] == [
        ("archived-reference", "used by outer -> reach -> campaign win")
    ]
    # what uses it can be archived with it; what that refers to may be gone
    shop.define(OUTER | {"archived": True}, LOYAL, segment("reach", {"extension": "loyal"}), WIN)
    assert reasons(shop.plan()) == {
        "adults": ["delete"], "outer": ["archived"], "reach": ["logic"], "win": ["depends"],
    }  # fmt: skip
    assert shop.apply().serial == 2


def test_what_is_protected_cannot_be_archived_either(shop: Shop) -> None:
    shop.define(ADULTS | {"protect": True}, BUYERS)
    shop.apply()
    shop.define(ADULTS | {"protect": True, "archived": True}, BUYERS)
    with pytest.raises(Refused, match="segment `adults` is protected and would be archived"):
        shop.apply()
    shop.define(segment("grown_ups", *ADULTS["where"], moved={"from": "adults"}, archived=True), BUYERS)
    with pytest.raises(Refused, match="segment `adults` is protected and would be archived"):
        shop.apply()
    assert shop.serial() == 1


def test_a_definition_that_is_archived_under_a_new_name_takes_the_old_one_along(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(segment("grown_ups", *ADULTS["where"], moved={"from": "adults"}, archived=True), BUYERS)
    assert reasons(shop.plan()) == {"adults": ["archived"]}
