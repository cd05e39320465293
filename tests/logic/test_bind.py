from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from segctl.diagnostics import Severity
from segctl.logic import bound
from segctl.logic.bind import Binder, bind
from segctl.logic.bound import (
    All,
    At,
    Between,
    Column,
    Date,
    During,
    Elements,
    Equals,
    EventMissing,
    EventTest,
    Everyone,
    Exactly,
    Given,
    IsBlank,
    IsPresent,
    LocalMidnight,
    Measure,
    Not,
    OnDays,
    Rows,
    Scope,
    Text,
    Today,
    ValueTest,
)
from segctl.logic.nodes import Ago, MeasureKind, Node, Reference, TextKind
from segctl.logic.times import DAY_US, written_us
from segctl.logic.types import NO_ELEMENTS, NOTHING, CatalogSchema, ListOf, Opaque, Scalar, Schema, Struct
from tests.logic.written import meaning

ZONE = "Europe/Paris"
NOBODY = bound.Any(())
NUMBER_OPERATORS = "`is`, `in`, `more_than`, `at_least`, `less_than`, `at_most`, `between`, `exists`"
TEXT_OPERATORS = "`is`, `in`, `contains`, `starts_with`, `ends_with`, `matches`, `version`, `exists`, `blank`"
LIST_OPERATORS = "`includes_any`, `includes_all`, `includes_none`, `any_element`, `length`, `exists`, `blank`"

ACCOUNTS = ListOf(Opaque("struct"))

SCHEMA = Schema(
    zone=ZONE,
    users={
        "country": Scalar.STRING,
        "age": Scalar.INT,
        "score": Scalar.FLOAT,
        "vip": Scalar.BOOL,
        "born": Scalar.DATE,
        "signup": Scalar.TIME,
        "tags": ListOf(Scalar.STRING),
        "lucky": ListOf(Scalar.INT),
        "holidays": ListOf(Scalar.DATE),
        "address": Struct({"city": Scalar.STRING, "geo": Struct({"lat": Scalar.FLOAT})}),
        "st.name": Scalar.STRING,
        "accounts": ListOf(Struct({"type": Scalar.STRING, "opened": Scalar.DATE, "tags": ListOf(Scalar.STRING)})),
        "ghost": NOTHING,
        "hollow": NO_ELEMENTS,
    },
    events={
        "purchase": {
            "amount": Scalar.FLOAT,
            "color": Scalar.STRING,
            "sku": Scalar.STRING,
            "paid_at": Scalar.TIME,
            "labels": ListOf(Scalar.STRING),
            "shop": Struct({"city": Scalar.STRING}),
            "empty": NOTHING,
        },
        "refund": {"amount": Scalar.INT, "color": Scalar.BOOL},
        "visit": {"page": Scalar.STRING, "seconds": Scalar.INT},
    },
    catalogs={
        "product": CatalogSchema(("sku",), "sku", {"category": Scalar.STRING, "price": Scalar.FLOAT}),
        "shop": CatalogSchema(("sku",), "sku", {"city": Scalar.STRING}),
        "page": CatalogSchema(("page",), "page", {"title": Scalar.STRING}),
        "paid": CatalogSchema(("paid_at",), "paid_at", {"title": Scalar.STRING}),
    },
)


def bound_to(where: object, schema: Schema = SCHEMA) -> bound.Node:
    """The bound condition, which has no problems."""
    node, diagnostics = bind(meaning(where), schema)
    assert diagnostics == ()
    return node


def problem(where: object, schema: Schema = SCHEMA) -> tuple[str, str, str]:
    """Code, summary and hint of the one problem."""
    _, diagnostics = bind(meaning(where), schema)
    (found,) = diagnostics
    return found.code, found.summary, found.hint


def attribute(name: str, test: bound.Test) -> ValueTest:
    path = tuple(name.split("."))
    kind = {**SCHEMA.users, "address.city": Scalar.STRING, "address": Opaque("struct"), "accounts": ACCOUNTS}[name]
    return ValueTest(Column(Scope.ATTRIBUTE, path, kind), test)


def at(text: str) -> At:
    return At(written_us(text, ZONE))


