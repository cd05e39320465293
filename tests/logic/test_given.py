from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segctl.diagnostics import Diagnostic
from segctl.load.document import Document
from segctl.logic.bind import bind
from segctl.logic.given import Setting, setting
from segctl.logic.interpret import Row, holds
from segctl.logic.times import day_number, written_us
from segctl.logic.types import NO_ELEMENTS, NOTHING, ListOf, Scalar, Struct
from segctl.model.project import Project
from segctl.model.written import parse_written
from tests.logic.written import document, meaning

PARIS = "Europe/Paris"


def given(project: dict[str, Any] | None = None, **rows: Any) -> Setting:
    """The world of a test with these rows."""
    data = {
        "kind": "test", "name": "t", "as_of": "2026-11-22", "given": rows, "expect": {"s": {"in": ["ada"]}}
    }  # fmt: skip
    base = {"kind": "project", "name": "shop", "timezone": PARIS, "users": {"path": "users.csv", "id": "id"}}
    return setting(document(data), Project.model_validate(base | (project or {})))


def types(*values: object) -> Any:
    """The type of an attribute with these values."""
    return given(users=[{"id": str(n), "a": value} for n, value in enumerate(values)]).schema.users["a"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([True, None], Scalar.BOOL),
        ([1, 2], Scalar.INT),
        ([1, Decimal("2.5")], Scalar.FLOAT),
        (["x", "2026-01-31"], Scalar.STRING),
        (["2026-01-31", None], Scalar.DATE),
        (["2026-01-31 09:00"], Scalar.TIME),
        (["2026-01-31", "2026-01-31T09:00Z"], Scalar.TIME),
        (["75001"], Scalar.STRING),
        ([None], NOTHING),
        ([["x"], []], ListOf(Scalar.STRING)),
        ([[1, Decimal("1.5")]], ListOf(Scalar.FLOAT)),
        ([[], None], NO_ELEMENTS),
        ([[{"x": 1}]], ListOf(Struct({"x": Scalar.INT}))),
        ([{"x": 1}, {"y": "2026-01-31"}], Struct({"x": Scalar.INT, "y": Scalar.DATE})),
    ],
)
def test_types_are_inferred_from_all_given_values(values: list[Any], kind: object) -> None:
    assert types(*values) == kind


def test_values_are_in_their_physical_form() -> None:
    row = {
        "id": 7, "date": "2026-01-31", "time": "2026-01-31 09:00", "utc": "2026-01-31T09:00Z", "amount": Decimal("0.1"),
        "nested": {"when": ["2026-01-31"], "none": None}, "flag": True, "n": 2,
    }  # fmt: skip
    (user,) = given(users=[row]).users
    day = day_number(parse_written("2026-01-31"))
    assert user.id == "7"
    assert user.attributes == {
        "id": 7,
        "date": day,
        "time": written_us("2026-01-31T08:00Z", "UTC"),
        "utc": written_us("2026-01-31T09:00Z", "UTC"),
        "amount": 0.1,
        "nested": {"when": [day], "none": None},
        "flag": True,
        "n": 2,
    }


def test_elements_are_read_field_by_field() -> None:
    accounts = [{"type": "ira", "opened": "2026-01-31"}, None, {"balance": Decimal("1.5")}, {"balance": 2}]
    found = given(users=[{"id": "ada", "accounts": accounts, "grid": [[1], []]}, {"id": "ben", "accounts": []}])
    assert found.schema.users == {
        "id": Scalar.STRING,
        "accounts": ListOf(Struct({"type": Scalar.STRING, "opened": Scalar.DATE, "balance": Scalar.FLOAT})),
        "grid": ListOf(ListOf(Scalar.INT)),
    }
    day = day_number(parse_written("2026-01-31"))
    ada, ben = found.users
    assert ada.attributes["accounts"] == [{"type": "ira", "opened": day}, None, {"balance": 1.5}, {"balance": 2.0}]
    assert ben.attributes["accounts"] == []
    for where, expected in (
        ({"attribute": "opened", "within_last": "365d"}, [True, False]),
        ({"all": [{"attribute": "type", "is": "ira"}, {"attribute": "balance", "exists": True}]}, [False, False]),
        ({"attribute": "nickname", "exists": False}, [True, False]),
    ):
        node, wrong = bind(meaning({"attribute": "accounts", "any_element": where}), found.schema)
        assert (wrong, [holds(node, user, found.world) for user in found.users]) == ((), expected)


def test_an_integer_beside_a_fraction_is_a_number() -> None:
    one, other = given(users=[{"id": "a", "x": 1}, {"id": "b", "x": Decimal("1.5")}]).users
    assert (one.attributes["x"], type(one.attributes["x"])) == (1.0, float)
    assert other.attributes["x"] == 1.5


