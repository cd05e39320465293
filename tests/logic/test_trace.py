from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from segctl.logic.bind import Binder
from segctl.logic.bound import At, Date
from segctl.logic.interpret import Row, User, World, bucket
from segctl.logic.needs import Needs, needs
from segctl.logic.nodes import Node, Reference
from segctl.logic.outcome import Outcome, Seen
from segctl.logic.times import DAY_US, written_us
from segctl.logic.trace import Tracer
from segctl.logic.types import CatalogSchema, ListOf, Scalar, Schema, Struct
from tests.logic.written import meaning

SCHEMA = Schema(
    "Europe/Paris",
    {
        "country": Scalar.STRING, "born": Scalar.DATE, "signup": Scalar.TIME, "visits": ListOf(Scalar.DATE),
        "address": Struct({"city": Scalar.STRING}),
    },
    {
        "purchase": {"amount": Scalar.FLOAT, "sku": Scalar.STRING, "color": Scalar.STRING},
        "refund": {"amount": Scalar.INT, "sku": Scalar.STRING},
    },
    {"product": CatalogSchema(("sku",), "sku", {"price": Scalar.FLOAT, "category": Scalar.STRING})},
)  # fmt: skip
AS_OF = written_us("2026-11-22", "UTC")
ADA = User(
    "ada",
    {"country": "FR", "born": 10_000, "signup": AS_OF - 1, "visits": [0, None]},
    [Row("purchase", AS_OF - 5, {"amount": 0.1}), Row("purchase", AS_OF - 3, {"amount": 0.2}),
     Row("purchase", AS_OF - 1, {"amount": None})],
)  # fmt: skip


def trace(where: Any, **logic: Any) -> Outcome:
    def resolve(reference: Reference) -> Node | None:
        return meaning(logic[reference.name]) if reference.name in logic else None

    world = World(AS_OF, given={("list", "beta"): {"ada"}})
    return Tracer(Binder(SCHEMA), ADA, world, resolve).trace(meaning(where))


@pytest.mark.parametrize(
    ("where", "actual"),
    [
        ({"attribute": "country", "is": "BE"}, "FR"),
        ({"attribute": "born", "before": "2026-01-01"}, Date(10_000)),
        ({"attribute": "signup", "before": "2026-01-01"}, At(AS_OF - 1)),
        ({"attribute": "visits", "includes_any": ["2026-01-01"]}, [Date(0), None]),
        ({"attribute": "address.city", "is": "Lille"}, None),
        ({"event": "purchase", "count": {"at_least": 9}}, 3),
        ({"event": "purchase", "count": {"at_least": 0}}, 3),
        ({"event": "purchase", "sum": {"of": "amount", "at_least": 9}}, Decimal("0.3")),
        ({"event": "purchase", "average": {"of": "amount", "at_least": 9}}, Decimal("0.15")),
        ({"event": "purchase", "max": {"of": "amount", "at_least": 9}}, 0.2),
        ({"event": "purchase", "last": {"before": "2026-01-01"}}, At(AS_OF - 1)),
        ({"event": "refund", "last": {"before": "2026-01-01"}}, None),
        ({"event": "nothing", "count": {"at_least": 1}}, 0),
        ({"event": "nothing", "average": {"of": "amount", "at_least": 1}}, None),
        ({"bucket": {"from": 0, "to": 0}}, bucket("ada")),
        ({"list": "beta"}, None),
    ],
)
def test_the_users_own_value(where: Any, actual: object) -> None:
    found = trace(where)
    assert (found.actual, type(found.actual), found.children) == (actual, type(actual), ())


def test_a_number_that_no_decimal_holds_is_a_fraction() -> None:
    thirds = {"event": ["purchase"], "average": {"of": "amount", "at_least": 9}}
    rows = [Row("purchase", 0, {"amount": amount}) for amount in (1.0, 0.0, 0.0)]
    found = Tracer(Binder(SCHEMA), User("x", {}, rows), World(AS_OF)).trace(meaning(thirds))
    assert found.actual == Fraction(1, 3)


def shape(outcome: Outcome) -> Any:
    name = type(outcome.node).__name__
    return (name, outcome.holds, *map(shape, outcome.children)) if outcome.children else (name, outcome.holds)


def test_the_tree_is_the_condition_as_written() -> None:
    where = {"any": [{"attribute": "country", "is_not": "FR"}, {"all": [{"list": "beta"}, {"everyone": True}]}]}
    assert shape(trace(where)) == (
        "Any", True, ("Not", False, ("Value", True)), ("All", True, ("Reference", True), ("Everyone", True)),
    )  # fmt: skip


