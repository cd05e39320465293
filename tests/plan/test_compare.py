from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segctl.plan.compare import compare_projects
from segctl.plan.definition import digest
from segctl.plan.plan import Action, FieldChange, Reason
from tests.plan.worlds import PROJECT, differences, segment, world

ADULT = {"attribute": "age", "at_least": 18}
FRENCH = {"attribute": "country", "in": ["FR", "BE"]}
BUYS: dict[str, Any] = {
    "kind": "extension", "name": "buys", "refresh": "daily 06:00", "from": {"event": "purchase", "within": "30d"},
}  # fmt: skip
BETA: dict[str, Any] = {"kind": "list", "name": "beta", "path": "lists/beta.csv", "id": "user_id"}
WIN: dict[str, Any] = {
    "kind": "campaign", "name": "win", "audience": {"include": ["vip"]},
    "variants": [{"name": "a", "percent": 50}, {"name": "b", "percent": 50}],
}  # fmt: skip
VIP = segment("vip", ADULT, FRENCH, owner="growth", tags=["x", "y"])


def reasons(before: list[Any], after: list[Any], **project: Any) -> dict[str, list[str]]:
    found = differences(world(*before), world(*after, **project))
    return {name: [str(reason) for reason in d.reasons] for name, d in found.items()}


@pytest.mark.parametrize(
    "same",
    [
        segment("vip", FRENCH, ADULT, owner="growth", tags=["x", "y"]),
        segment("vip", ADULT, FRENCH, tags=["y", "x"], owner="growth"),
        segment("vip", ADULT, {"attribute": "country", "in": ["BE", "FR"]}, owner="growth", tags=["x", "y"]),
        segment("vip", {"all": [FRENCH, ADULT]}, owner="growth", tags=["x", "y"], protect=False),
        segment("vip", {"not": {"not": FRENCH}}, ADULT, owner="growth", tags=["x", "y"]),
        segment("vip", ADULT, FRENCH, ADULT, owner="growth", tags=["x", "y"]),
    ],
)
def test_what_is_only_written_otherwise_is_no_difference(same: dict[str, Any]) -> None:
    assert differences(world(VIP), world(same)) == {}
    assert digest(PROJECT, world(VIP)[0]) == digest(PROJECT | {"timezone": "UTC"}, world(same)[0])


def test_logic_metadata_and_both() -> None:
    older = segment("vip", ADULT | {"at_least": 21}, FRENCH, owner="growth", tags=["x", "y"])
    found = differences(world(VIP), world(older))["vip"]
    assert (found.action, found.reasons) == (Action.UPDATE, (Reason.LOGIC,))
    assert found.diff == (FieldChange("where[0].at_least", 18, 21),)
    assert found.moves_members

    other = VIP | {"owner": "crm", "description": "the best"}
    found = differences(world(VIP), world(other))["vip"]
    assert found.reasons == (Reason.METADATA,)
    assert found.diff == (FieldChange("owner", "growth", "crm"), FieldChange("description", None, "the best"))
    assert not found.moves_members

    found = differences(world(VIP), world(older | {"owner": "crm"}))["vip"]
    assert found.reasons == (Reason.LOGIC, Reason.METADATA)
    assert [change.path for change in found.diff] == ["where[0].at_least", "owner"]


def test_a_metadata_change_does_not_tell_of_logic_that_is_only_written_otherwise() -> None:
    other = segment("vip", {"all": [FRENCH, ADULT]}, owner="crm", tags=["y", "x"])
    assert differences(world(VIP), world(other))["vip"].diff == (FieldChange("owner", "growth", "crm"),)


def test_create_and_delete() -> None:
    found = differences(world(VIP, BETA), world(VIP, BUYS))
    assert {name: d.action for name, d in found.items()} == {"beta": Action.DELETE, "buys": Action.CREATE}


