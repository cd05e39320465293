from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.diagnostics import Usage
from segctl.plan import guards
from segctl.plan.allowances import allow, check_names
from segctl.plan.grants import parse_allowance
from segctl.plan.guards import share
from segctl.plan.plan import Action, Allowance, Change, GuardFinding, Members, Movement, Reason
from segctl.state.record import Definition

VIP = ("segment", "vip")


def definition(*, protect: bool = False, **limits: Any) -> Definition:
    data = {"kind": "segment", "name": "vip", "where": {"everyone": True}} | ({"guards": limits} if limits else {})
    return Definition(data, "own", "deep", "meta", protect=protect)


def change(before: int, entered: int, exited: int, action: Action = Action.UPDATE) -> Change:
    members = Members(before, before + entered - exited, Movement(entered, exited))
    return Change(VIP, action, members=members)


def rules(found: tuple[GuardFinding, ...]) -> list[str]:
    return [finding.rule for finding in found]


@pytest.mark.parametrize(
    ("before", "exited", "expected"),
    [(999, 999, []), (1_000, 300, []), (1_000, 301, ["max_exit"]), (10_000, 3_001, ["max_exit"]), (0, 0, [])],
)
def test_a_large_membership_loses_at_most_30_percent(before: int, exited: int, expected: list[str]) -> None:
    assert rules(guards.check_change(change(before, 0, exited), definition())) == expected


@pytest.mark.parametrize(
    ("limits", "before", "entered", "exited", "expected"),
    [
        ({"max_exit": "20%"}, 10, 0, 2, []),
        ({"max_exit": "20%"}, 10, 0, 3, ["max_exit"]),
        ({"max_exit": "100%"}, 5_000, 0, 5_000, []),
        ({"max_exit": "0%"}, 5, 0, 1, ["max_exit"]),
        ({"max_exit": "33.3%"}, 1_000, 0, 333, []),
        ({"max_exit": "33.3%"}, 1_000, 0, 334, ["max_exit"]),
        ({"max_enter": "50%"}, 10, 5, 0, []),
        ({"max_enter": "50%"}, 10, 6, 0, ["max_enter"]),
        ({"max_enter": "50%"}, 0, 1, 0, ["max_enter"]),
        ({"min_members": 10}, 12, 0, 2, []),
        ({"min_members": 10}, 12, 0, 3, ["min_members"]),
        ({"min_members": 9, "max_exit": "9%", "max_enter": "1%"}, 12, 1, 12, ["max_exit", "max_enter", "min_members"]),
    ],
)  # fmt: skip
def test_a_definition_sets_its_own_limits(
    limits: dict[str, Any], before: int, entered: int, exited: int, expected: list[str]
) -> None:
    assert rules(guards.check_change(change(before, entered, exited), definition(**limits))) == expected


def test_a_new_membership_has_no_before_to_grow_from_but_has_a_least_size() -> None:
    created = change(0, 5, 0, Action.CREATE)
    assert rules(guards.check_change(created, definition(max_enter="1%"))) == []
    assert rules(guards.check_change(created, definition(min_members=6))) == ["min_members"]


def test_a_message_names_the_key_and_the_flag() -> None:
    (found,) = guards.check_change(change(2_000, 0, 1_000), definition())
    assert found.message == (
        "segment `vip` would lose 1,000 of 2,000 members (50.0 %); the limit is 30%; "
        'if this is intended, raise `guards.max_exit` in its file, or pass `--allow max_exit:vip --reason "..."`'
    )


def many(count: int, *, protect: bool = False) -> dict[tuple[str, str], Definition]:
    return {("segment", f"s{n}"): definition(protect=protect) for n in range(count)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(9, 1, []), (10, 7, []), (10, 6, ["max_removed"]), (10, 0, ["empty_definitions"]), (1, 0, ["empty_definitions"]),
     (0, 0, [])],
)  # fmt: skip
def test_removing_much_is_refused(before: int, after: int, expected: list[str]) -> None:
    assert rules(guards.check_removals(many(before), many(after))) == expected