# --- literals of the column's own type -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"attribute": "country", "is": "FR"}, attribute("country", Equals(("FR",)))),
        ({"attribute": "country", "in": ["FR", "BE", "FR"]}, attribute("country", Equals(("BE", "FR")))),
        (
            {"attribute": "country", "is": "FR", "ignore_case": True},
            attribute("country", Equals(("fr",), ignore_case=True)),
        ),
        ({"attribute": "vip", "is": True}, attribute("vip", Equals((True,)))),
        ({"attribute": "age", "is": Decimal("18.0")}, attribute("age", Equals((18,)))),
        ({"attribute": "age", "is": Decimal("18.5")}, NOBODY),
        ({"attribute": "age", "in": [18, Decimal("18.5")]}, attribute("age", Equals((18,)))),
        ({"attribute": "age", "is": 2**63}, NOBODY),
        ({"attribute": "age", "more_than": Decimal("17.5")}, attribute("age", Between(18, None))),
        ({"attribute": "age", "more_than": 17}, attribute("age", Between(18, None))),
        ({"attribute": "age", "at_least": 10**30}, NOBODY),
        ({"attribute": "age", "at_most": 10**30}, attribute("age", IsPresent())),
        ({"attribute": "age", "between": [18, 18]}, attribute("age", Equals((18,)))),
        ({"attribute": "score", "is": 18}, attribute("score", Equals((18.0,)))),
        ({"attribute": "score", "is": Decimal("0.1")}, attribute("score", Equals((0.1,)))),
        ({"attribute": "score", "is": 2**53 + 1}, NOBODY),
        ({"attribute": "score", "at_least": 2**53 + 1}, attribute("score", Between(float(2**53 + 2), None))),
        ({"attribute": "score", "more_than": Decimal("0.1")}, attribute("score", Between(0.1, None, low_open=True))),
        ({"attribute": "score", "less_than": -(10**400)}, attribute("score", Between(None, float("-inf")))),
        (
            {"attribute": "country", "starts_with": ["fr", "BE"], "ignore_case": True},
            attribute("country", Text(TextKind.STARTS, ("be", "fr"), ignore_case=True)),
        ),
        ({"attribute": "country", "exists": False}, Not(attribute("country", IsPresent()))),
        ({"attribute": "country", "blank": True}, attribute("country", IsBlank())),
        ({"attribute": "tags", "blank": True}, attribute("tags", IsBlank())),
        ({"attribute": "age", "blank": True}, Not(attribute("age", IsPresent()))),
        ({"attribute": "age", "blank": False}, attribute("age", IsPresent())),
        ({"attribute": "address", "exists": True}, attribute("address", IsPresent())),
        ({"attribute": "accounts", "exists": True}, attribute("accounts", IsPresent())),
        ({"attribute": "address.city", "is": "Lille"}, attribute("address.city", Equals(("Lille",)))),
    ],
)
def test_values(written: object, expected: bound.Node) -> None:
    assert bound_to(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"tags": {"includes_any": ["y", "x", "y"]}}, Elements(every=False, tests=(Equals(("x", "y")),))),
        ({"tags": {"includes_all": ["y", "x"]}}, Elements(every=True, tests=(Equals(("x",)), Equals(("y",))))),
        ({"tags": {"includes_all": ["x"]}}, Elements(every=False, tests=(Equals(("x",)),))),
        ({"lucky": {"includes_any": [7, Decimal("7.5")]}}, Elements(every=False, tests=(Equals((7,)),))),
        ({"lucky": {"includes_all": [7, Decimal("7.5")]}}, None),
        ({"holidays": {"includes_any": ["1970-01-03"]}}, Elements(every=False, tests=(OnDays(Date(2), Date(3)),))),
    ],
)
def test_lists(written: dict[str, dict[str, Any]], expected: Elements | None) -> None:
    ((name, operator),) = written.items()
    node = NOBODY if expected is None else attribute(name, expected)
    assert bound_to({"attribute": name, **operator}) == node


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"before": "2026-03-29"}, During(None, at("2026-03-29 00:00"))),
        ({"after": "2026-03-29"}, During(at("2026-03-30 00:00"), None)),
        ({"on": "2026-03-29"}, During(at("2026-03-29 00:00"), at("2026-03-30 00:00"))),
        ({"is": "2026-03-29"}, During(at("2026-03-29 00:00"), at("2026-03-30 00:00"))),
        ({"before": "2026-03-29 12:00"}, During(None, at("2026-03-29 12:00"))),
        ({"after": "2026-03-29 12:00"}, During(at("2026-03-29 12:00:00.000001"), None)),
        ({"is": "2026-03-29 12:00"}, During(at("2026-03-29 12:00"), at("2026-03-29 12:00:00.000001"))),
        ({"at_least": "2026-03-29"}, During(at("2026-03-29 00:00"), None)),
        ({"more_than": "2026-03-29"}, During(at("2026-03-30 00:00"), None)),
        ({"at_most": "2026-03-29"}, During(None, at("2026-03-30 00:00"))),
        ({"less_than": "2026-03-29"}, During(None, at("2026-03-29 00:00"))),
        ({"at_most": "2026-03-29 12:00"}, During(None, at("2026-03-29 12:00:00.000001"))),
        ({"between": ["2026-03-28", "2026-03-29"]}, During(at("2026-03-28 00:00"), at("2026-03-30 00:00"))),
        ({"within_last": "30d"}, During(Ago(30 * DAY_US), Ago(0))),
        ({"older_than": "30d"}, During(None, Ago(30 * DAY_US))),
        ({"within_next": "7d"}, During(Ago(0), Ago(-7 * DAY_US))),
        ({"later_than": "7d"}, During(Ago(-7 * DAY_US), None)),
    ],
)
def test_times(operator: dict[str, Any], expected: During) -> None:
    assert bound_to({"attribute": "signup", **operator}) == attribute("signup", expected)


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"before": "1970-01-03"}, OnDays(None, Date(2))),
        ({"after": "1970-01-03"}, OnDays(Date(3), None)),
        ({"on": "1970-01-03"}, OnDays(Date(2), Date(3))),
        ({"at_most": "1970-01-03"}, OnDays(None, Date(3))),
        ({"between": ["1970-01-03", "1970-01-05"]}, OnDays(Date(2), Date(5))),
        ({"within_last": "30d"}, OnDays(Today(-29, ZONE), Today(1, ZONE))),
        ({"older_than": "30d"}, OnDays(None, Today(-29, ZONE))),
        ({"within_next": "1w"}, OnDays(Today(0, ZONE), Today(7, ZONE))),
        ({"later_than": "7d"}, OnDays(Today(7, ZONE), None)),
    ],
)
def test_dates(operator: dict[str, Any], expected: OnDays) -> None:
    assert bound_to({"attribute": "born", **operator}) == attribute("born", expected)


