"""What a plan says of two definitions is never contradicted by any user, nor by what moves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from segctl.edges.mutations import mutants
from segctl.load.document import restore
from segctl.logic import bound
from segctl.logic.bind import bind
from segctl.logic.interpret import holds
from segctl.logic.lower import lower
from segctl.logic.ranking import ranked
from segctl.logic.settings import PLAIN
from segctl.plan.plan import Relation
from segctl.plan.relation import Seen, always, related
from tests.apply.shop import Shop, segment
from tests.language import document, random_definition
from tests.strategies import Case, random_case

randoms = st.integers(0, 2**32 - 1).map(Random)
"""A failing example is named by its seed."""

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
ADULT = {"attribute": "age", "at_least": 18}
OLD = {"attribute": "age", "at_least": 30}
BOUGHT = {"event": "purchase"}
NEITHER = Seen(new=True, old=True, both=True)


def meant(where: Any) -> bound.Node:
    case = random_case(Random(1))  # noqa: S311 not for secrets
    node, wrong = bind(lower(restore({"kind": "segment", "name": "s", "where": where})), case.schema)
    assert not wrong
    return node


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        (ADULT, {"not": {"not": ADULT}}, Relation.SAME),
        (ADULT, OLD, Relation.NARROWER),
        (OLD, ADULT, Relation.WIDER),
        (ADULT, [ADULT, BOUGHT], Relation.NARROWER),
        (ADULT, {"any": [ADULT, BOUGHT]}, Relation.WIDER),
        (OLD, {"attribute": "age", "less_than": 30}, Relation.APART),
        (ADULT, BOUGHT, Relation.UNKNOWN),
    ],
)
def test_what_can_be_proved(old: Any, new: Any, relation: Relation) -> None:
    assert related(meant(old), meant(new)) is relation


def test_users_of_today_show_what_is_neither_and_nothing_else() -> None:
    assert related(meant(ADULT), meant(BOUGHT), NEITHER) is Relation.NEITHER
    assert related(meant(ADULT), meant(BOUGHT), Seen(new=True, both=True)) is Relation.UNKNOWN


@pytest.mark.parametrize("new", [{"not": {"not": ADULT}}, OLD, {"any": [ADULT, BOUGHT]}])
def test_nothing_is_claimed_that_a_user_of_today_contradicts(new: Any) -> None:
    assert related(meant(ADULT), meant(new), NEITHER) is Relation.NEITHER
    assert related(meant(ADULT), meant(new), Seen(new=True)) in (Relation.WIDER, Relation.UNKNOWN)
    assert always(meant(new), Seen(new=True, none=True)) is None


def test_what_always_or_never_holds() -> None:
    assert always(meant({"any": [ADULT, {"not": ADULT}]})) is True
    assert always(meant([ADULT, {"attribute": "age", "less_than": 18}])) is False
    assert always(meant(ADULT)) is None


@some
@given(randoms)
def test_no_random_user_contradicts_what_is_said_of_a_changed_definition(rng: Random) -> None:
    case = random_case(rng)
    written = random_definition(rng, case)
    pairs = [random_definition(rng, case)]
    pairs += [dict(mutant.document.data) for mutant in islice(mutants(document(written), PLAIN), 12)]
    nodes = [_bound(case, one) for one in (written, *pairs)]
    known = [node for node in nodes if node is not None]
    world = ranked(known, case.users, case.world)
    members = [{user.id for user in case.users if holds(node, user, world)} for node in known]
    for new, inside in zip(known, members, strict=True):
        _check(related(known[0], new), members[0], inside)
        verdict = always(new)
        assert verdict is None or len(inside) == (len(case.users) if verdict else 0)


def _bound(case: Case, written: dict[str, Any]) -> bound.Node | None:
    node, wrong = bind(lower(document(written)), case.schema)
    return None if any(one.severity == "error" for one in wrong) else node


def _check(relation: Relation, old: set[str], new: set[str]) -> None:
    if relation in (Relation.SAME, Relation.NARROWER):
        assert new <= old
    if relation in (Relation.SAME, Relation.WIDER):
        assert old <= new
    if relation is Relation.APART:
        assert not old & new


# --- in a plan --------------------------------------------------------------------------------------


def planned(shop: Shop, *definitions: dict[str, Any], key: str = "it") -> tuple[str, bool | None]:
    shop.define(*definitions)
    [change] = [change for change in shop.plan().changes if change.key[1] == key]
    assert change.proved is not None
    assert change.proved.relation is not None
    return change.proved.relation, change.proved.always


@pytest.fixture
def shop(tmp_path: Any) -> Shop:
    made = Shop(tmp_path)
    made.users("a,10", "b,20", "c,30", "d,40")
    made.events("a,purchase,2", "b,purchase,3")
    made.ids("l.csv", "a", "b")
    made.ids("m.csv", "c")
    return made


LIST = {"kind": "list", "name": "l", "path": "data/l.csv", "id": "id"}
BUYERS = {"kind": "extension", "name": "buyers", "from": {"event": "purchase"}}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([segment("it", ADULT)], [segment("it", OLD)], ("narrower", None)),
        ([segment("it", ADULT)], [segment("it", {"any": [ADULT, {"not": ADULT}]})], ("wider", True)),
        ([segment("it", ADULT)], [segment("it", ADULT, {"attribute": "age", "less_than": 9})], ("narrower", False)),
        ([segment("it", {"attribute": "age", "at_most": 20})], [segment("it", OLD)], ("apart", None)),
        ([segment("it", ADULT)], [segment("it", BOUGHT)], ("neither", None)),
        ([segment("it", {"list": "l"}), LIST], [segment("it", {"list": "l"}, ADULT), LIST], ("narrower", None)),
        (
            [segment("it", {"list": "l"}), LIST],
            [segment("it", {"list": "l"}), LIST | {"path": "data/m.csv"}], ("neither", None),
        ),
        (
            [segment("it", {"extension": "buyers"}), BUYERS],
            [segment("it", {"any": [{"extension": "buyers"}, OLD]}), BUYERS], ("wider", None),
        ),
        (
            [segment("it", {"segment": "base"}), segment("base", ADULT)],
            [segment("it", {"segment": "base"}), segment("base", OLD)], ("narrower", None),
        ),
        ([segment("it", ADULT)], [segment("it", {"segment": "base"}), segment("base", ADULT)], ("same", None)),
    ],
)  # fmt: skip
def test_a_plan_says_it_with_what_is_referred_to_in_its_place(
    shop: Shop, before: list[Any], after: list[Any], said: tuple[str, bool | None]
) -> None:
    shop.define(*before)
    shop.apply()
    assert planned(shop, *after) == said


def test_what_is_new_has_no_relation_and_may_be_always_or_never_true(shop: Shop) -> None:
    shop.define(segment("it", ADULT, {"attribute": "age", "less_than": 9}))
    [change] = shop.plan().changes
    assert change.proved is not None
    assert (change.proved.relation, change.proved.always) == (None, False)


def test_under_another_zone_nothing_is_said(shop: Shop) -> None:
    shop.define(segment("it", {"event": "purchase", "days": {"at_least": 1}, "within": "30d"}))
    shop.apply()
    shop.define(segment("it", {"event": "purchase", "days": {"at_least": 2}, "within": "30d"}), timezone="Asia/Tokyo")
    [change] = [change for change in shop.plan().changes if change.key[1] == "it"]
    assert change.proved is not None
    assert change.proved.relation is Relation.UNKNOWN


CONDITIONS: Sequence[dict[str, Any]] = (
    ADULT, OLD, BOUGHT, {"attribute": "age", "less_than": 18}, {"list": "l"}, {"extension": "buyers"},
    {"segment": "base"}, {"attribute": "age", "exists": True}, {"event": "purchase", "count": {"at_least": 2}},
)  # fmt: skip


def _where(rng: Random, depth: int = 2) -> dict[str, Any]:
    kind = rng.choice(["all", "any", "not", "one"]) if depth else "one"
    if kind == "one":
        return rng.choice(CONDITIONS)
    if kind == "not":
        return {"not": _where(rng, depth - 1)}
    return {kind: [_where(rng, depth - 1) for _ in range(2)]}


@pytest.mark.parametrize("seed", range(25))
def test_what_moves_by_definition_never_contradicts_what_is_said(shop: Shop, seed: int) -> None:
    rng = Random(seed)  # noqa: S311 not for secrets
    base = segment("base", {"attribute": "age", "between": [15, 35]})
    shop.users(*(f"{letter},{rng.randrange(5, 45)}" for letter in "abcdefghij"))
    shop.events(*(f"{rng.choice('abcdefghij')},purchase,{rng.randrange(1, 10)}" for _ in range(8)))
    rest = (base, LIST, BUYERS)
    shop.define(segment("it", _where(rng)), *rest)
    shop.apply()
    shop.users(*(f"{letter},{rng.randrange(5, 45)}" for letter in "abcdefghijk"))
    shop.define(segment("it", _where(rng)), *rest)
    for change in shop.plan().changes:
        if change.proved is None or change.members is None:
            continue
        moved, relation = change.members.by_definition, change.proved.relation
        assert relation not in (Relation.SAME, Relation.NARROWER) or not moved.entered
        assert relation not in (Relation.SAME, Relation.WIDER) or not moved.exited
        assert change.proved.always is not False or not change.members.after