def test_protection_is_the_states_and_outlives_the_file() -> None:
    assert rules(guards.check_removals(many(2, protect=True), many(1))) == ["protect"]
    assert rules(guards.check_removals(many(2), many(1, protect=True))) == []


def test_going_back_in_time_is_refused() -> None:
    assert rules(guards.check_time(2, 1)) == ["earlier_as_of"]
    assert rules(guards.check_time(1, 1)) == []
    assert rules(guards.check_time(None, 1)) == []


@pytest.mark.parametrize(
    ("flag", "stops"),
    [("max_exit", False), ("max_exit:vip", False), ("max_exit:segment.vip", False), ("max_exit:other", True),
     ("max_enter", True)],
)  # fmt: skip
def test_a_flag_lets_its_finding_pass(flag: str, stops: bool) -> None:  # noqa: FBT001
    (found,) = allow(guards.check_change(change(2_000, 0, 1_000), definition()), {parse_allowance(flag)})
    assert found.stops == stops


def test_protection_is_never_allowed_by_a_flag() -> None:
    with pytest.raises(Usage, match="cannot be allowed"):
        parse_allowance("protect:vip")
    (found,) = allow(guards.check_removals(many(2, protect=True), many(1)), {Allowance("protect")})
    assert found.stops


def test_an_unknown_rule_is_told_with_what_was_meant() -> None:
    with pytest.raises(Usage, match="no guard or policy `max_exits`") as caught:
        check_names({parse_allowance("max_exits:vip")}, [("segment", "vip")])
    assert caught.value.hint == "did you mean `max_exit`?"


@given(st.integers(0, 5_000), st.data())
def test_the_limit_is_exact(before: int, data: st.DataObject) -> None:
    exited = data.draw(st.integers(0, before))
    hundredths = data.draw(st.integers(0, 10_000))
    text = f"{hundredths // 100}.{hundredths % 100:02}%"
    too_many = exited * 10_000 > hundredths * before
    assert share(text) == Fraction(hundredths, 10_000)
    assert bool(guards.check_change(change(before, 0, exited), definition(max_exit=text))) == too_many


def test_a_flag_for_nobody_is_told() -> None:
    known = [("segment", "loyal")]
    for name in ("", "loyal", "segment.loyal"):
        check_names({Allowance("max_exit", name)}, known)
    with pytest.raises(Usage, match=r"`--allow max_exit:loyl`: there is no `loyl`") as caught:
        check_names({Allowance("max_exit", "loyl")}, known)
    assert caught.value.hint == "did you mean `loyal`?"


def emptied(before: int, after: int, kind: str = "campaign", reason: Reason = Reason.LOGIC) -> Change:
    members = Members(before, after, Movement(max(after - before, 0), max(before - after, 0)))
    return Change((kind, "vip"), Action.UPDATE, (reason,), members=members)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        (emptied(5, 0), ["empty_audience"]),
        (emptied(5, 0, reason=Reason.DEPENDS), ["empty_audience"]),
        (emptied(5, 0, reason=Reason.DATA), []),
        (emptied(5, 0, "segment"), []),
        (emptied(0, 0), []),
        (emptied(5, 1), []),
    ],
)
def test_a_campaign_that_its_definition_leaves_with_nobody_is_refused(what: Change, found: list[str]) -> None:
    assert rules(guards.check_change(what, definition())) == found


@pytest.mark.parametrize(
    ("what", "population", "found"),
    [
        (emptied(100, 951, "segment"), 1_000, ["nearly_everybody"]),
        (emptied(100, 950, "segment"), 1_000, []),
        (emptied(100, 951, "segment", Reason.DATA), 1_000, ["nearly_everybody"]),
        (emptied(900, 1_000, "segment"), 1_000, []),
        (emptied(100, 999, "segment"), 999, []),
    ],
)
def test_what_takes_in_nearly_everybody_is_refused(what: Change, population: int, found: list[str]) -> None:
    assert rules(guards.check_change(what, definition(), population)) == found