def test_a_day_that_a_zone_skips_holds_no_instant() -> None:
    apia = Schema("Pacific/Apia", {"signup": Scalar.TIME}, {})
    assert bound_to({"attribute": "signup", "on": "2011-12-30"}, apia) == NOBODY


def test_a_column_without_values_fits_every_test_and_finds_it_missing() -> None:
    for operator in ({"is": 1}, {"contains": "x"}, {"within_last": "1h"}, {"includes_any": [1]}, {"exists": True}):
        assert bound_to({"attribute": "ghost", **operator}) == NOBODY
    assert bound_to({"attribute": "ghost", "is_not": 1}) == Everyone()
    assert bound_to({"attribute": "ghost", "blank": True}) == Everyone()
    assert bound_to({"attribute": "hollow", "includes_any": [1]}) == NOBODY
    hollow = Column(Scope.ATTRIBUTE, ("hollow",), NO_ELEMENTS)
    assert bound_to({"attribute": "hollow", "blank": True}) == ValueTest(hollow, IsBlank())


# --- what does not fit ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code", "summary", "hint"),
    [
        (
            {"attribute": "contry", "is": "FR"},
            "unknown-attribute", "there is no attribute `contry`", "did you mean `country`?",
        ),
        (
            {"attribute": "address.cty", "is": "FR"},
            "unknown-attribute", "there is no attribute `address.cty`", "did you mean `address.city`?",
        ),
        (
            {"attribute": "st.name", "is": "x"},
            "unknown-attribute", "there is no attribute `st.name`",
            "a name that holds a dot is written as a list of its parts: `[st.name]`",
        ),
        (
            {"attribute": "country.name", "is": "x"},
            "unknown-attribute", "there is no attribute `country.name`", "`country` is text and has no fields",
        ),
        (
            {"attribute": "vip", "is": 1},
            "literal-type", "`vip` is a boolean, and `1` is a number", "write `true` or `false`, without quotes",
        ),
        (
            {"attribute": "country", "is": 33},
            "literal-type", "`country` is text, and `33` is a number", 'quote it: `"33"`',
        ),
        (
            {"attribute": "country", "is": True},
            "literal-type", "`country` is text, and `true` is a boolean", 'quote it: `"true"`',
        ),
        (
            {"attribute": "age", "is": "18"},
            "literal-type", "`age` is an integer, and `18` is text", "write the number without quotes",
        ),
        (
            {"attribute": "age", "more_than": "2026-01-31"},
            "literal-type", "`age` is an integer, and `2026-01-31` is text", "write a number",
        ),
        (
            {"attribute": "lucky", "includes_any": ["7"]},
            "literal-type", "`lucky` is a list of integers, and `7` is text", "write the number without quotes",
        ),
        (
            {"attribute": "signup", "is": "soon"},
            "bad-date", "`signup` is a time: `soon` is not a date or an instant",
            "write it as `2026-01-31`, `2026-01-31 09:00` or `2026-01-31T09:00:00Z`",
        ),
        (
            {"attribute": "signup", "more_than": 2026},
            "literal-type", "`signup` is a time, and `2026` is a number",
            "write a date as `2026-01-31`, an instant as `2026-01-31 09:00`",
        ),
        (
            {"attribute": "born", "before": "2026-01-31 09:00"},
            "literal-type", "`born` is a date: `2026-01-31 09:00` has a time of day, a date has none",
            "write `2026-01-31`",
        ),
        (
            {"attribute": "born", "within_last": "36h"},
            "duration-days", "`born` is a date, and the duration of `within_last` is not of whole days",
            "use whole days or weeks: `1d`, `2w`",
        ),
        (
            {"attribute": "age", "is": 18, "ignore_case": True},
            "ignore-case", "`ignore_case` does not fit `age`, which is an integer",
            "only text has upper and lower case: remove it",
        ),
        (
            {"attribute": "age", "contains": "x"},
            "operator-type", "`contains` does not fit `age`, which is an integer",
            f"on an integer you can use {NUMBER_OPERATORS}",
        ),
        (
            {"attribute": "country", "within_last": "7d"},
            "operator-type", "`within_last` does not fit `country`, which is text",
            f"on text you can use {TEXT_OPERATORS}",
        ),
        (
            {"attribute": "country", "at_least": 5},
            "operator-type", "`at_least` does not fit `country`, which is text",
            f"on text you can use {TEXT_OPERATORS}",
        ),
        (
            {"attribute": "country", "includes_any": ["FR"]},
            "operator-type", "`includes_any` does not fit `country`, which is text",
            f"on text you can use {TEXT_OPERATORS}",
        ),
        (
            {"attribute": "tags", "is": "x"},
            "operator-type", "`is` does not fit `tags`, which is a list of texts",
            f"on a list of texts you can use {LIST_OPERATORS}",
        ),
        (
            {"attribute": "address", "is": "x"},
            "operator-type", "`is` does not fit `address`, which is a struct",
            "on a struct you can use `exists`; its fields are reached by a dotted path",
        ),
        (
            {"attribute": "accounts", "includes_any": ["x"]},
            "operator-type", "`includes_any` does not fit `accounts`, which is a list of structs",
            "on a list of structs you can use `any_element`, `length`, `exists`, `blank`",
        ),
        (
            {"event": "purchase", "where": {"property": "colour", "is": "red"}},
            "unknown-property", "there is no property `colour`", "did you mean `color`?",
        ),
        (
            {"event": "purchase", "where": {"property": "product.categry", "is": "red"}},
            "unknown-field", "there is no field `product.categry`", "did you mean `product.category`?",
        ),
        (
            {"event": "purchase", "where": {"property": "shop.city", "is": "Lille"}},
            "ambiguous-name", "`shop.city` can mean two things", "give the catalogue another name in segctl.yaml",
        ),
        (
            {"event": "purchase", "where": {"property": "page.title", "is": "x"}},
            "unknown-property", "the catalogue `page` cannot be joined: `purchase` has no property `page`",
            "name the property that holds the key: `on` of `page` in segctl.yaml",
        ),
        (
            {"event": "purchase", "where": {"property": "paid.title", "is": "x"}},
            "catalog-key", "`paid_at` cannot join the catalogue `paid`",
            "name another property of the events at `on` of `paid` in segctl.yaml",
        ),
        (
            {"event": ["purchase", "refund"], "where": {"property": "color", "is": "red"}},
            "mixed-types", "`color` is not the same in all of these events",
            "write one condition for each event, joined by `any`",
        ),
        (
            {"event": "purchase", "sum": {"of": "color", "at_least": 5}},
            "operator-type", "`sum` is of numbers, and `color` is text", "`count` counts the events themselves",
        ),
        (
            {"event": "purchase", "distinct": {"of": "labels", "at_least": 5}},
            "operator-type", "`distinct` is of single values, and `labels` is a list of texts", "",
        ),
        (
            {"event": "purchase", "average": {"of": "amunt", "at_least": 5}},
            "unknown-property", "there is no property `amunt`", "did you mean `amount`?",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(written: object, code: str, summary: str, hint: str) -> None:
    assert problem(written) == (code, summary, hint)


def test_several_bad_literals_are_told_one_by_one() -> None:
    _, diagnostics = bind(meaning({"attribute": "country", "in": ["FR", 1, 2]}), SCHEMA)
    assert [d.summary for d in diagnostics] == [
        "`country` is text, and `1` is a number",
        "`country` is text, and `2` is a number",
    ]


def test_what_is_wrong_is_told_although_a_constant_would_hide_it() -> None:
    where = {"any": [{"everyone": True}, {"attribute": "contry", "is": "FR"}]}
    assert problem(where)[0] == "unknown-attribute"


def test_the_disagreeing_events_are_named() -> None:
    _, (found,) = bind(meaning({"event": ["purchase", "refund"], "where": {"property": "color", "is": "red"}}), SCHEMA)
    assert found.detail == "it is text in `purchase` and a boolean in `refund`"


# --- events --------------------------------------------------------------------------------------------------


COUNT = Measure(MeasureKind.COUNT)
AMOUNT = Column(Scope.PROPERTY, ("amount",), Scalar.FLOAT)


def rows(*names: str, **more: Any) -> Rows:
    return Rows(names or ("purchase",), **{"where": Everyone(), **more})


def at_least(number: int | Fraction) -> Exactly:
    return Exactly(Fraction(number))


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        ({"within": "30d"}, Ago(30 * DAY_US), None),
        ({"within": {"days_before_today": 3}}, LocalMidnight(3, ZONE), None),
        ({"between": ["2026-03-01", "2026-03-29"]}, at("2026-03-01 00:00"), at("2026-03-30 00:00")),
        ({"between": ["2026-03-01 12:00", "2026-03-29 12:00"]}, at("2026-03-01 12:00"), at("2026-03-29 12:00")),
        ({"between": ["30d", "7d"]}, Ago(30 * DAY_US), Ago(7 * DAY_US)),
        ({"since": "2026-03-29"}, at("2026-03-29 00:00"), None),
        ({"since": "7d"}, Ago(7 * DAY_US), None),
        ({"until": "2026-03-29"}, None, at("2026-03-30 00:00")),
        ({"until": "2026-03-29 12:00"}, None, at("2026-03-29 12:00")),
        ({"until": "7d"}, None, Ago(7 * DAY_US)),
        ({"until": "0d"}, None, None),
    ],
)
def test_windows(window: dict[str, Any], start: bound.Instant | None, end: bound.Instant | None) -> None:
    expected = EventTest(rows(start=start, end=end), COUNT, at_least(1))
    assert bound_to({"event": "purchase", **window}) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("purchase", ("purchase",)),
        (["visit", "purchase", "visit"], ("purchase", "visit")),
        ("*", ("purchase", "refund", "visit")),
        ({"starts_with": "re"}, ("refund",)),
    ],
)
def test_names_are_those_of_the_data(names: Any, expected: tuple[str, ...]) -> None:
    assert bound_to({"event": names}) == EventTest(rows(*expected), COUNT, at_least(1))