def test_what_builds_on_a_change_depends_all_the_way() -> None:
    first = [segment("a", ADULT), segment("b", {"segment": "a"}), segment("c", {"segment": "b"}), segment("d", FRENCH)]
    second = [segment("a", ADULT | {"at_least": 21}), *first[1:]]
    assert reasons(first, second) == {"a": ["logic"], "b": ["depends"], "c": ["depends"]}


def test_a_change_that_also_builds_on_a_change_has_both_reasons() -> None:
    first = [segment("a", ADULT), segment("b", {"segment": "a"})]
    second = [segment("a", FRENCH), segment("b", {"segment": "a"}, ADULT)]
    assert reasons(first, second) == {"a": ["logic"], "b": ["logic", "depends"]}
    assert reasons(first, [first[0], second[1]]) == {"b": ["logic"]}


def test_extensions_lists_and_campaigns() -> None:
    users = [segment("vip", {"extension": "buys"}, {"list": "beta"})]
    first = [BUYS, BETA, *users, WIN]
    assert reasons(first, [BUYS | {"refresh": "hourly"}, BETA, *users, WIN]) == {"buys": ["metadata"]}
    within = BUYS | {"from": {"event": "purchase", "within": "60d"}}
    moved = {"buys": ["logic"], "vip": ["depends"], "win": ["depends"]}
    assert reasons(first, [within, BETA, *users, WIN]) == moved
    assert reasons(first, [BUYS, BETA | {"path": "b.csv"}, *users, WIN]) == {
        "beta": ["logic"], "vip": ["depends"], "win": ["depends"],
    }  # fmt: skip
    assert reasons(first, [BUYS, BETA, *users, WIN | {"reeligible_after": "30d"}]) == {"win": ["metadata"]}


@pytest.mark.parametrize(
    "variants",
    [
        [{"name": "b", "percent": 50}, {"name": "a", "percent": 50}],
        [{"name": "a", "percent": 40}, {"name": "b", "percent": 60}],
        [{"name": "a", "percent": 50}, {"name": "c", "percent": 50}],
        [{"name": "a", "percent": 50}, {"name": "b", "percent": 50, "control": True}],
    ],
)
def test_another_split_of_a_campaign_is_logic(variants: list[Any]) -> None:
    found = differences(world(VIP, WIN), world(VIP, WIN | {"variants": variants}))["win"]
    assert found.reasons == (Reason.LOGIC,)
    assert found.diff != ()


def test_percents_written_otherwise_are_no_difference() -> None:
    variants = [{"name": "a", "percent": Decimal("50.0")}, {"name": "b", "percent": 50}]
    assert reasons([VIP, WIN], [VIP, WIN | {"variants": variants}]) == {}


def test_another_time_zone_is_another_meaning_of_everything() -> None:
    assert reasons([VIP], [VIP], timezone="Europe/Paris") == {"vip": ["depends"]}


def test_a_project_differs_by_its_zone_its_sources_or_the_rest() -> None:
    before = PROJECT | {"description": "a shop"}
    assert compare_projects(before, dict(reversed(before.items()))) == ()
    assert compare_projects(before, before | {"timezone": "UTC"}) == ()
    after = PROJECT | {"timezone": "Europe/Paris", "users": {"path": "people.csv", "id": "id"}}
    (found,) = compare_projects(before, after)
    assert found.key == ("project", "shop")
    assert found.reasons == (Reason.LOGIC, Reason.METADATA, Reason.DATA)
    assert found.diff == (
        FieldChange("timezone", None, "Europe/Paris"),
        FieldChange("description", "a shop", None),
        FieldChange("users.path", "users.csv", "people.csv"),
    )


def test_another_name_of_the_project_is_told() -> None:
    (found,) = compare_projects(PROJECT, PROJECT | {"name": "store"})
    assert (found.key, found.reasons) == (("project", "store"), (Reason.METADATA,))
    assert found.diff == (FieldChange("name", "shop", "store"),)
