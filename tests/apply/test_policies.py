"""Policies over a whole life: planned, refused, let pass, kept for refreshes, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from segctl.diagnostics import InvalidInput, Refused, SegctlError, Severity, Usage
from segctl.load.document import Key
from segctl.plan.plan import Action, GuardFinding, Plan
from segctl.progress import Silent
from segctl.state.record import Override
from segctl.workflow.check import check
from segctl.workflow.commit import Outcome
from segctl.workflow.explain import explain
from segctl.workflow.live_members import live
from segctl.workflow.members import Asked
from segctl.workflow.plan import plan
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import rollback
from tests.apply.shop import ADULTS, NOON, NOON_US, Shop, request, run, segment

OWNED: dict[str, Any] = {"kind": "policy", "name": "owned", "require": ["owner"]}
CONSENT: dict[str, Any] = {
    "kind": "policy", "name": "consent", "audience_implies": {"attribute": "consent", "is": True},
}  # fmt: skip
SOME: dict[str, Any] = {"kind": "policy", "name": "some", "members": {"at_least": 2, "at_most": "80%"}}
EARLY = "2026-01-09T12:00:00Z"


def campaign(name: str = "mail", **audience: Any) -> dict[str, Any]:
    return {"kind": "campaign", "name": name, "audience": {"include": ["adults"], **audience}}


def stopping(plan: Plan) -> list[tuple[str, Key | None]]:
    return [(finding.rule, finding.key) for finding in plan.findings() if finding.stops]


def findings(plan: Plan) -> list[GuardFinding]:
    return list(plan.findings())


@pytest.fixture
def shop_of_four(shop: Shop) -> Shop:
    shop.users("a,20,true", "b,40,false", "c,70,true", "d,10,true", columns="id,age,consent")
    return shop


def owned(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "owner": "crm"}


def test_what_a_policy_does_not_like_is_refused_and_let_pass_with_a_reason(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, OWNED)
    assert stopping(shop_of_four.plan()) == [("owned", ("segment", "adults"))]
    with pytest.raises(Refused, match=r"pass `--allow owned:adults --reason"):
        shop_of_four.apply()
    assert shop_of_four.serial() == 0
    with pytest.raises(Usage, match="no guard or policy `ownd`") as unknown:
        shop_of_four.apply(NOON, "ownd")
    assert unknown.value.hint == "did you mean `owned`?"
    done = shop_of_four.apply(NOON, "owned:adults")
    assert done.overrides == (Override("owned", "adults", "it is meant"),)
    assert shop_of_four.records()[0].definitions["policy", "owned"].data == OWNED


def test_what_was_let_pass_is_told_and_stops_nothing_until_it_is_touched_again(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, OWNED)
    shop_of_four.apply(NOON, "owned")
    teens = owned(segment("teens", {"attribute": "age", "at_least": 13}))
    shop_of_four.define(ADULTS, OWNED, teens)
    plan = shop_of_four.plan()
    assert [(one.rule, one.stops) for one in findings(plan)] == [("owned", False)]
    assert shop_of_four.apply().serial == 2
    shop_of_four.define(segment("adults", {"attribute": "age", "at_least": 21}), OWNED, teens)
    assert stopping(shop_of_four.plan()) == [("owned", ("segment", "adults"))]


def test_a_policy_that_is_new_judges_what_is_there(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, campaign())
    shop_of_four.apply()
    shop_of_four.define(ADULTS, campaign(), CONSENT, OWNED)
    plan = shop_of_four.plan()
    assert [(change.key, change.action) for change in plan.changes] == [
        (("policy", "consent"), Action.CREATE), (("policy", "owned"), Action.CREATE)
    ]  # fmt: skip
    assert stopping(plan) == [
        ("consent", ("campaign", "mail")), ("owned", ("campaign", "mail")), ("owned", ("segment", "adults"))
    ]  # fmt: skip
    assert "1 of its members today is not" in findings(plan)[0].message


def test_a_condition_that_everybody_meets_by_chance_is_not_certain(shop_of_four: Shop) -> None:
    shop_of_four.users("a,20,true", columns="id,age,consent")
    shop_of_four.define(ADULTS, campaign(), CONSENT)
    [found] = findings(shop_of_four.plan())
    assert "it is not certain of every member, and counts as not met; all of today's happen to be" in found.message


def test_an_audience_that_makes_sure_is_let_be(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, campaign(where={"attribute": "consent", "is": True}), CONSENT)
    assert findings(shop_of_four.plan()) == []
    assert shop_of_four.apply().serial == 1


def test_what_is_changed_or_removed_is_shown(shop_of_four: Shop) -> None:
    shop_of_four.define(owned(ADULTS), OWNED)
    shop_of_four.apply()
    shop_of_four.define(owned(ADULTS), {**OWNED, "severity": "warning"})
    [change] = shop_of_four.plan().changes
    assert (change.key, change.reasons, [field.path for field in change.diff], change.members) == (
        ("policy", "owned"), ("metadata",), ["severity"], None
    )  # fmt: skip
    shop_of_four.apply()
    assert shop_of_four.plan().is_empty
    shop_of_four.define(owned(ADULTS))
    [gone] = shop_of_four.plan().changes
    assert (gone.key, gone.action) == (("policy", "owned"), Action.DELETE)
    assert shop_of_four.apply().serial == 3
    assert shop_of_four.plan().is_empty


def test_a_protected_policy_is_not_removed_with_what_it_forbids(shop_of_four: Shop) -> None:
    shop_of_four.define(owned(ADULTS), {**OWNED, "protect": True})
    shop_of_four.apply()
    shop_of_four.define(ADULTS)
    assert ("protect", ("policy", "owned")) in stopping(shop_of_four.plan())


def test_nothing_but_policies_is_nothing(shop_of_four: Shop) -> None:
    shop_of_four.define(owned(ADULTS), OWNED)
    shop_of_four.apply()
    shop_of_four.define(OWNED)
    assert stopping(shop_of_four.plan()) == [("empty_definitions", None)]


def test_a_refresh_checks_sizes_by_the_policies_that_are_applied(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, SOME)
    assert shop_of_four.apply(EARLY).serial == 1
    shop_of_four.define(ADULTS)
    shop_of_four.users("a,20", "b,40", "c,70", "e,80", columns="id,age")
    with pytest.raises(Refused, match=r"has 4 members of 4 users \(100.0 %\); it may have at most 80%"):
        shop_of_four.refresh(NOON)
    done = shop_of_four.refresh(NOON, "some:adults")
    assert (done.serial, done.overrides) == (2, (Override("some", "adults", "it is meant"),))
    shop_of_four.users("a,20", "b,4", columns="id,age")
    with pytest.raises(Refused, match=r"has 1 member of 2 users \(50.0 %\); it must have at least 2"):
        shop_of_four.refresh(NOON)


def test_validate_says_it_at_its_place(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, campaign(), CONSENT, {**OWNED, "severity": "warning"})
    told = check(shop_of_four.root, NOON_US, Silent()).diagnostics
    assert [(one.code, one.severity) for one in told if one.code.startswith("policy:")] == [
        ("policy:owned", Severity.WARNING), ("policy:owned", Severity.WARNING), ("policy:consent", Severity.ERROR),
    ]  # fmt: skip
    assert all(one.span and one.span.line for one in told)
    without = check(shop_of_four.root, NOON_US, Silent(), data=False).diagnostics
    assert {one.code for one in without} == {"policy:owned"}


def test_policies_stand_beside_segments_too(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS)
    folder = shop_of_four.root / "policies"
    folder.mkdir()
    (folder / "owned.yaml").write_text("kind: policy\nname: owned\nrequire: [owner]\n")
    assert stopping(shop_of_four.plan()) == [("owned", ("segment", "adults"))]
    (folder / "owned.yaml").write_text("kind: policy\nname: owned\n")
    with pytest.raises(InvalidInput):
        shop_of_four.plan()


def test_a_policy_that_says_never_is_never_let_pass(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, {**OWNED, "override": "never"})
    with pytest.raises(Refused):
        shop_of_four.apply(NOON, "owned")


def test_what_does_not_block_is_told_and_applied(shop_of_four: Shop) -> None:
    shop_of_four.define(ADULTS, {**OWNED, "blocking": False})
    [found] = findings(shop_of_four.plan())
    assert (found.severity, found.blocking) == (Severity.ERROR, False)
    done = shop_of_four.apply(NOON, "owned")
    assert (done.serial, done.overrides) == (1, ())


def test_nobody_is_in_or_out_of_a_policy_and_its_name_may_be_a_segments_too(shop_of_four: Shop) -> None:
    policy = {**OWNED, "name": "adults", "severity": "warning", "blocking": False}
    shop_of_four.define(owned(ADULTS), policy, OWNED)
    asked = Request(NOON_US, NOON)
    assert explain(shop_of_four.root, "adults", "a", asked, Silent()).key == ("segment", "adults")
    assert live(shop_of_four.root, Asked(("adults",)), asked, Silent()).lists[0].key == ("segment", "adults")
    for ask in (explain_owned, live_owned):
        with pytest.raises(SegctlError, match="`owned` is a policy, which has no members"):
            ask(shop_of_four, asked)


def explain_owned(shop: Shop, asked: Request) -> object:
    return explain(shop.root, "owned", "a", asked, Silent())


def live_owned(shop: Shop, asked: Request) -> object:
    return live(shop.root, Asked(("owned",)), asked, Silent())


@pytest.mark.parametrize("start", [".", "segments", "segments/email", "data", ".."])
def test_a_path_is_that_from_the_projects_folder_wherever_one_starts(
    shop_of_four: Shop, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    shop_of_four.define(ADULTS, {**OWNED, "on": {"path": "segments/email/*"}})
    folder = shop_of_four.root / "segments" / "email"
    folder.mkdir()
    (folder / "any.yaml").write_text("kind: segment\nname: mailed\nwhere: {attribute: consent, is: true}\n")
    monkeypatch.chdir(shop_of_four.root / start)
    assert stopping(shop_of_four.plan()) == [("owned", ("segment", "mailed"))]


def test_a_rollback_is_judged_by_the_policies_that_hold_now(shop_of_four: Shop) -> None:
    shop_of_four.define(owned(ADULTS), campaign())
    shop_of_four.apply()
    reads = {"kind": "policy", "name": "no_ages", "on": {"kinds": ["segment"]}, "forbid": {"attributes": ["age"]}}
    shop_of_four.define(owned(segment("adults", {"attribute": "consent", "is": True})), campaign(), reads)
    shop_of_four.apply(NOON, "max_exit")
    with pytest.raises(Refused, match="segment `adults` reads the attribute `age`"):
        back(shop_of_four)
    assert back(shop_of_four, "no_ages").overrides == (Override("no_ages", None, "it is meant"),)
    assert shop_of_four.plan().is_empty is False


def back(shop: Shop, *allow: str) -> Outcome:
    return rollback(shop.root, 1, request(NOON, allow), run(), review=Unasked(), progress=Silent()).outcome


def test_a_selection_is_judged_by_the_policies_that_are_applied(shop_of_four: Shop) -> None:
    shop_of_four.define(owned(ADULTS), OWNED)
    shop_of_four.apply()
    teens = segment("teens", {"attribute": "age", "at_least": 13})
    shop_of_four.define(owned(ADULTS), {**OWNED, "blocking": False}, teens)
    narrow = Request(NOON_US, NOON, select=("teens",))
    assert stopping(plan(shop_of_four.root, narrow, Silent()).plan) == [("owned", ("segment", "teens"))]
    both = Request(NOON_US, NOON, select=("teens", "owned"))
    assert stopping(plan(shop_of_four.root, both, Silent()).plan) == []