def test_an_event_that_is_nowhere_is_a_warning_and_happened_to_nobody() -> None:
    node, (warning,) = bind(meaning({"event": "purchse", "where": {"property": "anything", "is": 1}}), SCHEMA)
    assert node == NOBODY
    assert (warning.code, warning.severity) == ("unknown-event", Severity.WARNING)
    assert warning.summary == "there is no event `purchse` in the data"
    assert warning.hint == "did you mean `purchase`?"
    node, (warning,) = bind(meaning({"event": {"starts_with": "x"}, "count": {"at_most": 3}}), SCHEMA)
    assert node == Everyone()
    assert warning.summary == "there is no event whose name starts with `x` in the data"


def test_measures_of_no_rows_are_constants() -> None:
    def of(**measure: Any) -> bound.Node:
        return bind(meaning({"event": "nothing", **measure}), SCHEMA)[0]

    assert of(count={"exactly": 0}) == Everyone()
    assert of(sum={"of": "amount", "less_than": 5}) == Everyone()
    assert of(sum={"of": "amount", "more_than": 5}) == NOBODY
    assert of(average={"of": "amount", "less_than": 5}) == NOBODY
    assert of(average={"of": "amount", "less_than": 5, "or_missing": True}) == Everyone()
    assert of(first={"before": "2026-01-01"}) == NOBODY
    assert of(last={"before": "2026-01-01", "or_missing": True}) == Everyone()
    empty = {"event": "purchase", "distinct": {"of": "empty", "at_most": 0}}
    assert bound_to(empty) == Everyone()


