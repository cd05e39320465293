"""What is proven holds for every user: held against the interpreter over random worlds and dense small ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from segctl.diagnostics import Severity
from segctl.logic import bound
from segctl.logic.algebra import all_of, any_of, negated
from segctl.logic.bind import Binder, bind
from segctl.logic.bound_tests import LocalMidnight
from segctl.logic.interpret import Row, User, World, holds
from segctl.logic.lower import lower, lower_trait
from segctl.logic.measuring import most_days
from segctl.logic.prove import contradiction, equivalent, implied, relation, tautology
from segctl.logic.ranking import ranked
from segctl.logic.times import DAY_US, day_number, day_start, local_day, transitions
from segctl.logic.types import ListOf, Scalar, Schema
from segctl.logic.value_tests import Ago
from tests.language import document, random_definition
from tests.logic.written import meaning
from tests.strategies import ZONES_AND_DATES, Case, random_case

randoms = st.integers(0, 2**32 - 1).map(Random)
"""A failing example is named by its seed."""

many = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])

SCHEMA = Schema(
    "Europe/Paris",
    users={
        "country": Scalar.STRING, "age": Scalar.INT, "score": Scalar.FLOAT, "vip": Scalar.BOOL,
        "born": Scalar.DATE, "signup": Scalar.TIME, "tags": ListOf(Scalar.STRING),
    },
    events={
        "purchase": {"amount": Scalar.FLOAT, "quantity": Scalar.INT, "color": Scalar.STRING},
        "visit": {"color": Scalar.STRING},
    },
)  # fmt: skip


ORDERS = lower_trait(document({"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": {}}}))


def bound_to(where: object) -> bound.Node:
    binder = Binder(SCHEMA, traits=lambda name: ORDERS if name == "orders" else None)
    node = binder.bind(meaning(where))
    assert [d for d in binder.diagnostics if d.severity is Severity.ERROR] == []
    return node


AGE_10 = {"attribute": "age", "at_least": 10}
AGE_5 = {"attribute": "age", "less_than": 5}
FR = {"attribute": "country", "is": "FR"}
BOUGHT: dict[str, Any] = {"event": "purchase"}
RED_BOUGHT: dict[str, Any] = {**BOUGHT, "where": {"property": "color", "is": "red"}}
NOT_RED_1H: dict[str, Any] = {"no": "purchase", "where": RED_BOUGHT["where"], "after_previous": {"within": "1h"}}
NOT_BOUGHT_1H: dict[str, Any] = {"no": "purchase", "after_previous": {"within": "1h"}}

IMPOSSIBLE: list[Any] = [
    {"all": [AGE_10, AGE_5]},
    {"all": [FR, {"attribute": "country", "is": "BE"}]},
    {"all": [FR, {"attribute": "country", "exists": False}]},
    {"all": [FR, {"attribute": "country", "blank": True}]},
    {"all": [FR, {"attribute": "country", "is": "be", "ignore_case": True}]},
    {"all": [FR, {"attribute": "country", "starts_with": "B"}]},
    {"all": [{"attribute": "country", "in": ["FR", "BE"]}, {"attribute": "country", "not_in": ["BE", "FR", "NO"]}]},
    {"all": [{"attribute": "country", "starts_with": "FRA"}, {"attribute": "country", "not_contains": "RA"}]},
    {"all": [{"attribute": "country", "ends_with": "a"}, {"attribute": "country", "ends_with": "b"}]},
    {"all": [FR, {"not": FR}]},
    {"all": [{"any": [FR, AGE_5]}, {"not": FR}, AGE_10]},
    {"all": [{"any": [AGE_10, BOUGHT]}, {"not": BOUGHT}, {"attribute": "age", "at_most": 9}]},
    {"all": [{"attribute": "vip", "exists": True}, {"attribute": "vip", "is_not": True},
             {"attribute": "vip", "is_not": False}]},
    {"all": [{"attribute": "age", "more_than": 4}, {"attribute": "age", "less_than": 5}]},
    {"all": [{"attribute": "score", "more_than": 5}, {"attribute": "score", "less_than": 5}]},
    {"all": [{"attribute": "score", "at_least": 5}, {"attribute": "score", "at_most": 5},
             {"attribute": "score", "is_not": 5}]},
    {"all": [{"attribute": "born", "before": "2000-01-01"}, {"attribute": "born", "on": "2000-01-01"}]},
    {"all": [{"attribute": "born", "within_last": "7d"}, {"attribute": "born", "older_than": "30d"}]},
    {"all": [{"attribute": "signup", "within_last": "7d"}, {"attribute": "signup", "older_than": "30d"}]},
    {"all": [{"attribute": "signup", "after": "2026-01-01"}, {"attribute": "signup", "before": "2025-01-01"}]},
    {"all": [{"attribute": "tags", "includes_any": ["a"]}, {"attribute": "tags", "blank": True}]},
    {"all": [{"attribute": "tags", "includes_all": ["a", "b"]}, {"attribute": "tags", "includes_none": ["b", "c"]}]},
    {"all": [{"bucket": {"from": 0, "to": 10}}, {"bucket": {"from": 11, "to": 20}}]},
    {"event": "purchase", "where": {"all": [{"property": "color", "is": "red"}, {"property": "color", "is": "blue"}]}},
    {"event": "purchase", "last": {"older_than": "30d"}, "within": "7d"},
    {"event": "purchase", "first": {"after": "2026-01-01"}, "until": "2025-12-31"},
    {"event": "purchase", "days": {"at_least": 40}, "within": "30d"},
    {"event": "purchase", "days": {"at_least": 10}, "within": {"days_before_today": 7}},
    {"all": [{**BOUGHT, "within": "30d"}, {"not": {**BOUGHT, "within": "60d"}}]},
    {"all": [{**BOUGHT, "within": {"days_before_today": 3}}, {"not": {**BOUGHT, "within": {"days_before_today": 9}}}]},
    {"all": [{**BOUGHT, "count": {"at_least": 5}}, {**BOUGHT, "count": {"less_than": 2}}]},
    {"all": [{**BOUGHT, "days": {"at_least": 5}}, {**BOUGHT, "count": {"less_than": 5}}]},
    {"all": [{**BOUGHT, "where": {"property": "quantity", "more_than": 3}},
             {**BOUGHT, "where": {"property": "quantity", "more_than": 2}, "count": {"exactly": 0}}]},
    {"all": [{**BOUGHT, "max": {"of": "amount", "more_than": 3}}, {**BOUGHT, "count": {"exactly": 0}}]},
    {"all": [{**BOUGHT, "last": {"before": "2026-01-01"}}, {"event": ["purchase", "visit"], "count": {"exactly": 0}}]},
    {"all": [{"attribute": "country", "in": ["FR", "BE"]}, {"attribute": "country", "matches": "^[A-D]"},
             {"attribute": "country", "is_not": "BE"}]},
    {"all": [{"attribute": "tags", "length": {"at_least": 3}}, {"attribute": "tags", "length": {"at_most": 2}}]},
    {"all": [{"attribute": "tags", "length": {"at_most": 0}}, {"attribute": "tags", "includes_any": ["a"]}]},
    {"all": [{"attribute": "country", "matches": "a"}, {"attribute": "country", "not_matches": "a"}]},
    {"sequence": [BOUGHT, {"event": "visit", "where": {"all": [{"property": "color", "is": "red"},
                                                               {"property": "color", "is": "blue"}]}}]},
    {"all": [{"sequence": [{"event": "visit"}, BOUGHT], "within": "9d"}, {"not": BOUGHT}]},
    {"all": [{"sequence": [{"event": "visit"}, BOUGHT], "within": "9d"}, {"not": {"event": "visit", "within": "30d"}}]},
    {"sequence": [{"event": "visit"}, NOT_BOUGHT_1H, {**BOUGHT, "after_previous": {"within": "1h"}}]},
    {"sequence": [{"event": "visit"}, NOT_BOUGHT_1H, BOUGHT], "complete_within": "1h"},
    {"sequence": [{"event": "visit"}, NOT_BOUGHT_1H, RED_BOUGHT], "complete_within": "1h"},
    {"sequence": [{"event": "visit"}, NOT_BOUGHT_1H, BOUGHT], "within": "1h"},
    {"sequence": [{"event": "visit"}, NOT_BOUGHT_1H, {"event": "visit", "after_previous": {"within": "20min"}},
                  {**BOUGHT, "after_previous": {"within": "40min"}}]},
    {"sequence": [{"event": "visit"}, {"no": "purchase"}, {"event": "visit"},
                  {**BOUGHT, "after_previous": {"within": "0s"}}]},
    {**BOUGHT, "first": {"within_next": "7d"}},
    {**BOUGHT, "last": {"later_than": "0s"}},
    {"all": [{**BOUGHT, "first": {"is": "2026-01-01"}}, {**BOUGHT, "first": {"after": "2026-01-01"}}]},
    {"all": [{**BOUGHT, "first": {"is": "2026-01-01"}}, {**BOUGHT, "first": {"is_not": "2026-01-01"}}]},
    {"all": [{**BOUGHT, "last": {"in": ["2026-01-01", "2026-03-01"]}}, {**BOUGHT, "last": {"at_least": "2026-03-02"}}]},
    {"all": [{**BOUGHT, "first": {"exists": True}}, {"not": BOUGHT}]},
    {"all": [{**BOUGHT, "first": {"anniversary": {"on": "06-15"}}}, {**BOUGHT, "count": {"at_most": 0}}]},
    {"all": [{"trait": "orders", "more_than": 3}, {"trait": "orders", "less_than": 4}]},
    {"all": [{"trait": "orders", "more_than": 3}, {**BOUGHT, "count": {"at_most": 3}}]},
    {"trait": "orders", "less_than": 0},
    {"all": [BOUGHT, {**BOUGHT, "last": {"before": "2026-01-01"}}, {**BOUGHT, "last": {"after": "2026-01-01"}}]},
]  # fmt: skip

POSSIBLE: list[Any] = [
    AGE_10,
    {"all": [FR, {"attribute": "country", "is": "fr", "ignore_case": True}]},
    {"all": [{"attribute": "country", "starts_with": "F"}, {"attribute": "country", "starts_with": "FR"}]},
    {"all": [{"attribute": "country", "contains": "a"}, {"attribute": "country", "contains": "b"}]},
    {"all": [{"attribute": "score", "more_than": 4}, {"attribute": "score", "less_than": 5}]},
    {"all": [{"attribute": "born", "before": "2000-01-01"}, {"attribute": "born", "within_last": "7d"}]},
    {"all": [{"attribute": "tags", "includes_any": ["a"]}, {"attribute": "tags", "includes_none": ["b"]}]},
    {"all": [{"attribute": "age", "is_not": 4}, {"attribute": "age", "exists": False}]},
    {"event": "purchase", "days": {"at_least": 8}, "within": "7d"},
    {"event": "purchase", "last": {"older_than": "5d"}, "within": "7d"},
    {"all": [{**BOUGHT, "within": "60d"}, {"not": {**BOUGHT, "within": "30d"}}]},
    {"all": [BOUGHT, {"not": {"event": "visit"}}]},
    {"all": [{**BOUGHT, "first": {"is_not": "2026-01-01"}}, {"not": BOUGHT}]},
    {"all": [{**BOUGHT, "first": {"is": "2026-01-01"}}, {**BOUGHT, "last": {"after": "2026-01-01"}}]},
    {"all": [{**BOUGHT, "first": {"anniversary": {"on": "06-15"}}}, {**BOUGHT, "first": {"before": "2026-01-01"}}]},
    {**BOUGHT, "first": {"within_next": "7d", "or_missing": True}},
    {"all": [{"sequence": [{"event": "visit"}, BOUGHT], "within": "9d"}, {"not": {**BOUGHT, "within": "9d"}}]},
    {"all": [{"sequence": [{"event": "visit"}, {"no": "purchase"}]}, {"not": BOUGHT}]},
    {"sequence": [{"event": "visit"}, NOT_BOUGHT_1H, {**BOUGHT, "after_previous": {"within": "61min"}}]},
    {"sequence": [{"event": "visit"}, NOT_RED_1H, BOUGHT], "complete_within": "1h"},
    {"sequence": [{"event": "visit"}, NOT_BOUGHT_1H, {"event": "visit"}], "complete_within": "1h"},
    {
        "sequence": [
            {"event": "visit"},
            NOT_BOUGHT_1H,
            {"event": "visit", "after_previous": {"within": "20min"}},
            {**BOUGHT, "after_previous": {"within": "41min"}},
        ]
    },
    {"sequence": [{"event": "visit"}, {"no": "purchase"}, {**BOUGHT, "after_previous": {"within": "0s"}}]},
    {"sequence": [BOUGHT, {"event": "visit"}, NOT_BOUGHT_1H, {"event": "visit"}], "complete_within": "1s"},
]

CERTAIN: list[Any] = [
    {"any": [FR, {"not": FR}]},
    {"any": [{"attribute": "country", "exists": True}, {"attribute": "country", "exists": False}]},
    {"any": [{"attribute": "country", "is_not": "FR"}, {"attribute": "country", "is_not": "BE"}]},
    {"any": [{"attribute": "age", "at_least": 5}, {"attribute": "age", "less_than": 7, "or_missing": True}]},
    {"event": "purchase", "count": {"at_least": 0}},
    {"any": [BOUGHT, {**BOUGHT, "count": {"exactly": 0}}]},
    {"any": [{**BOUGHT, "first": {"exists": True}}, {**BOUGHT, "first": {"blank": True}}]},
    {"any": [{**BOUGHT, "first": {"is_not": "2026-01-01"}}, {**BOUGHT, "first": {"is_not": "2026-01-02"}}]},
    {
        "any": [
            {**BOUGHT, "last": {"at_most": "2026-01-01", "or_missing": True}},
            {**BOUGHT, "last": {"more_than": "2026-01-01"}},
        ]
    },
    {"any": [{**BOUGHT, "within": "60d"}, {**BOUGHT, "within": "30d", "count": {"exactly": 0}}]},
    {"any": [{"bucket": {"from": 0, "to": 4999}}, {"bucket": {"from": 5000, "to": 9999}}]},
    {"not": {"all": [AGE_10, AGE_5]}},
]

UNCERTAIN: list[Any] = [
    {"any": [{"attribute": "age", "at_least": 5}, {"attribute": "age", "less_than": 7}]},  # the missing ones
    {"any": [{"attribute": "tags", "includes_none": ["a"]}, {"attribute": "tags", "includes_none": ["b"]}]},
    {"any": [BOUGHT, {"event": "visit", "count": {"exactly": 0}}]},
]


@pytest.mark.parametrize("where", IMPOSSIBLE, ids=str)
def test_what_nobody_can_meet_is_proven(where: Any) -> None:
    assert contradiction(bound_to(where))
    assert tautology(bound_to({"not": where}))
    assert not tautology(bound_to(where))


@pytest.mark.parametrize("where", CERTAIN, ids=str)
def test_what_everybody_meets_is_proven(where: Any) -> None:
    assert tautology(bound_to(where))
    assert contradiction(bound_to({"not": where}))


@pytest.mark.parametrize("where", [*POSSIBLE, *UNCERTAIN], ids=str)
def test_what_some_meet_and_some_do_not_is_let_be(where: Any) -> None:
    assert not contradiction(bound_to(where))
    assert not tautology(bound_to(where))


NARROWER = [
    (AGE_10, {"attribute": "age", "at_least": 5}),
    ({"all": [FR, AGE_10]}, FR),
    (FR, {"any": [FR, AGE_10]}),
    (FR, {"attribute": "country", "in": ["BE", "FR"]}),
    ({**BOUGHT, "within": "30d"}, {**BOUGHT, "within": "60d"}),
    ({**BOUGHT, "count": {"at_least": 3}}, BOUGHT),
    ({**BOUGHT, "where": {"property": "color", "is": "red"}}, BOUGHT),
    (BOUGHT, {"event": ["purchase", "visit"]}),
    ({"attribute": "signup", "within_last": "7d"}, {"attribute": "signup", "within_last": "8d"}),
]


@pytest.mark.parametrize(("narrow", "wide"), NARROWER, ids=str)
def test_narrower_and_wider_are_told_apart(narrow: Any, wide: Any) -> None:
    assert implied(bound_to(narrow), bound_to(wide))
    assert not implied(bound_to(wide), bound_to(narrow))
    assert not equivalent(bound_to(narrow), bound_to(wide))


def test_how_a_new_condition_lies_to_an_old_one() -> None:
    old = bound_to({"attribute": "age", "between": [10, 20]})
    told: list[tuple[dict[str, Any], str]] = [
        ({"between": [11, 20]}, "narrower"),
        ({"at_least": 10}, "wider"),
        ({"more_than": 20}, "apart"),
        ({"between": [15, 25]}, "unknown"),
        ({"more_than": 9, "less_than": 21}, "same"),
    ]
    for tests, expected in told:
        new = bound_to({"all": [{"attribute": "age", key: value} for key, value in tests.items()]})
        assert relation(old, new) == expected, tests


def test_the_same_said_in_two_ways_is_equivalent() -> None:
    both = {"all": [{"any": [FR, AGE_10]}, {"any": [FR, BOUGHT]}]}
    assert equivalent(bound_to(both), bound_to({"any": [FR, {"all": [AGE_10, BOUGHT]}]}))


def test_a_proof_gives_up_after_a_while() -> None:
    ages = [{"any": [{"attribute": "age", "is": n}, {"attribute": "score", "is": n}]} for n in range(200)]
    assert not tautology(bound_to({"any": [{"all": ages[n : n + 9]} for n in range(150)]}))


def test_no_window_touches_more_days_than_is_assumed() -> None:
    """Around every change of the clocks, also where they go back past midnight, or skip a whole day."""
    for zone, day in (*ZONES_AND_DATES, ("America/St_Johns", "2010-11-07")):
        midnight = day_start(day_number(date.fromisoformat(day)), zone)
        for as_of in range(midnight - 2 * DAY_US, midnight + 8 * DAY_US, DAY_US // 48):
            starts: list[tuple[int, Ago | LocalMidnight]] = [(as_of - n * DAY_US, Ago(n * DAY_US)) for n in (1, 2, 7)]
            today = local_day(as_of, zone)
            starts += [(day_start(today - n, zone), LocalMidnight(n, zone)) for n in (0, 1, 5)]
            for start_us, start in starts:
                most = most_days(start, None)
                edges = [
                    start_us,
                    as_of - 1,
                    *(at + n for at, _ in transitions(zone, start_us, as_of) for n in (-1, 0)),
                ]
                touched = [local_day(at, zone) for at in edges if start_us <= at < as_of] or [today]
                assert most is not None
                assert max(touched) - min(touched) + 1 <= most, (zone, as_of, start)


# --- against the interpreter -------------------------------------------------------------------


@many
@given(randoms)
def test_proofs_hold_for_every_random_user(rng: Random) -> None:
    case = random_case(rng)
    nodes = [_logic(case, rng) for _ in range(6)]
    nodes += [all_of(rng.sample(nodes, 2)), any_of(rng.sample(nodes, 2))]
    world = ranked(nodes, case.users, case.world)
    members = {node: frozenset(user.id for user in case.users if holds(node, user, world)) for node in nodes}
    everyone = frozenset(user.id for user in case.users)
    for node in nodes:
        assert not contradiction(node) or not members[node]
        assert not tautology(node) or members[node] == everyone
    for one in nodes:
        for other in nodes:
            assert not implied(one, other) or members[one] <= members[other]


def _logic(case: Case, rng: Random) -> bound.Node:
    return bind(lower(document(random_definition(rng, case))), case.schema)[0]


AS_OF = 20_000 * DAY_US + 7


def small_users() -> Iterator[User]:
    """Every combination of a few values that the small conditions tell apart."""
    for n, age in enumerate((None, 4, 5, 6, 10, 11)):
        for m, country in enumerate((None, "", "FR", "fr", "BE", "FRx", "BEx", "frx")):
            for days in ((), (1,), (10,), (45,), (70,), (1, 1), (1, 10), (10, 45, 45), (10, 10), (20, 20, 70)):
                rows = [
                    Row("purchase", AS_OF - day * DAY_US, {"color": "red" if day == 10 else "blue"}) for day in days
                ]
                yield User(f"{n} {m} {days}", {"age": age, "country": country}, rows)


SMALL: list[Any] = [
    *({"attribute": "age", key: n} for key in ("at_least", "less_than", "is", "is_not") for n in (5, 6, 10)),
    *({"attribute": "country", key: t} for key in ("is", "is_not", "starts_with") for t in ("FR", "fr", "BE", "")),
    {"attribute": "country", "is": "fr", "ignore_case": True},
    {"attribute": "country", "in": ["FR", "BE"]},
    {"attribute": "country", "blank": True},
    {"attribute": "country", "exists": True},
    {"attribute": "age", "exists": False},
    *({**BOUGHT, "within": d, "count": c} for d in ("5d", "30d", "60d") for c in ({"at_least": 1}, {"less_than": 2})),
    {**BOUGHT, "where": {"property": "color", "is": "red"}},
    {**BOUGHT, "where": {"property": "color", "is_not": "red"}, "count": {"exactly": 0}},
    {**BOUGHT, "last": {"older_than": "5d"}},
    {**BOUGHT, "last": {"within_last": "30d", "or_missing": True}},
    {**BOUGHT, "days": {"at_least": 2}},
]  # fmt: skip


def test_dense_small_conditions_are_decided_and_rightly() -> None:
    """Some hundred of random combinations are certain in fact; nearly all of them are proven, and nothing else."""
    rng = Random(7)  # noqa: S311 not for secrets
    users, world = list(small_users()), World(AS_OF)
    single = [bound_to(where) for where in SMALL]
    columns = {node: [holds(node, user, world) for user in users] for node in single}
    proven = missed = 0
    for _ in range(1500):
        node, values = _combined(rng, columns, 3)
        assert not contradiction(node) or not any(values)
        assert not tautology(node) or all(values)
        certain = not any(values) or all(values)
        proven += certain and (contradiction(node) or tautology(node))
        missed += certain and not (contradiction(node) or tautology(node))
    assert proven > 150
    assert missed < proven / 20


def _combined(rng: Random, columns: dict[bound.Node, list[bool]], depth: int) -> tuple[bound.Node, list[bool]]:
    """A random condition, and for whom it is true."""
    kind = rng.choice(["all", "any", "not", "single"]) if depth else "single"
    if kind == "single":
        return rng.choice(list(columns.items()))
    parts = [_combined(rng, columns, depth - 1) for _ in range(1 if kind == "not" else rng.choice([2, 3]))]
    rows = list(zip(*(values for _, values in parts), strict=True))
    if kind == "not":
        return negated(parts[0][0]), [not value for value in parts[0][1]]
    if kind == "all":
        return all_of(node for node, _ in parts), [all(row) for row in rows]
    return any_of(node for node, _ in parts), [any(row) for row in rows]