def test_a_segment_is_opened_once() -> None:
    inner = {"attribute": "country", "is": "FR"}
    both = [{"segment": "s"}, {"not": {"segment": "s"}}]
    assert shape(trace(both, s=inner)) == (
        "All", False, ("Reference", True, ("Value", True)), ("Not", False, ("Reference", True)),
    )  # fmt: skip


def test_what_conditions_need() -> None:
    where = [
        {"attribute": "address.city", "is": "Lille"},
        {"not": {"any": [{"list": "beta"}, {"attribute": "born", "exists": True}]}},
        {"event": "purchase", "where": {"any": [{"property": "color", "is": "red"}, {"not": {
            "property": "product.category", "is": "x"}}]}, "count": {"at_least": 2}},
        {"event": ["purchase", "refund"], "sum": {"of": "amount", "at_least": 1}},
        {"event": "refund", "max": {"of": "product.price", "at_least": 1}},
        {"event": "refund", "distinct": {"of": "sku", "at_least": 1}},
    ]  # fmt: skip
    found = needs([Binder(SCHEMA).bind(meaning(where))])
    assert found == Needs(
        attributes=frozenset({("address", "city"), ("born",)}),
        properties={
            "purchase": frozenset({("color",), ("amount",)}),
            "refund": frozenset({("amount",), ("sku",)}),
        },
        catalogs={"product": frozenset({("category",), ("price",)})},
        sums={"purchase": frozenset({("amount",)}), "refund": frozenset({("amount",)})},
        joins={"purchase": frozenset({"product"}), "refund": frozenset({"product"})},
        given=frozenset({("list", "beta")}),
    )


def test_an_event_without_properties_is_needed_too() -> None:
    assert needs([Binder(SCHEMA).bind(meaning({"event": "purchase"}))]).properties == {"purchase": frozenset()}


def test_dates_in_the_elements_of_lists_are_shown_as_dates() -> None:
    account = Struct({"type": Scalar.STRING, "opened": Scalar.DATE, "seen": ListOf(Scalar.TIME)})
    schema = Schema("Europe/Paris", {"accounts": ListOf(account)}, {})
    user = User("ada", {"accounts": [{"type": "ira", "opened": 0, "seen": [1_000_000, None]}, None, {"opened": None}]})
    condition = meaning({"attribute": "accounts", "any_element": {"attribute": "type", "is": "ira"}})
    found = Tracer(Binder(schema), user, World(0)).trace(condition)
    first = {"type": "ira", "opened": Date(0), "seen": [At(1_000_000), None]}
    assert (found.holds, found.actual) == (True, [first, None, {"opened": None}])


def test_the_rows_are_counted_in_brief() -> None:
    later = [*ADA.events, Row("purchase", AS_OF, {"amount": 1.0}), Row("refund", AS_OF - 2, {"amount": 1})]
    where = {"event": "purchase", "where": {"property": "amount", "exists": True}, "between": ["1d", "0s"]}
    user = User("ada", {}, [*later, Row("purchase", AS_OF - 40 * DAY_US, {"amount": 2.0})])
    found = Tracer(Binder(SCHEMA), user, World(AS_OF)).trace(meaning(where))
    assert found.seen == Seen(AS_OF, 4, 3, 2, AS_OF - 40 * DAY_US, AS_OF - 3, 1)


def test_what_the_data_does_not_have_has_no_rows() -> None:
    assert trace({"event": "nothing"}).seen == Seen(AS_OF)


def test_of_a_sequence_the_steps_are_counted() -> None:
    steps = [{"event": "purchase"}, {"event": "purchase"}, {"event": "refund"}]
    assert (trace({"sequence": steps}).holds, trace({"sequence": steps}).actual) == (False, 2)


def test_a_published_membership_stands_and_is_opened() -> None:
    reds = Reference("extension", "reds")
    world = World(AS_OF, given={("extension", "reds"): frozenset()})

    def resolve(reference: Reference) -> Node | None:
        return meaning({"event": "purchase"}) if reference == reds else None

    found = Tracer(Binder(SCHEMA), ADA, world, resolve, {("extension", "reds"): 7}).trace(reds)
    assert (found.holds, found.published_us, found.decided) == (False, 7, False)
    assert [part.holds for part in found.children] == [True]