@pytest.mark.parametrize(
    ("comparison", "test"),
    [
        ({"at_least": 2}, Exactly(Fraction(2))),
        ({"more_than": 2}, Exactly(Fraction(3))),
        ({"at_least": Decimal("1.5")}, Exactly(Fraction(2))),
        ({"less_than": 3}, Exactly(None, Fraction(2))),
        ({"between": [-5, 3]}, Exactly(None, Fraction(3))),
        ({"exactly": 2}, Exactly(Fraction(2), Fraction(2))),
        ({"exactly": Decimal("2.5")}, None),
        ({"at_most": -1}, None),
    ],
)
def test_counts_have_whole_bounds(comparison: dict[str, Any], test: Exactly | None) -> None:
    expected = NOBODY if test is None else EventTest(rows(), COUNT, test)
    assert bound_to({"event": "purchase", "count": comparison}) == expected


def test_a_count_of_at_least_none_is_everyone() -> None:
    assert bound_to({"event": "purchase", "count": {"at_least": 0}}) == Everyone()


@pytest.mark.parametrize(
    ("measure", "kind", "test"),
    [
        ({"sum": {"of": "amount", "more_than": Decimal("0.1")}}, MeasureKind.SUM, Exactly(Fraction(1, 10), None, True)),
        ({"average": {"of": "amount", "at_most": Decimal("0.1")}}, MeasureKind.AVERAGE, Exactly(None, Fraction(1, 10))),
        ({"max": {"of": "amount", "at_least": Decimal("0.1")}}, MeasureKind.MAX, Exactly(Fraction(0.1))),
        ({"min": {"of": "amount", "at_least": 2**53 + 1}}, MeasureKind.MIN, Exactly(Fraction(2**53 + 1))),
    ],
)
def test_sums_are_compared_as_written_and_extremes_like_values(
    measure: dict[str, Any], kind: MeasureKind, test: Exactly
) -> None:
    assert bound_to({"event": "purchase", **measure}) == EventTest(rows(), Measure(kind, AMOUNT), test)


