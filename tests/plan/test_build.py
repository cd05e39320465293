from __future__ import annotations

from dataclasses import replace

from segctl.load.document import Key
from segctl.plan.build import Effect, Sides, apply_plan, refresh_plan
from segctl.plan.compare import Difference, compare
from segctl.plan.grants import parse_allowance
from segctl.plan.plan import Action, Basis, Members, Movement, Plan, Reason
from segctl.state.record import Definition
from tests.plan.worlds import segment, world

ADULT = {"attribute": "age", "at_least": 18}
BASIS = Basis("shop", "line", 3, 1_000, "definitions", "data")
VIP: Key = ("segment", "vip")
LOSS = Effect(Members(2_000, 1_000, Movement(exited=1_000)), "m1")


def planned(effect: Effect = LOSS, basis: Basis = BASIS, *flags: str) -> Plan:
    before, _ = world(segment("vip", ADULT), segment("old", ADULT))
    after, graph = world(segment("vip", ADULT | {"at_least": 21}), segment("old", ADULT))
    allowances = frozenset(parse_allowance(flag) for flag in flags)
    return apply_plan(basis, Sides(before, after, 500), compare(before, after, graph), {VIP: effect}, allowances)


def test_a_plan_counts_and_guards() -> None:
    plan = planned()
    (change,) = plan.changes
    assert (change.key, change.action, change.reasons) == (VIP, Action.UPDATE, (Reason.LOGIC,))
    assert change.members == LOSS.members
    assert change.membership == "m1"
    assert [finding.rule for finding in plan.findings() if finding.stops] == ["max_exit"]
    assert (plan.count(Action.UPDATE), plan.unchanged, plan.is_empty) == (1, 1, False)


def test_the_digest_is_of_all_that_matters_and_of_nothing_else() -> None:
    plan = planned()
    assert planned().digest == plan.digest
    assert planned(LOSS, BASIS, "max_exit:vip").digest == plan.digest
    assert planned(replace(LOSS, digest="m2")).digest != plan.digest
    for other in (
        replace(BASIS, serial=4), replace(BASIS, lineage=None), replace(BASIS, as_of_us=1_001),
        replace(BASIS, data="other"), replace(BASIS, definitions="other"), replace(BASIS, project="other"),
    ):  # fmt: skip
        assert planned(LOSS, other).digest != plan.digest


def test_a_flag_lets_the_plan_pass() -> None:
    plan = planned(LOSS, BASIS, "max_exit:vip")
    assert [(finding.rule, finding.allowed, finding.stops) for finding in plan.findings()] == [
        ("max_exit", True, False)
    ]


def test_going_back_in_time_is_for_the_whole_plan() -> None:
    plan = planned(Effect(Members(1, 1), "m1"), replace(BASIS, as_of_us=499))
    assert [finding.rule for finding in plan.guards] == ["earlier_as_of"]


def test_without_changes_there_is_nothing_to_do_at_any_time() -> None:
    defined, _ = world(segment("vip", ADULT))
    plan = apply_plan(replace(BASIS, as_of_us=499), Sides(defined, defined, 500), (), {})
    assert plan.is_empty
    assert plan.guards == ()
    assert plan.unchanged == 1


def test_removals_are_guarded_and_the_protected_are_never_allowed() -> None:
    before = {("segment", f"s{n}"): Definition({}, "o", "d", "m", protect=n == 0) for n in range(10)}
    after = {key: d for key, d in before.items() if key[1] in {"s8", "s9"}}
    differences = [Difference(key, Action.DELETE) for key in before if key not in after]
    effects = {d.key: Effect(Members(5, 0, Movement(exited=5))) for d in differences}
    plan = apply_plan(BASIS, Sides(before, after, 500), differences, effects)
    assert sorted(finding.rule for finding in plan.findings()) == ["max_removed", "protect"]
    assert (plan.count(Action.DELETE), plan.unchanged) == (8, 2)


REFRESHED = [
    Difference(VIP, Action.UPDATE, (Reason.DATA,)),
    Difference(("segment", "old"), Action.UPDATE, (Reason.DATA,)),
]


def refreshed(as_of_us: int, entered: int) -> Plan:
    defined, _ = world(segment("vip", ADULT), segment("old", ADULT))
    effects = {
        VIP: Effect(Members(1, 1 + entered, by_data=Movement(entered))),
        ("segment", "old"): Effect(Members(4, 4)),
    }
    return refresh_plan(replace(BASIS, as_of_us=as_of_us), Sides(defined, defined, 500), REFRESHED, effects)


def test_a_refresh_tells_who_moves_and_that_time_does() -> None:
    plan = refreshed(600, 2)
    assert [change.key for change in plan.changes] == [VIP]
    assert (plan.unchanged, plan.moves_time, plan.is_empty) == (1, True, False)
    assert (refreshed(600, 0).changes, refreshed(600, 0).is_empty) == ((), False)
    assert refreshed(500, 0).is_empty
    assert not refreshed(500, 1).is_empty
    assert [finding.rule for finding in refreshed(499, 0).guards] == ["earlier_as_of"]
