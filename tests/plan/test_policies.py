"""Each rule of a policy: what it finds, what it lets be, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from segctl.graph import examine
from segctl.load.document import Document, Key, restore
from segctl.load.project import Definitions
from segctl.logic.types import Scalar, Schema
from segctl.model.policy import TAKEN, Policy, Sizes
from segctl.plan.guards import RULES
from segctl.plan.plan import Action, Basis, Change, Members, Plan
from segctl.plan.policies import as_guards, broken, policies_among
from segctl.plan.policies_plan import judge
from segctl.plan.policies_subject import Finding, Judged
from segctl.workflow.policies import subject_of

SCHEMA = Schema(
    zone="UTC",
    users={"consent": Scalar.BOOL, "religion": Scalar.STRING, "age": Scalar.INT},
    events={"purchase": {"amount": Scalar.FLOAT, "card": Scalar.STRING}, "doctor_visit": {}},
)
ADULTS: dict[str, Any] = {"kind": "segment", "name": "adults", "where": {"attribute": "age", "at_least": 18}}
FAITHFUL: dict[str, Any] = {"kind": "segment", "name": "faithful", "where": {"attribute": "religion", "exists": True}}
CONSENTING: dict[str, Any] = {"kind": "segment", "name": "consenting", "where": {"attribute": "consent", "is": True}}


def policy(name: str = "rule", **rest: Any) -> dict[str, Any]:
    return {"kind": "policy", "name": name, **rest}


def campaign(*include: str, **audience: Any) -> dict[str, Any]:
    return {"kind": "campaign", "name": "mail", "audience": {"include": list(include), **audience}}


def documents(*written: dict[str, Any]) -> dict[Key, Document]:
    return {document.key: document for document in sorted(map(restore, written), key=lambda one: one.key)}


def found(*written: dict[str, Any], schema: Schema | None = SCHEMA) -> list[Finding]:
    project = restore({"kind": "project", "name": "shop", "users": {"path": "u.csv", "id": "id"}})
    definitions = Definitions(Path(), project, documents(*written))
    graph, wrong = examine(definitions.documents)
    assert not wrong
    return list(broken(subject_of(definitions, graph, schema)))


def about(*written: dict[str, Any]) -> list[str]:
    return [finding.key[1] for finding in found(*written)]


# --- what is written --------------------------------------------------------------------------------


def test_what_is_required_is_written_and_says_something() -> None:
    rule = policy(require=["owner", "description"])
    [owner, description] = found(rule, ADULTS | {"description": " ", "owner": "crm"}, CONSENTING | {"description": "x"})
    assert (owner.what, description.what) == (
        "segment `adults` has no `description`", "segment `consenting` has no `owner`"
    )  # fmt: skip
    assert owner.mend == "write `description:` in its file"


def test_a_key_is_required_of_the_kinds_that_have_it() -> None:
    assert about(policy(require=["guards"]), ADULTS | {"guards": {"max_exit": "5%"}}, campaign("adults")) == ["mail"]
    assert about(policy(require=["schedule"]), ADULTS, campaign("adults")) == ["mail"]
    assert about(policy(require=["protect"]), ADULTS | {"protect": False}) == ["adults"]


def test_one_of_the_tags_is_enough() -> None:
    rule = policy(require_tag=["reviewed", "draft"])
    assert about(rule, ADULTS | {"tags": ["draft", "x"]}, CONSENTING | {"tags": ["x"]}, FAITHFUL) == [
        "consenting", "faithful"
    ]  # fmt: skip


def test_names_match_a_pattern() -> None:
    [finding] = found(policy(naming="^a"), ADULTS, CONSENTING)
    assert finding.what == "the name of segment `consenting` does not match `^a`"


@pytest.mark.parametrize(
    ("on", "chosen"),
    [
        ({}, ["mail", "adults", "consenting"]),
        ({"kinds": ["campaign"]}, ["mail"]),
        ({"tags": ["a", "b"]}, ["adults"]),
        ({"owner": "crm"}, ["consenting"]),
        ({"names": "nt"}, ["consenting"]),
        ({"names": "nt", "owner": "growth"}, []),
    ],
)
def test_a_policy_is_about_what_meets_all_that_it_says(on: dict[str, Any], chosen: list[str]) -> None:
    rule = policy(on=on, require=["description"])
    assert about(rule, ADULTS | {"tags": ["b"]}, CONSENTING | {"owner": "crm"}, campaign("adults")) == chosen


def test_what_is_exempt_or_archived_is_let_be() -> None:
    rule = policy(
        require=["owner"], exempt=[{"name": "adults", "reason": "x"}, {"name": "segment.faithful", "reason": "y"}]
    )
    assert about(rule, ADULTS, FAITHFUL, CONSENTING | {"archived": True}, campaign("adults")) == ["mail"]
    assert about(policy(require=["owner"], archived=True), ADULTS) == []


# --- what is read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forbid", "where", "read"),
    [
        ({"attributes": ["relig*"]}, {"attribute": "religion", "is": "x"}, "attribute `religion`"),
        ({"attributes": ["health"]}, {"attribute": "health.blood", "is": "x"}, "attribute `health.blood`"),
        ({"attributes": ["health.*"]}, {"attribute": "health.blood.type", "is": "x"}, "attribute `health.blood.type`"),
        ({"attributes": ["health.*"]}, {"attribute": "health", "exists": True}, None),
        ({"attributes": ["card"]}, {"event": "purchase", "where": {"property": "card", "is": "x"}}, None),
        ({"properties": ["card"]}, {"event": "purchase", "where": {"property": "card", "is": "x"}}, "property `card`"),
        ({"properties": ["sum"]}, {"event": "purchase", "sum": {"of": "sum", "at_least": 1}}, "property `sum`"),
        ({"events": ["doctor_*"]}, {"event": "doctor_visit"}, "event `doctor_visit`"),
        ({"events": ["doctor_visit"]}, {"event": {"starts_with": "doctor_"}}, "event `doctor_*`"),
        ({"events": ["doctor_visit"]}, {"event": {"starts_with": "lead_"}}, None),
        ({"events": ["doctor_visit"]}, {"event": "*"}, None),
        ({"events": ["doctor_visit"]}, {"sequence": [{"event": "x"}, {"no": "doctor_visit"}]}, "event `doctor_visit`"),
        (
            {"attributes": ["visits.doctor"]},
            {"attribute": "visits", "any_element": {"attribute": "doctor", "is": "x"}}, "attribute `visits.doctor`",
        ),
        ({"traits": ["illness"]}, {"not": {"trait": "illness", "exists": True}}, "trait `illness`"),
    ],
)  # fmt: skip
def test_what_is_forbidden_is_found_wherever_it_is_read(
    forbid: dict[str, Any], where: dict[str, Any], read: str | None
) -> None:
    illness = {"kind": "trait", "name": "illness", "value": {"event": "purchase", "count": {}}}
    reader = {"kind": "segment", "name": "reader", "where": where}
    said = [finding.what for finding in found(policy(forbid=forbid), reader, illness, schema=None)]
    assert said == ([] if read is None else [f"segment `reader` reads the {read}"])


def test_what_is_forbidden_is_found_through_others_and_the_way_is_told() -> None:
    visits = {"kind": "trait", "name": "visits", "value": {"event": "doctor_visit", "count": {}}}
    double = {"kind": "trait", "name": "double", "formula": "visits * 2"}
    often = {"kind": "segment", "name": "often", "where": {"trait": "double", "at_least": 4}}
    rule = policy(on={"kinds": ["campaign"]}, forbid={"events": ["doctor_visit"]})
    [finding] = found(rule, visits, double, often, campaign("often"))
    assert finding.what == (
        "campaign `mail` reads the event `doctor_visit`, through segment `often`, trait `double`, trait `visits`"
    )
    assert finding.mend == "leave it out of trait `visits`"


def test_each_thing_is_told_once_by_the_shortest_way() -> None:
    both = {"kind": "segment", "name": "both", "where": [{"segment": "faithful"}, {"attribute": "religion", "is": "x"}]}
    [finding] = found(policy(on={"names": "both"}, forbid={"attributes": ["religion"]}), both, FAITHFUL)
    assert finding.what == "segment `both` reads the attribute `religion`"


# --- what audiences make sure of --------------------------------------------------------------------

CONSENT = policy("consent", audience_implies={"attribute": "consent", "is": True})


@pytest.mark.parametrize(
    ("audience", "is_met"),
    [
        (campaign("consenting"), True),
        (campaign("adults", where={"attribute": "consent", "is": True}), True),
        (campaign("adults", "consenting"), False),
        (campaign("adults", "consenting", where=[{"segment": "consenting"}]), True),
        (campaign("adults"), False),
        (campaign("adults", exclude=["refusing"]), True),
        (campaign("adults", exclude=["consenting"]), False),
    ],
)
def test_an_audience_makes_sure_of_a_condition_or_does_not(audience: dict[str, Any], is_met: bool) -> None:  # noqa: FBT001
    refusing = {"kind": "segment", "name": "refusing", "where": {"not": {"attribute": "consent", "is": True}}}
    assert (found(CONSENT, audience, ADULTS, CONSENTING, refusing) == []) is is_met


def test_what_cannot_be_proved_says_so_and_how_to_make_it_certain() -> None:
    known = {"kind": "list", "name": "known", "path": "l.csv", "id": "id"}
    listed = {"kind": "segment", "name": "listed", "where": {"list": "known"}}
    [finding] = found(CONSENT, campaign("listed"), listed, known)
    assert finding.what == (
        "campaign `mail` may hold others than people who are marked as consent: "
        "it is not certain of every member, and counts as not met; of list `known` only the ids are known"
    )
    assert (
        finding.mend == "add the condition of the policy `consent` to `where` of its audience, which makes it certain"
    )
    [finding] = found(CONSENT, campaign("adults", exclude=["consenting"]), ADULTS, CONSENTING)
    assert finding.what.endswith(": none of its members can be")


def test_a_policy_may_name_a_segment_and_be_about_segments() -> None:
    rule = policy(on={"kinds": ["segment"], "names": "^mail"}, audience_implies={"segment": "consenting"})
    mailing = {"kind": "segment", "name": "mailing", "where": [{"segment": "adults"}, {"segment": "consenting"}]}
    assert found(rule, mailing, ADULTS, CONSENTING) == []
    assert about(rule, mailing | {"where": {"segment": "adults"}}, ADULTS, CONSENTING) == ["mailing"]


def test_without_the_datas_schema_nothing_is_said_of_it() -> None:
    assert found(CONSENT, campaign("adults"), ADULTS, schema=None) == []


# --- in a plan --------------------------------------------------------------------------------------

VIP: Key = ("segment", "adults")


def planned(judged: Judged, *changes: Change) -> Plan:
    return judge(Plan("apply", Basis("shop", None, 0, 0, "", ""), changes, 0), judged)


def test_only_what_the_plan_touches_is_stopped() -> None:
    rule, other = policy(require=["owner"]), policy("rule_of_others", require=["owner"])
    judged = Judged(documents(rule, other, ADULTS), (Finding("rule", VIP, "what", "mend"),))
    [beside] = planned(judged).guards
    assert (beside.stops, beside.severity, beside.message) == (False, "error", "what; mend")
    plan = planned(judged, Change(VIP, Action.UPDATE))
    assert (plan.guards, [one.stops for one in plan.changes[0].guards]) == ((), [True])
    assert plan.changes[0].guards[0].message == (
        'what; mend, exempt it in the policy `rule` with a reason, or pass `--allow rule:adults --reason "..."`'
    )
    assert [one.stops for one in planned(judged, Change(("policy", "rule"), Action.UPDATE)).guards] == [True]
    assert [one.stops for one in planned(judged, Change(("policy", "rule_of_others"), Action.UPDATE)).guards] == [False]


def test_what_a_policy_refers_to_touches_it() -> None:
    consenting = ("segment", "consenting")
    judged = Judged(
        documents(CONSENT, ADULTS, CONSENTING), (Finding("consent", VIP, "what", "mend"),),
        rests_on={("policy", "consent"): frozenset({consenting})},
    )  # fmt: skip
    [found_beside] = planned(judged, Change(consenting, Action.UPDATE)).guards
    assert found_beside.stops


@pytest.mark.parametrize("severity", ["error", "warning"])
@pytest.mark.parametrize("blocking", [True, False])
def test_severity_and_blocking_are_two_switches(severity: str, blocking: bool) -> None:  # noqa: FBT001
    among = policies_among(documents(policy(require=["owner"], severity=severity, blocking=blocking)))
    [one] = as_guards(among, [Finding("rule", VIP, "what", "mend")], {VIP})
    assert (one.severity, one.stops, one.overridable) == (severity, blocking, True)


def test_some_policies_are_never_let_pass() -> None:
    among = policies_among(documents(policy(require=["owner"], override="never")))
    [one] = as_guards(among, [Finding("rule", VIP, "what", "mend")], {VIP})
    assert (one.overridable, one.message) == (False, "what; mend, or exempt it in the policy `rule` with a reason")


@pytest.mark.parametrize(
    ("limits", "members", "said"),
    [
        ({"at_least": 10}, 10, ""),
        ({"at_least": 10}, 9, "segment `adults` has 9 members of 100 users (9.0 %); it must have at least 10"),
        ({"at_most": "9.5%"}, 9, ""),
        ({"at_most": "9.5%"}, 10, "segment `adults` has 10 members of 100 users (10.0 %); it may have at most 9.5%"),
    ],
)
def test_sizes_are_numbers_or_shares(limits: dict[str, Any], members: int, said: str) -> None:
    judged = Judged(documents(policy(members=limits), ADULTS), sizes={VIP: 50}, population=100)
    plan = planned(judged, Change(VIP, Action.UPDATE, members=Members(50, members)))
    assert [one.message.partition(";")[0] for one in plan.changes[0].guards] == (
        [said.partition(";")[0]] if said else []
    )


def test_what_is_not_evaluated_has_the_size_that_is_published() -> None:
    judged = Judged(documents(policy(members={"at_least": 100}), ADULTS), sizes={VIP: 50}, population=0)
    [beside] = planned(judged).guards
    assert beside.message == "segment `adults` has 50 members; it must have at least 100; widen it"


def test_no_policy_can_have_the_name_of_a_guard() -> None:
    assert set(RULES) <= TAKEN
    assert isinstance(restore(policy(require=["owner"])).resource, Policy)


def test_no_number_of_members_that_cannot_be_is_asked_for() -> None:
    with pytest.raises(ValidationError, match="nothing has from 10 to 5 members"):
        Sizes.model_validate({"at_least": 10, "at_most": 5})
    for most in (10, "5%"):  # of how many users, nobody knows here
        Sizes.model_validate({"at_least": 10, "at_most": most})