def test_a_property_of_several_events() -> None:
    mixed = bound_to({"event": ["purchase", "refund"], "sum": {"of": "amount", "at_least": 1}})
    assert mixed == EventTest(rows("purchase", "refund"), Measure(MeasureKind.SUM, AMOUNT), at_least(1))
    some = bound_to({"event": "*", "where": {"property": "seconds", "exists": True}})
    seconds = ValueTest(Column(Scope.PROPERTY, ("seconds",), Scalar.INT), IsPresent())
    assert some == EventTest(rows("purchase", "refund", "visit", where=seconds), COUNT, at_least(1))


def test_fields_of_a_catalogue() -> None:
    category = ValueTest(Column(Scope.CATALOG, ("category",), Scalar.STRING, "product"), Equals(("shoes",)))
    written = {"event": "purchase", "where": {"property": "product.category", "is": "shoes"}}
    assert bound_to(written) == EventTest(rows(where=category), COUNT, at_least(1))
    price = Column(Scope.CATALOG, ("price",), Scalar.FLOAT, "product")
    written = {"event": "purchase", "max": {"of": "product.price", "at_least": 5}}
    assert bound_to(written) == EventTest(rows(), Measure(MeasureKind.MAX, price), at_least(5))


def test_days_and_instants() -> None:
    days = bound_to({"event": "purchase", "days": {"at_least": 5}})
    assert days == EventTest(rows(), Measure(MeasureKind.DAYS, None, ZONE), at_least(5))
    first = Measure(MeasureKind.FIRST)
    during = During(at("2026-03-01 00:00"), at("2026-03-30 00:00"))
    written = {"event": "purchase", "first": {"between": ["2026-03-01", "2026-03-29"], "or_missing": True}}
    expected = {EventTest(rows(), first, during), EventMissing(rows(), first)}
    assert set(getattr(bound_to(written), "of", ())) == expected


