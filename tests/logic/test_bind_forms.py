"""What fits, and what is told of what does not: elements of lists, places, and operators of one kind of column."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from segctl.logic import bound
from segctl.logic.algebra import NOBODY
from segctl.logic.bind import bind
from segctl.logic.bound import Column, ElementTest, Equals, Exactly, HasLength, IsPresent, RelativeYearDays, Scope
from segctl.logic.needs import needs
from segctl.logic.types import NO_ELEMENTS, NOTHING, CatalogSchema, ListOf, Opaque, Scalar, Schema, Struct, Type
from tests.logic.written import meaning

BANK = Struct({"country": Scalar.STRING, "lat": Scalar.FLOAT})
ACCOUNT = Struct({"type": Scalar.STRING, "opened": Scalar.DATE, "bank": BANK, "ghost": NOTHING})
PARTS = ListOf(Struct({"kind": Scalar.STRING}))
SCHEMA = Schema(
    "Europe/Paris",
    {
        "accounts": ListOf(ACCOUNT), "tags": ListOf(Scalar.STRING), "age": Scalar.INT, "app": Scalar.STRING,
        "born": Scalar.DATE, "home": Struct({"latitude": Scalar.FLOAT, "lon": Scalar.FLOAT}),
        "pos": Struct({"lat": Scalar.STRING, "lon": Scalar.FLOAT}), "lat": Scalar.FLOAT, "lon": Scalar.INT,
        "ghost": NOTHING, "hollow": NO_ELEMENTS,
    },
    {
        "buy": {"items": ListOf(Struct({"color": Scalar.STRING, "n": Scalar.INT})), "sku": Scalar.STRING},
        "sell": {"items": ListOf(Struct({"color": Scalar.INT, "n": Scalar.FLOAT}))},
    },
    {"product": CatalogSchema(("sku",), "sku", {"parts": PARTS, "lat": Scalar.FLOAT})},
)  # fmt: skip
NEAR: dict[str, Any] = {"near": {"lat": 1, "lon": 2, "radius": "5km"}}
LISTS = "`any_element`, `length`, `exists`, `blank`"


def element(where: Any, of: str = "accounts") -> dict[str, Any]:
    return {"attribute": of, "any_element": where}


def items(where: Any, *events: str) -> dict[str, Any]:
    return {"event": list(events), "where": {"property": "items", "any_element": where}}


@pytest.mark.parametrize(
    ("written", "code", "summary", "hint"),
    [
        (element({"attribute": "typ", "is": "x"}), "unknown-field", "there is no field `typ`", "did you mean `type`?"),
        (element({"attribute": "bank.contry", "is": "FR"}),
         "unknown-field", "there is no field `bank.contry`", "did you mean `bank.country`?"),
        (element({"attribute": "type", "is": 3}), "literal-type", "`type` is text, and `3` is a number",
         'quote it: `"3"`'),
        (element({"attribute": "opened", "contains": "x"}),
         "operator-type", "`contains` does not fit `opened`, which is a date", "on a date you can use"),
        (element({"is": "x"}), "operator-type", "`is` does not fit the element, which is a struct",
         "on a struct you can use `exists`; name one of its fields: `attribute`"),
        (element({"more_than": 4}, "tags"), "operator-type", "`more_than` does not fit the element, which is text", ""),
        (element({"attribute": "x", "is": "y"}, "tags"), "unknown-field", "there is no field `x`",
         "write the operator alone: `any_element: {is: ...}`"),
        (element({"is": 4}, "age"), "operator-type", "`any_element` does not fit `age`, which is an integer", ""),
        (element(NEAR), "unknown-field", "there is no field `lat`", ""),
        ({"attribute": "accounts", "is": "x"}, "operator-type",
         "`is` does not fit `accounts`, which is a list of structs", f"on a list of structs you can use {LISTS}"),
        ({"attribute": "accounts.type", "is": "ira"}, "unknown-attribute", "there is no attribute `accounts.type`",
         "`accounts` is a list of structs: conditions on its elements are written at `any_element`"),
        ({"attribute": ["accounts", "[]", "type"], "is": "ira"}, "unknown-attribute",
         "there is no attribute `accounts.[].type`", "`accounts` is a list of structs"),
        (items({"attribute": "color", "is": "red"}, "buy", "sell"), "mixed-types",
         "`items.color` is not the same in all of these events", "write one condition for each event"),
        (items({"attribute": "m", "is": "red"}, "buy", "sell"), "unknown-field", "there is no field `m`", ""),
        ({"event": "buy", "where": {"property": "product.parts", "any_element": {"attribute": "kin", "is": "x"}}},
         "unknown-field", "there is no field `kin`", "did you mean `kind`?"),
        ({"attribute": "home", **NEAR}, "operator-type", "`home`, which is a struct, has not both `lat` and `lon`",
         "a place is a struct with `lat` and `lon`, or two columns"),
        ({"attribute": "nowhere", **NEAR}, "unknown-attribute", "there is no attribute `nowhere`", ""),
        ({"attribute": "age", **NEAR}, "operator-type",
         "`age`, which is an integer, has not both `lat` and `lon`", "a place is a struct"),
        ({"event": "buy", "where": {"property": "product", **NEAR}},
         "unknown-field", "there is no field `product.lon`", "did you mean `product.lat`"),
        ({"attribute": "pos", **NEAR}, "operator-type", "a latitude is a number, and `pos.lat` is text",
         "name the columns of the coordinates: `attribute: {lat: home_lat, lon: home_lon}`"),
        ({"attribute": {"lat": "lat", "lon": "app"}, **NEAR}, "operator-type",
         "a longitude is a number, and `app` is text", "name the columns"),
        ({"attribute": "app", "length": {"at_least": 3}}, "operator-type",
         "`length` does not fit `app`, which is text", ""),
        ({"attribute": "age", "matches": "x"}, "operator-type", "`matches` does not fit `age`", ""),
        ({"attribute": "app", "matches": ["x", "θ{333}" * 300], "ignore_case": True}, "bad-pattern",
         "the pattern cannot be searched for in upper and lower case: pattern too large", "write a shorter one"),
        ({"attribute": "age", "version": {"at_least": "1"}}, "operator-type", "`version` does not fit `age`", ""),
        ({"attribute": "app", "anniversary": {"on": "02-29"}}, "operator-type", "`anniversary` does not fit `app`", ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(written: Any, code: str, summary: str, hint: str) -> None:
    node, (found,) = bind(meaning(written), SCHEMA)
    assert (node, found.code) == (NOBODY, code)
    assert found.summary.startswith(summary)
    assert found.hint.startswith(hint)


def test_all_that_is_wrong_in_an_element_is_told_at_once() -> None:
    wrong = {"all": [{"attribute": "a", "is": 1}, {"not": {"attribute": "type", "is": 2}}]}
    _, found = bind(meaning(element(wrong)), SCHEMA)
    assert [one.code for one in found] == ["unknown-field", "literal-type"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (element({"attribute": "x", "is": 1}, "ghost"), NOBODY),
        (element({"is": 1}, "hollow"), NOBODY),
        (element({"attribute": "ghost", "is": 1}), NOBODY),
        ({"attribute": "ghost", **NEAR}, NOBODY),
        ({"attribute": "tags", "length": {"at_least": 0}}, ("tags", ListOf(Scalar.STRING), IsPresent())),
        ({"attribute": "tags", "length": {"less_than": 0}}, NOBODY),
        ({"attribute": "hollow", "length": {"exactly": 0}},
         ("hollow", NO_ELEMENTS, HasLength(Exactly(None, Fraction(0))))),
        ({"attribute": "born", "anniversary": {"within_next": "366d"}}, ("born", Scalar.DATE, IsPresent())),
        ({"attribute": "born", "anniversary": {"within_last": "2w"}},
         ("born", Scalar.DATE, RelativeYearDays("Europe/Paris", -14, of_dates=True))),
    ],
)  # fmt: skip
def test_what_fits(written: Any, expected: Any) -> None:
    node, found = bind(meaning(written), SCHEMA)
    if isinstance(expected, tuple):
        name, kind, test = expected
        expected = bound.ValueTest(Column(Scope.ATTRIBUTE, (name,), kind), test)
    assert (node, found) == (expected, ())


def test_the_columns_of_an_element_begin_at_it() -> None:
    node, _ = bind(meaning(element({"attribute": "bank.country", "is": "FR"})), SCHEMA)
    column = Column(Scope.ATTRIBUTE, ("accounts",), ListOf(Opaque("struct")))
    inner = Column(Scope.ELEMENT, ("bank", "country"), Scalar.STRING)
    assert node == ElementTest(column, bound.ValueTest(inner, Equals(("FR",))))


def test_lists_without_elements_go_with_all_others() -> None:
    events: dict[str, dict[str, Type]] = {
        "buy": {"items": ListOf(Struct({"n": Scalar.INT}))},
        "try": {"items": NO_ELEMENTS},
    }
    condition = items({"attribute": "n", "is": 3}, "buy", "try")
    node, found = bind(meaning(condition), Schema("Europe/Paris", {}, events, partial=True))
    assert isinstance(node, bound.EventTest)
    assert (node.rows.names, found) == (("buy", "try"), ())


def test_what_is_read_of_elements() -> None:
    written = [
        element({"any": [{"attribute": "type", "is": "x"}, {"attribute": "bank.country", "is": "FR"}]}),
        element({"is": "x"}, "tags"),
        {"attribute": {"lat": "lat", "lon": "lon"}, **NEAR},
        items({"attribute": "n", "is": 3}, "buy", "sell"),
        {"event": "buy", "where": {"property": "product.parts", "any_element": {"attribute": "kind", "is": "x"}}},
        {"event": "buy", "where": {"property": {"lat": "product.lat", "lon": "sku"}, **NEAR}},
    ]
    found = needs(bind(meaning(one), SCHEMA)[0] for one in written)
    assert found.attributes == {
        ("accounts",), ("accounts", "[]", "type"), ("accounts", "[]", "bank", "country"), ("tags",), ("lat",), ("lon",),
    }  # fmt: skip
    assert found.properties == {name: {("items",), ("items", "[]", "n")} for name in ("buy", "sell")}
    assert found.catalogs == {"product": {("parts",), ("parts", "[]", "kind")}}
    assert found.joins == {"buy": {"product"}}
