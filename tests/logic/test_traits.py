"""Traits on a schema, and their values for one user by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segctl.diagnostics import Diagnostic, Severity
from segctl.logic import bound
from segctl.logic.bind import Binder
from segctl.logic.interpret import Row, User, World, computed, holds
from segctl.logic.lower import lower_trait, traits_among
from segctl.logic.needs import needs
from segctl.logic.nodes import Expression
from segctl.logic.times import DAY_US
from segctl.logic.types import NOTHING, ListOf, Scalar, Schema, Type
from tests.logic.written import document, meaning

AS_OF = 1000 * DAY_US
SCHEMA = Schema(
    "Europe/Paris",
    {"city": Scalar.STRING},
    {
        "buy": {
            "amount": Scalar.FLOAT, "quantity": Scalar.INT, "color": Scalar.STRING, "gift": Scalar.BOOL,
            "paid_at": Scalar.TIME, "ship_on": Scalar.DATE, "labels": ListOf(Scalar.STRING), "void": NOTHING,
        },
        "refund": {"amount": Scalar.INT},
    },
)  # fmt: skip


def measure(key: str, of: str | None = None, **more: Any) -> dict[str, Any]:
    return {"value": {"event": "buy", key: True if of is None else {"of": of}, **more}}


def binder(**traits: dict[str, Any]) -> Binder:
    documents = {("trait", name): document({"kind": "trait", "name": name, **data}) for name, data in traits.items()}
    return Binder(SCHEMA, traits=traits_among(documents))


def trait(data: dict[str, Any]) -> Expression:
    return lower_trait(document({"kind": "trait", "name": "t", **data}))


def errors(found: Binder) -> list[Diagnostic]:
    return [one for one in found.diagnostics if one.severity is Severity.ERROR]


TYPES: list[tuple[dict[str, Any], Type]] = [
    (measure("count"), Scalar.INT),
    (measure("days"), Scalar.INT),
    (measure("distinct", "color"), Scalar.INT),
    (measure("sum", "quantity"), Scalar.INT),
    (measure("sum", "amount"), Scalar.FLOAT),
    (measure("average", "quantity"), Scalar.FLOAT),
    (measure("median", "quantity"), Scalar.FLOAT),
    (measure("min", "quantity"), Scalar.INT),
    (measure("max", "amount"), Scalar.FLOAT),
    (measure("first"), Scalar.TIME),
    (measure("last"), Scalar.TIME),
    (measure("first_value", "color"), Scalar.STRING),
    (measure("last_value", "ship_on"), Scalar.DATE),
    (measure("most_frequent", "gift"), Scalar.BOOL),
    (measure("unique_list", "paid_at"), ListOf(Scalar.TIME)),
    ({"value": {"event": ["buy", "refund"], "last_value": {"of": "amount"}}}, Scalar.FLOAT),
    ({"value": {"event": "nothing", "count": True}}, Scalar.INT),
    ({"value": {"event": "nothing", "last": True}}, Scalar.TIME),
    ({"value": {"event": "nothing", "most_frequent": {"of": "x"}}}, NOTHING),
    (measure("last_value", "void"), NOTHING),
]


@pytest.mark.parametrize(("data", "kind"), TYPES)
def test_a_trait_has_the_type_of_what_it_measures(data: dict[str, Any], kind: Type) -> None:
    found = binder()
    assert found.value(trait(data)).type == kind
    assert not errors(found)


def test_what_the_data_does_not_have_counts_as_nought_or_is_missing() -> None:
    someone = User("u", {}, [])
    written: dict[str, dict[str, Any]] = {
        "count": {"count": True}, "sum": {"sum": {"of": "x"}}, "max": {"max": {"of": "x"}}, "first": {"first": True}
    }  # fmt: skip
    values = {
        key: computed(binder().value(trait({"value": {"event": "nothing", **one}})), someone, World(AS_OF))
        for key, one in written.items()
    }
    assert values == {"count": 0, "sum": 0.0, "max": None, "first": None}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (measure("sum", "color"), "operator-type"),
        (measure("last_value", "labels"), "operator-type"),
        (measure("count", where={"property": "colour", "is": "red"}), "unknown-property"),
        (measure("max", "amuont"), "unknown-property"),
        ({"formula": "color_seen / 2"}, "operator-type"),
        ({"formula": "orders * 2 + nobody"}, "missing-reference"),
    ],
)
def test_what_does_not_fit_is_an_error(data: dict[str, Any], code: str) -> None:
    found = binder(color_seen=measure("last_value", "color"), orders=measure("count"))
    found.value(trait(data))
    assert [one.code for one in errors(found)] == [code]


def test_a_formula_over_no_number_says_which_trait_and_what_it_is() -> None:
    found = binder(colors=measure("unique_list", "color"))
    found.value(trait({"formula": "colors + 1"}))
    assert errors(found)[0].summary == "a formula is over numbers, and the trait `colors` is a list of texts"


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (measure("count"), {"trait": "t", "contains": "1"}),
        (measure("count"), {"trait": "t", "is": "many"}),
        (measure("last_value", "color"), {"trait": "t", "at_least": 3}),
        (measure("last"), {"trait": "t", "includes_any": ["x"]}),
        (measure("unique_list", "color"), {"trait": "t", "is": "red"}),
        (measure("unique_list", "color"), {"trait": "t", "top": 3}),
        (measure("last_value", "color"), {"trait": "t", "bottom": "5%"}),
        (measure("count"), {"trait": "other", "is": 1}),
    ],
)
def test_a_test_that_does_not_fit_the_trait_is_an_error(data: dict[str, Any], where: dict[str, Any]) -> None:
    found = binder(t=data)
    assert found.bind(meaning(where)) == bound.Any(())
    assert len(errors(found)) == 1


# --- values by hand ---------------------------------------------------------------------------------

EVE = User(
    "eve",
    {},
    [
        Row("buy", AS_OF - 5, {"amount": 0.1, "quantity": 2, "color": "blue", "gift": True, "ship_on": 10}),
        Row("buy", AS_OF - 9, {"amount": 0.2, "quantity": 3, "color": "Zoë", "gift": False}),
        Row("buy", AS_OF - 5, {"amount": None, "quantity": 4, "color": "red", "gift": True}),
        Row("buy", AS_OF - 9, {"amount": float("nan"), "quantity": None, "color": "émile", "ship_on": 9}),
        Row("buy", AS_OF - 1, {"color": None}),
        Row("buy", AS_OF, {"amount": 1e6, "quantity": 100, "color": "zzz"}),
        Row("refund", AS_OF - 3, {"amount": 2**53 + 1}),
    ],
)
BOTH = ["buy", "refund"]
VALUES: list[tuple[dict[str, Any], object]] = [
    (measure("count"), 5),
    (measure("sum", "amount"), 0.3),
    (measure("sum", "quantity"), 9),
    (measure("average", "amount"), 0.15),
    (measure("average", "quantity"), 3.0),
    (measure("median", "quantity"), 3.0),
    (measure("min", "quantity"), 2),
    (measure("max", "amount"), 0.2),
    (measure("first"), AS_OF - 9),
    (measure("last"), AS_OF - 1),
    (measure("last_value", "color"), "red"),
    (measure("first_value", "color"), "Zoë"),
    (measure("last_value", "gift"), True),
    (measure("first_value", "amount"), 0.2),
    (measure("most_frequent", "gift"), True),
    (measure("most_frequent", "color"), "Zoë"),
    (measure("unique_list", "color"), ["Zoë", "blue", "red", "émile"]),
    (measure("unique_list", "ship_on"), [9, 10]),
    (measure("unique_list", "color", where={"property": "color", "is": "none"}), None),
    ({"value": {"event": BOTH, "max": {"of": "amount"}}}, float(2**53)),
    ({"value": {"event": BOTH, "last_value": {"of": "amount"}}}, float(2**53)),
    ({"value": {"event": BOTH, "sum": {"of": "amount"}}}, float(2**53 + 2)),
    ({"formula": "orders / 2"}, 2.5),
    ({"formula": "orders"}, 5.0),
    ({"formula": "1 / (orders - 5)"}, None),
    ({"formula": "spent / orders + never"}, None),
    ({"formula": "(spent - 0.1) * 10"}, (0.3 - 0.1) * 10),
    ({"formula": "1e308 * orders * 10 - 1e308"}, None),
    ({"formula": "0 * (0 - orders)"}, 0.0),
]


@pytest.mark.parametrize(("data", "value"), VALUES)
def test_values_by_hand(data: dict[str, Any], value: object) -> None:
    known = binder(orders=measure("count"), spent=measure("sum", "amount"), never=measure("max", "void"))
    assert repr(computed(known.value(trait(data)), EVE, World(AS_OF))) == repr(value)


@pytest.mark.parametrize(
    ("where", "member"),
    [
        ({"trait": "seen", "contains": "e"}, True),
        ({"trait": "seen", "is": "RED", "ignore_case": True}, True),
        ({"trait": "seen", "not_in": ["blue"]}, True),
        ({"trait": "colors", "includes_all": ["red", "blue"]}, True),
        ({"trait": "colors", "includes_none": ["green"]}, True),
        ({"trait": "orders", "between": [5, 6]}, True),
        ({"trait": "orders", "more_than": Decimal("5.5")}, False),
        ({"trait": "newest", "within_last": "1h"}, True),
        ({"trait": "newest", "before": "1970-01-02"}, False),
        ({"trait": "none", "exists": True}, False),
        ({"trait": "none", "is_not": 3}, True),
        ({"trait": "none", "at_least": 3, "or_missing": True}, True),
        ({"trait": "none", "blank": True}, True),
    ],
)
def test_a_trait_is_tested_like_an_attribute(where: dict[str, Any], member: bool) -> None:  # noqa: FBT001
    found = binder(
        seen=measure("last_value", "color"), colors=measure("unique_list", "color"), orders=measure("count"),
        newest=measure("last"), none=measure("max", "quantity", where={"property": "color", "is": "none"}),
    )  # fmt: skip
    condition = found.bind(meaning(where))
    assert not found.diagnostics
    assert holds(condition, EVE, World(AS_OF)) is member


# --- many traits --------------------------------------------------------------------------------------


def test_a_chain_of_traits_may_be_of_any_length() -> None:
    chain = {f"t{n}": {"formula": f"t{n - 1} + 1"} for n in range(1, 3000)}
    found = binder(t0=measure("count"), **chain)
    value = found.value(trait({"formula": "t2999 + 1"}))
    assert computed(value, EVE, World(AS_OF)) == 3005.0
    condition = found.bind(meaning({"trait": "t2999", "is": 3004}))
    assert holds(condition, EVE, World(AS_OF))
    assert needs([condition], [value]).properties == {"buy": frozenset()}


def test_what_is_used_twice_is_evaluated_once() -> None:
    doubled = {f"t{n}": {"formula": f"t{n - 1} + t{n - 1}"} for n in range(1, 101)}
    found = binder(t0=measure("count"), **doubled)
    assert computed(found.value(trait({"formula": "t100 + 0"})), EVE, World(AS_OF)) == 5.0 * 2**100


def test_a_trait_reads_what_its_rows_need() -> None:
    found = binder(spent=measure("sum", "amount", where={"property": "color", "is": "red"}))
    needed = needs([found.bind(meaning({"trait": "spent", "top": "5%"}))])
    assert needed.properties == {"buy": frozenset({("amount",), ("color",)})}
    assert needed.sums == {"buy": frozenset({("amount",)})}