# --- references ------------------------------------------------------------------------------------------------


def test_a_reference_is_given_unless_it_is_resolved() -> None:
    red = {"attribute": "country", "is": "red"}
    both = [{"segment": "a"}, {"list": "b"}]

    def resolve(reference: Reference) -> Node | None:
        return meaning([red, {"attribute": "vip", "is": True}]) if reference.kind == "segment" else None

    assert bind(meaning(both), SCHEMA)[0] == All(tuple(sorted([Given("segment", "a"), Given("list", "b")], key=key)))
    resolved, _ = bind(meaning(both), SCHEMA, resolve)
    inner = bind(meaning([red, {"attribute": "vip", "is": True}]), SCHEMA)[0]
    assert resolved == All(tuple(sorted([inner, Given("list", "b")], key=key)))


def key(node: bound.Node) -> str:
    return node.key


def test_a_chain_of_segments_may_be_of_any_length() -> None:
    def resolve(reference: Reference) -> Node:
        number = int(reference.name[1:])
        if number == 0:
            return meaning({"attribute": "vip", "is": True})
        below = {"segment": f"s{number - 1}"}
        return meaning({"any": [below, {"all": [below, {"attribute": "age", "is": number}]}]})

    binder = Binder(SCHEMA, resolve)
    node = binder.bind(meaning({"segment": "s5000"}))
    assert hash(node) == hash(binder.bind(meaning({"segment": "s5000"})))
    assert node != binder.bind(meaning({"segment": "s4999"}))


def test_a_problem_of_a_shared_segment_is_told_once() -> None:
    binder = Binder(SCHEMA, lambda _: meaning({"attribute": "contry", "is": "FR"}))
    for _ in range(3):
        binder.bind(meaning([{"segment": "a"}, {"segment": "b"}]))
    assert len(binder.diagnostics) == 1


# --- equal conditions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"attribute": "age", "more_than": 17}, {"attribute": "age", "at_least": Decimal("17.5")}),
        ({"attribute": "age", "is": 18}, {"attribute": "age", "between": [18, 18]}),
        ({"attribute": "signup", "on": "2026-03-29"}, {"attribute": "signup", "is": "2026-03-29"}),
        (
            {"attribute": "signup", "between": ["2026-03-29 00:00", "2026-03-29"]},
            {"attribute": "signup", "on": "2026-03-29"},
        ),
        ({"event": "purchase", "count": {"more_than": 1}}, {"event": ["purchase"], "count": {"at_least": 2}}),
        ({"attribute": "age", "blank": True}, {"attribute": "age", "exists": False}),
        ({"any": [{"attribute": "age", "is": Decimal("0.5")}, {"list": "b"}]}, {"list": "b"}),
        ({"all": [{"attribute": "age", "is": Decimal("0.5")}, {"list": "b"}]}, {"not": {"everyone": True}}),
    ],
)
def test_conditions_that_mean_the_same_on_this_data_are_equal(one: object, other: object) -> None:
    assert bound_to(one) == bound_to(other)
    assert hash(bound_to(one)) == hash(bound_to(other))


def test_conditions_are_equal_over_the_same_column_only() -> None:
    assert bound_to({"attribute": "vip", "is": True}) != bound_to({"attribute": "age", "is": 1})
    assert bound_to({"attribute": "score", "is": 1}) != bound_to({"attribute": "age", "is": 1})


def test_a_partial_schema_lacks_nothing() -> None:
    partial = Schema(ZONE, {"address": Struct({})}, {"purchase": {}}, SCHEMA.catalogs, partial=True)
    assert bound_to({"attribute": "country", "is": 1}, partial) == NOBODY
    assert bound_to({"attribute": "address.city", "is_not": 1}, partial) == Everyone()
    assert bound_to({"event": "visit"}, partial) == NOBODY
    where = {"event": "purchase", "where": {"property": "product.category", "is": "x"}}
    assert bound_to(where, partial) == NOBODY
    assert bound_to({"event": "purchase", "sum": {"of": "amount", "at_most": 0}}, partial) == Everyone()