def test_events_belong_to_their_users_and_partial_columns_are_allowed() -> None:
    found = given(
        users=[{"id": "ada", "a": 1}, {"id": "ben"}],
        events=[
            {"user": "ada", "event": "purchase", "time": "2026-01-31", "amount": 5},
            {"user": "ada", "event": "purchase", "time": "2026-01-31 09:00", "color": "red"},
            {"user": "ben", "event": "visit", "time": "2026-01-31T09:00Z"},
        ],
    )
    ada, ben = found.users
    assert found.schema.events == {"purchase": {"amount": Scalar.INT, "color": Scalar.STRING}, "visit": {}}
    assert ada.events == [
        Row("purchase", written_us("2026-01-31", PARIS), {"amount": 5}),
        Row("purchase", written_us("2026-01-31 09:00", PARIS), {"color": "red"}),
    ]
    assert ben.events == [Row("visit", written_us("2026-01-31T09:00Z", PARIS), {})]
    assert found.world.as_of_us == written_us("2026-11-22", PARIS)
    assert found.schema.partial


def test_without_users_the_population_is_who_has_events() -> None:
    source = {"path": "e.csv", "user": "user", "time": "time", "name": {"column": "event"}}
    users = {"derive": {"country": {"last": "Country"}, "origin": {"first": "Country"}}}
    derive = {"users": users, "events": [source]}
    events = [
        {"user": 1, "event": "purchase", "time": "2026-01-02", "Country": "FR"},
        {"user": 1, "event": "purchase", "time": "2026-01-02", "Country": "BE"},
        {"user": 1, "event": "purchase", "time": "2026-01-01", "Country": "NO"},
        {"user": 1, "event": "purchase", "time": "2026-01-03", "Country": None},
        {"user": 2, "event": "visit", "time": "2026-01-03"},
    ]
    one, two = given(derive, events=events).users
    assert one.attributes == {"country": "FR", "origin": "NO"}
    assert two.attributes == {"country": None, "origin": None}


def test_catalogues_are_those_of_the_project() -> None:
    catalogs = {
        "catalogs": {
            "product": {"path": "p.csv", "key": "sku"},
            "shop": {"path": "s.csv", "key": "id", "on": "at.shop"},
        }
    }
    found = given(catalogs, catalogs={"product": [{"sku": 1, "price": Decimal("9.5")}, {"sku": 2, "price": 3}]})
    assert found.diagnostics == ()
    assert found.schema.catalogs["product"].fields == {"sku": Scalar.INT, "price": Scalar.FLOAT}
    assert found.schema.catalogs["shop"].on == ("at", "shop")
    assert found.world.catalogs["product"].rows["2"] == {"sku": 2, "price": 3.0}
    assert found.world.catalogs["shop"].rows == {}


def test_given_memberships() -> None:
    found = given(users=[{"id": "7"}], lists={"beta": ["7", "x"]}, extensions={"e": []})
    assert found.world.given == {("list", "beta"): {"7", "x"}, ("extension", "e"): frozenset()}


def told(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    return [(d.code, d.summary) for d in diagnostics]


def test_what_is_wrong_with_the_rows_is_told() -> None:
    found = given(
        {"catalogs": {"product": {"path": "p.csv", "key": "sku"}}},
        users=[{"id": "ada", "zip": 75001}, {"id": "ada", "zip": "2A004"}],
        events=[{"user": "ben", "event": "purchase", "time": "2026-01-31"}],
        catalogs={"product": [{"sku": 1}, {"sku": "1"}, {"price": 3}], "prodct": []},
    )
    assert told(found.diagnostics) == [
        ("mixed-types", "the values of `zip` are of different types"),
        ("duplicate-id", "two users have the id `ada`"),
        ("unknown-user", "`ben` is none of the given users"),
        ("mixed-types", "the values of `sku` are of different types"),
        ("duplicate-id", "two rows have the key `1`"),
        ("missing-key", "`sku` is missing"),
        ("unknown-catalog", "the project has no catalogue `prodct`"),
    ]


def test_mixed_types_deep_inside_are_named_by_their_path() -> None:
    found = given(users=[{"id": "a", "x": {"y": [1, "b"]}}])
    assert told(found.diagnostics) == [("mixed-types", "the values of `x.y` are of different types")]


def test_only_tests_have_rows() -> None:
    segment: Document = document({"kind": "segment", "name": "s", "where": {"everyone": True}})
    project = Project.model_validate({"kind": "project", "name": "p", "users": {"path": "u.csv", "id": "id"}})
    with pytest.raises(TypeError):
        setting(segment, project)


@pytest.mark.parametrize(
    ("ids", "value", "kind"),
    [(["ada", "ben"], "ben", Scalar.STRING), ([7, 8], 8, Scalar.INT), ([7, "ben"], "7", Scalar.STRING)],
)
def test_the_id_is_an_attribute_by_the_name_of_its_column(ids: list[object], value: object, kind: Scalar) -> None:
    users = {"users": {"path": "users.csv", "id": {"column": "customer"}}}
    found = given(users, users=[{"id": one} for one in ids])
    assert found.schema.users["customer"] == kind
    assert [user.id for user in found.users if user.attributes["customer"] == value] == [str(value)]


def test_a_column_of_its_own_is_what_the_row_says() -> None:
    found = given(users=[{"id": "ada", "age": 36}])
    assert found.users[0].attributes == {"id": "ada", "age": 36}
