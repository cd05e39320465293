"""What conditions mean, by hand: every operator, measure and window at its edges."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
import xxhash

from segctl.diagnostics import Severity
from segctl.logic.bind import bind
from segctl.logic.interpret import Catalog, Row, User, World, bucket, holds
from segctl.logic.times import DAY_US, day_number, written_us
from segctl.logic.types import CatalogSchema, ListOf, Scalar, Schema, Struct, Type
from segctl.model.written import parse_written
from tests.logic.written import meaning

PARIS = "Europe/Paris"
AS_OF = "2026-03-29 12:00"  # the day on which summer time begins in Paris

TYPES: dict[str, Type] = {
    "text": Scalar.STRING,
    "int": Scalar.INT,
    "float": Scalar.FLOAT,
    "bool": Scalar.BOOL,
    "date": Scalar.DATE,
    "time": Scalar.TIME,
    "texts": ListOf(Scalar.STRING),
    "ints": ListOf(Scalar.INT),
    "floats": ListOf(Scalar.FLOAT),
    "place": Struct({"city": Scalar.STRING, "geo": Struct({"lat": Scalar.FLOAT})}),
}


def member(where: object, user: User, world: World | None = None, schema: Schema | None = None) -> bool:
    """Whether the user meets the condition."""
    node, diagnostics = bind(meaning(where), schema or Schema(PARIS, TYPES, {}))
    assert [d for d in diagnostics if d.severity is Severity.ERROR] == []
    return holds(node, user, world or World(written_us(AS_OF, PARIS)))


def passing(operator: Mapping[str, Any], name: str, values: Sequence[Any]) -> list[Any]:
    """The values of an attribute that meet the operator."""
    written = {"attribute": name, **operator}
    return [value for value in values if member(written, User("u", {name: value}))]


NUMBERS = [None, -1, 0, 17, 18, 19]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"is": 18}, [18]),
        ({"is_not": 18}, [None, -1, 0, 17, 19]),
        ({"in": [18, 0]}, [0, 18]),
        ({"not_in": [18, 0]}, [None, -1, 17, 19]),
        ({"more_than": 17}, [18, 19]),
        ({"at_least": 17}, [17, 18, 19]),
        ({"less_than": 0}, [-1]),
        ({"at_most": 0}, [-1, 0]),
        ({"between": [0, 18]}, [0, 17, 18]),
        ({"more_than": Decimal("17.5")}, [18, 19]),
        ({"is": Decimal("18.5")}, []),
        ({"is_not": Decimal("18.5")}, NUMBERS),
        ({"exists": True}, [-1, 0, 17, 18, 19]),
        ({"exists": False}, [None]),
        ({"blank": True}, [None]),
        ({"is": 18, "or_missing": True}, [None, 18]),
        ({"is_not": 18, "or_missing": True}, [None, -1, 0, 17, 19]),
        ({"less_than": 0, "or_missing": True}, [None, -1]),
    ],
)
def test_integers(operator: dict[str, Any], expected: list[Any]) -> None:
    assert passing(operator, "int", NUMBERS) == expected


BIG = 2**53
DOUBLES = [None, math.nan, -math.inf, -0.0, 0.1, 0.30000000000000004, 1.0, float(BIG), float(BIG + 2), math.inf]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"is": Decimal("0.1")}, [0.1]),
        ({"is": 0}, [-0.0]),
        ({"is": Decimal("0.3")}, []),
        ({"more_than": Decimal("0.3"), "or_missing": False}, [0.30000000000000004, 1.0, BIG, BIG + 2, math.inf]),
        ({"is": BIG + 1}, []),
        ({"at_least": BIG + 1}, [BIG + 2, math.inf]),
        ({"between": [BIG, BIG + 1]}, [BIG]),
        ({"more_than": 10**400}, [math.inf]),
        ({"less_than": -(10**400)}, [-math.inf]),
        ({"at_most": 10**400}, [-math.inf, -0.0, 0.1, 0.30000000000000004, 1.0, BIG, BIG + 2]),
        ({"exists": True}, [-math.inf, -0.0, 0.1, 0.30000000000000004, 1.0, BIG, BIG + 2, math.inf]),
    ],
)
def test_doubles_compare_as_exact_numbers_and_nan_is_missing(operator: dict[str, Any], expected: list[float]) -> None:
    assert passing(operator, "float", DOUBLES) == expected


def test_nan_is_in_every_negative_operator() -> None:
    assert member({"attribute": "float", "is_not": 1}, User("u", {"float": math.nan}))
    assert member({"attribute": "float", "is": 1, "or_missing": True}, User("u", {"float": math.nan}))


WORDS = [None, "", "FR", "fr", "France", "ΣΑΣ", "σας"]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"is": "FR"}, ["FR"]),
        ({"is": "FR", "ignore_case": True}, ["FR", "fr"]),
        ({"is": ""}, [""]),
        ({"in": ["fr", ""]}, ["", "fr"]),
        ({"not_in": ["fr", ""]}, [None, "FR", "France", "ΣΑΣ", "σας"]),
        ({"contains": "r"}, ["fr", "France"]),
        ({"contains": ["R", "x"]}, ["FR"]),
        ({"contains": "R", "ignore_case": True}, ["FR", "fr", "France"]),
        ({"contains": ""}, ["", "FR", "fr", "France", "ΣΑΣ", "σας"]),
        ({"not_contains": "r"}, [None, "", "FR", "ΣΑΣ", "σας"]),
        ({"starts_with": "F"}, ["FR", "France"]),
        ({"starts_with": ["F", "f"]}, ["FR", "fr", "France"]),
        ({"ends_with": "e"}, ["France"]),
        ({"ends_with": "Σ", "ignore_case": True}, ["ΣΑΣ"]),
        ({"is": "σας", "ignore_case": True}, ["σας"]),
        ({"exists": True}, ["", "FR", "fr", "France", "ΣΑΣ", "σας"]),
        ({"blank": True}, [None, ""]),
        ({"blank": False}, ["FR", "fr", "France", "ΣΑΣ", "σας"]),
    ],
)
def test_texts(operator: dict[str, Any], expected: list[Any]) -> None:
    assert passing(operator, "text", WORDS) == expected


def test_booleans() -> None:
    assert passing({"is": True}, "bool", [None, True, False]) == [True]
    assert passing({"is_not": True}, "bool", [None, True, False]) == [None, False]
    assert passing({"is": False, "or_missing": True}, "bool", [None, True, False]) == [None, False]


LISTS: list[Any] = [None, [], [None], ["x"], ["X", "y"], ["x", "y", None]]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"includes_any": ["x", "z"]}, [["x"], ["x", "y", None]]),
        ({"includes_all": ["x", "y"]}, [["x", "y", None]]),
        ({"includes_all": ["x", "y"], "ignore_case": True}, [["X", "y"], ["x", "y", None]]),
        ({"includes_none": ["x", "z"]}, [None, [], [None], ["X", "y"]]),
        ({"exists": True}, [[], [None], ["x"], ["X", "y"], ["x", "y", None]]),
        ({"blank": True}, [None, []]),
        ({"includes_any": ["x"], "or_missing": True}, [None, ["x"], ["x", "y", None]]),
    ],
)
def test_lists_of_texts(operator: dict[str, Any], expected: list[Any]) -> None:
    assert passing(operator, "texts", LISTS) == expected


def test_lists_of_numbers() -> None:
    assert passing({"includes_any": [Decimal("1.0"), Decimal("2.5")]}, "ints", [[1], [2], [3, 1]]) == [[1], [3, 1]]
    assert passing({"includes_all": [1, Decimal("2.5")]}, "ints", [[1], [1, 2]]) == []
    assert passing({"includes_any": [Decimal("0.1")]}, "floats", [[0.1], [math.nan]]) == [[0.1]]


def test_a_path_through_a_null_is_missing() -> None:
    users = [User(str(n), {"place": place}) for n, place in enumerate([None, {}, {"geo": None}, {"geo": {"lat": 1.5}}])]
    lat = {"attribute": "place.geo.lat", "more_than": 1}
    assert [member(lat, user) for user in users] == [False, False, False, True]
    assert [member({"not": lat}, user) for user in users] == [True, True, True, False]
    there = {"attribute": "place", "exists": True}
    assert [member(there, user) for user in users] == [False, True, True, True]


# --- times and dates -----------------------------------------------------------------------------------------


def times_passing(operator: Mapping[str, Any], written: Sequence[str], zone: str = PARIS) -> list[str]:
    """The instants that meet the operator, in the texts of the zone."""
    schema = Schema(zone, TYPES, {})
    world = World(written_us(AS_OF, zone))
    condition = {"attribute": "time", **operator}
    return [text for text in written if member(condition, User("u", {"time": written_us(text, zone)}), world, schema)]


EDGES = [
    "2026-02-27 11:59:59.999999",  # 30 days of 24 hours ago is an hour earlier by the clock: winter time
    "2026-02-27 11:00",
    "2026-02-27 10:59:59.999999",
    "2026-03-28 23:59:59.999999",
    "2026-03-29 00:00",
    "2026-03-29 11:59:59.999999",
    "2026-03-29 12:00",
    "2026-03-29 23:59:59.999999",
    "2026-03-30 00:00",
    "2026-04-05 11:59:59.999999",
    "2026-04-05 12:00",
]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"within_last": "30d"}, [0, 1, 3, 4, 5]),
        ({"older_than": "30d"}, [2]),
        ({"within_next": "7d"}, [6, 7, 8, 9]),
        ({"later_than": "7d"}, [10]),
        ({"before": "2026-03-29"}, [0, 1, 2, 3]),
        ({"on": "2026-03-29"}, [4, 5, 6, 7]),
        ({"after": "2026-03-29"}, [8, 9, 10]),
        ({"is": "2026-03-29"}, [4, 5, 6, 7]),
        ({"is": "2026-03-29 12:00"}, [6]),
        ({"is_not": "2026-03-29"}, [0, 1, 2, 3, 8, 9, 10]),
        ({"before": "2026-03-29 12:00"}, [0, 1, 2, 3, 4, 5]),
        ({"after": "2026-03-29 12:00"}, [7, 8, 9, 10]),
        ({"at_least": "2026-03-29 12:00"}, [6, 7, 8, 9, 10]),
        ({"at_most": "2026-03-29 12:00"}, [0, 1, 2, 3, 4, 5, 6]),
        ({"between": ["2026-03-29", "2026-03-29"]}, [4, 5, 6, 7]),
        ({"between": ["2026-03-29 00:00", "2026-03-29 12:00"]}, [4, 5, 6]),
        ({"between": ["2026-03-29 12:00", "2026-03-29"]}, [6, 7]),
        ({"at_most": "2026-03-28"}, [0, 1, 2, 3]),
    ],
)
def test_times_at_their_edges(operator: dict[str, Any], expected: list[int]) -> None:
    assert times_passing(operator, EDGES) == [EDGES[n] for n in expected]


def dates_passing(operator: Mapping[str, Any], written: Sequence[str], as_of: str = AS_OF) -> list[str]:
    """The dates that meet the operator."""
    world = World(written_us(as_of, PARIS))
    found = []
    for text in written:
        user = User("u", {"date": day_number(parse_written(text))})
        if member({"attribute": "date", **operator}, user, world):
            found.append(text)
    return found


DATES = ["2026-02-27", "2026-02-28", "2026-03-28", "2026-03-29", "2026-03-30", "2026-04-04", "2026-04-05"]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"within_last": "30d"}, ["2026-02-28", "2026-03-28", "2026-03-29"]),
        ({"older_than": "30d"}, ["2026-02-27"]),
        ({"within_last": "1d"}, ["2026-03-29"]),
        ({"within_next": "7d"}, ["2026-03-29", "2026-03-30", "2026-04-04"]),
        ({"later_than": "7d"}, ["2026-04-05"]),
        ({"before": "2026-03-29"}, ["2026-02-27", "2026-02-28", "2026-03-28"]),
        ({"after": "2026-03-29"}, ["2026-03-30", "2026-04-04", "2026-04-05"]),
        ({"on": "2026-03-29"}, ["2026-03-29"]),
        ({"in": ["2026-03-29", "2026-04-05"]}, ["2026-03-29", "2026-04-05"]),
        ({"at_least": "2026-04-04"}, ["2026-04-04", "2026-04-05"]),
        ({"more_than": "2026-04-04"}, ["2026-04-05"]),
        ({"between": ["2026-03-28", "2026-03-29"]}, ["2026-03-28", "2026-03-29"]),
    ],
)
def test_dates_count_in_local_days(operator: dict[str, Any], expected: list[str]) -> None:
    assert dates_passing(operator, DATES) == expected


def test_today_is_the_zones_today() -> None:
    late = "2026-03-29T22:30Z"  # half past midnight of the 30th in Paris
    assert dates_passing({"within_last": "1d"}, DATES, late) == ["2026-03-30"]


@pytest.mark.parametrize(
    ("zone", "day", "inside", "outside"),
    [
        # 23 hours in Paris: from the 28th 23:00 to the 29th 22:00 UTC
        (
            PARIS, "2026-03-29",
            ["2026-03-28T23:00Z", "2026-03-29T21:59:59.999999Z"], ["2026-03-28T22:59:59.999999Z", "2026-03-29T22:00Z"],
        ),
        # 25 hours
        (
            PARIS, "2026-10-25",
            ["2026-10-24T22:00Z", "2026-10-25T22:59:59.999999Z"], ["2026-10-24T21:59:59.999999Z", "2026-10-25T23:00Z"],
        ),
        # the hour before midnight comes twice; from the first midnight on it is the new day's
        (
            "America/St_Johns", "2011-11-06",
            ["2011-11-06T02:30Z", "2011-11-06T02:31Z", "2011-11-06T03:30Z"], ["2011-11-06T02:29:59.999999Z"],
        ),
        # the day that Samoa skipped
        ("Pacific/Apia", "2011-12-30", [], ["2011-12-30T09:59:59.999999Z", "2011-12-30T10:00Z"]),
        # summer time pauses in Morocco
        ("Africa/Casablanca", "2026-02-15", ["2026-02-14T23:00Z", "2026-02-15T23:59:59Z"], ["2026-02-16T00:00Z"]),
    ],
)  # fmt: skip
def test_a_date_is_its_whole_local_day(zone: str, day: str, inside: list[str], outside: list[str]) -> None:
    assert times_passing({"on": day}, inside + outside, zone) == inside


# --- events ---------------------------------------------------------------------------------------------------------


SHOP = Schema(
    PARIS,
    {},
    {
        "purchase": {
            "amount": Scalar.FLOAT, "quantity": Scalar.INT, "color": Scalar.STRING, "sku": Scalar.INT,
            "gift": Scalar.BOOL, "sent_on": Scalar.DATE, "labels": ListOf(Scalar.STRING),
        },
        "refund": {"amount": Scalar.INT},
        "visit": {},
        "lead_web": {},
    },
    {"product": CatalogSchema(("sku",), "id", {"category": Scalar.STRING, "price": Scalar.FLOAT})},
)  # fmt: skip
PRODUCTS = {"product": Catalog(("sku",), {"1": {"category": "shoes", "price": 9.5}, "2": {"category": None}})}


def bought(time: str, **properties: object) -> Row:
    return Row("purchase", written_us(time, PARIS), properties)


def matches(where: object, *rows: Row, as_of: str = AS_OF) -> bool:
    """Whether a user with these events meets the condition."""
    world = World(written_us(as_of, PARIS), PRODUCTS)
    return member(where, User("u", {}, rows), world, SHOP)


@pytest.mark.parametrize(
    ("window", "inside", "outside"),
    [
        ({}, ["1900-01-01", "2026-03-29 11:59:59.999999"], ["2026-03-29 12:00"]),
        ({"within": "30d"}, ["2026-02-27 11:00", "2026-03-29 11:59:59.999999"], ["2026-02-27 10:59:59.999999"]),
        ({"within": "1h"}, ["2026-03-29 11:00"], ["2026-03-29 10:59:59.999999", "2026-03-29 12:00"]),
        # 12 hours before noon were 23:00, as one hour is missing
        ({"within": "12h"}, ["2026-03-28 23:00"], ["2026-03-28 22:59:59.999999"]),
        ({"within": {"days_before_today": 0}}, ["2026-03-29 00:00"], ["2026-03-28 23:59:59.999999"]),
        ({"within": {"days_before_today": 3}}, ["2026-03-26 00:00"], ["2026-03-25 23:59:59.999999"]),
        ({"between": ["2026-03-01", "2026-03-28"]}, ["2026-03-01 00:00", "2026-03-28 23:59:59.999999"],
         ["2026-02-28 23:59:59.999999", "2026-03-29 00:00"]),
        ({"between": ["2026-03-01 09:00", "2026-03-28 09:00"]}, ["2026-03-01 09:00", "2026-03-28 08:59:59.999999"],
         ["2026-03-01 08:59:59.999999", "2026-03-28 09:00"]),
        ({"between": ["30d", "7d"]}, ["2026-02-27 11:00", "2026-03-22 10:59:59.999999"],
         ["2026-02-27 10:59:59.999999", "2026-03-22 11:00"]),
        ({"since": "2026-03-29"}, ["2026-03-29 00:00"], ["2026-03-28 23:59:59.999999", "2026-03-29 12:00"]),
        ({"since": "2026-03-29 09:00"}, ["2026-03-29 09:00"], ["2026-03-29 08:59:59.999999"]),
        ({"until": "2026-03-28"}, ["2026-03-28 23:59:59.999999"], ["2026-03-29 00:00"]),
        ({"until": "2026-03-29"}, ["2026-03-29 11:59:59.999999"], ["2026-03-29 12:00"]),
        ({"until": "2026-03-28 09:00"}, ["2026-03-28 08:59:59.999999"], ["2026-03-28 09:00"]),
        ({"until": "7d"}, ["2026-03-22 10:59:59.999999"], ["2026-03-22 11:00"]),
        ({"since": "30d", "until": "2026-02-28"}, ["2026-02-27 11:00", "2026-02-28 23:59:59.999999"],
         ["2026-02-27 10:59:59.999999", "2026-03-01 00:00"]),
    ],
)  # fmt: skip
def test_windows_at_their_edges(window: dict[str, Any], inside: list[str], outside: list[str]) -> None:
    condition = {"event": "purchase", **window}
    assert [time for time in inside + outside if matches(condition, bought(time))] == inside


def test_days_before_today_at_an_hour_that_comes_twice() -> None:
    condition = {"event": "purchase", "within": {"days_before_today": 0}}
    late = "2026-10-25T23:30+01:00"
    assert matches(condition, Row("purchase", written_us("2026-10-24T22:00Z", PARIS)), as_of=late)
    assert not matches(condition, Row("purchase", written_us("2026-10-24T21:59:59.999999Z", PARIS)), as_of=late)


MARCH = ["2026-03-01 10:00", "2026-03-02 10:00", "2026-03-02 23:59:59", "2026-03-03 00:00"]


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ({"at_least": 2}, [2, 3, 4]),
        ({"at_most": 1}, [0, 1]),
        ({"exactly": 0}, [0]),
        ({"more_than": 3}, [4]),
        ({"less_than": 1}, [0]),
        ({"between": [1, 2]}, [1, 2]),
        ({"at_least": Decimal("1.5")}, [2, 3, 4]),
        ({"exactly": 3, "or_missing": True}, [3]),
    ],
)
def test_count(comparison: dict[str, Any], expected: list[int]) -> None:
    condition = {"event": "purchase", "count": comparison}
    assert [n for n in range(5) if matches(condition, *map(bought, MARCH[:n]))] == expected


def test_names() -> None:
    visit, refund = Row("visit", 0), Row("refund", 0)
    assert matches({"event": "visit"}, visit)
    assert not matches({"event": "visit"}, refund)
    assert matches({"event": ["visit", "refund"], "count": {"exactly": 2}}, visit, refund)
    assert matches({"event": {"starts_with": "lead_"}}, Row("lead_web", 0))
    assert not matches({"event": {"starts_with": "lead_"}}, visit)
    assert matches({"event": "*", "count": {"exactly": 3}}, visit, refund, bought(MARCH[0]))
    assert not matches({"event": "*"})


def test_where_is_of_one_row() -> None:
    red_gift = {"event": "purchase", "where": [{"property": "color", "is": "red"}, {"property": "gift", "is": True}]}
    assert matches(red_gift, bought(MARCH[0], color="red", gift=True))
    assert not matches(red_gift, bought(MARCH[0], color="red"), bought(MARCH[1], gift=True))
    not_red = {"event": "purchase", "where": {"property": "color", "is_not": "red"}}
    assert matches(not_red, bought(MARCH[0]))
    assert matches(not_red, bought(MARCH[0], color="blue"), bought(MARCH[0], color="red"))
    assert not matches(not_red, bought(MARCH[0], color="red"))
    assert not matches({"not": not_red}, bought(MARCH[0]))
    either = {"any": [{"property": "color", "is": "red"}, {"not": {"property": "labels", "includes_any": ["x"]}}]}
    assert matches({"event": "purchase", "where": either}, bought(MARCH[0], labels=["y"]))
    assert not matches({"event": "purchase", "where": either}, bought(MARCH[0], labels=["y", "x"]))


def test_relative_times_of_properties_are_relative_to_as_of() -> None:
    soon = {"event": "purchase", "where": {"property": "sent_on", "within_next": "2d"}}
    assert matches(soon, bought(MARCH[0], sent_on=day_number(parse_written("2026-03-30"))))
    assert not matches(soon, bought(MARCH[0], sent_on=day_number(parse_written("2026-03-31"))))


def amounts(*values: float | None) -> list[Row]:
    return [bought(MARCH[0], amount=value) for value in values]


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        # a sum is exact in millionths: 0.1 + 0.2 is 0.3
        ({"sum": {"of": "amount", "exactly": Decimal("0.3")}}, [0.1, 0.2], True),
        ({"sum": {"of": "amount", "more_than": Decimal("0.3")}}, [0.1, 0.2], False),
        ({"sum": {"of": "amount", "exactly": 0}}, [], True),
        ({"sum": {"of": "amount", "exactly": 0}}, [None, math.nan], True),
        ({"sum": {"of": "amount", "exactly": 0, "or_missing": True}}, [], True),
        ({"sum": {"of": "amount", "exactly": 5}}, [5.0, None, math.nan], True),
        ({"sum": {"of": "amount", "less_than": 0}}, [-5.0, 3.0], True),
        # each value is rounded before it is added: twice 0.0000004 is nothing
        ({"sum": {"of": "amount", "exactly": 0}}, [0.0000004, 0.0000004], True),
        # 0.0078125 is 7812.5 millionths: to the even one
        ({"sum": {"of": "amount", "exactly": Decimal("0.015624")}}, [0.0078125, 0.0078125], True),
        ({"average": {"of": "amount", "exactly": Decimal("0.15")}}, [0.1, 0.2], True),
        ({"average": {"of": "amount", "exactly": 5}}, [5.0, None, 5.0], True),
        ({"average": {"of": "amount", "at_most": 5}}, [], False),
        ({"average": {"of": "amount", "at_most": 5}}, [None], False),
        ({"average": {"of": "amount", "at_most": 5, "or_missing": True}}, [None], True),
        # a third of a cent: the average is no decimal, and compared as a rational
        ({"average": {"of": "amount", "more_than": Decimal("0.333333")}}, [1.0, 0.0, 0.0], True),
        ({"average": {"of": "amount", "less_than": Decimal("0.333334")}}, [1.0, 0.0, 0.0], True),
        ({"min": {"of": "amount", "exactly": Decimal("0.1")}}, [0.1, 0.2, None, math.nan], True),
        ({"max": {"of": "amount", "exactly": Decimal("0.2")}}, [0.1, 0.2, None, math.nan], True),
        # the least is the raw double, not millionths
        ({"min": {"of": "amount", "more_than": 0}}, [0.0000001], True),
        ({"max": {"of": "amount", "more_than": Decimal("0.3")}}, [0.1 + 0.2], True),
        ({"max": {"of": "amount", "at_least": 10**300}}, [math.inf], True),
        ({"max": {"of": "amount", "at_least": 0}}, [], False),
        ({"min": {"of": "amount", "at_least": 0, "or_missing": True}}, [], True),
        ({"distinct": {"of": "amount", "exactly": 2}}, [0.0, -0.0, 1.0, None, math.nan], True),
        ({"distinct": {"of": "amount", "exactly": 0}}, [], True),
    ],
)
def test_amounts(measure: dict[str, Any], values: list[float | None], *, expected: bool) -> None:
    assert matches({"event": "purchase", **measure}, *amounts(*values)) is expected


def test_amounts_of_several_events() -> None:
    both = {"event": ["purchase", "refund"], "sum": {"of": "amount", "exactly": Decimal("1.5")}}
    assert matches(both, bought(MARCH[0], amount=2.5), Row("refund", 0, {"amount": -1}))
    different = {"event": ["purchase", "refund"], "distinct": {"of": "amount", "exactly": 1}}
    assert matches(different, bought(MARCH[0], amount=2.0), Row("refund", 0, {"amount": 2}))


def test_distinct_texts_and_booleans() -> None:
    rows = [bought(MARCH[0], color=color, gift=color == "red") for color in ("red", "blue", "red", "")]
    assert matches({"event": "purchase", "distinct": {"of": "color", "exactly": 3}}, *rows)
    assert matches({"event": "purchase", "distinct": {"of": "gift", "exactly": 2}}, *rows)


def test_days_are_local() -> None:
    three = {"event": "purchase", "days": {"exactly": 3}}
    assert matches(three, *map(bought, MARCH))
    utc = [bought(time) for time in ("2026-03-28T22:59Z", "2026-03-28T23:00Z", "2026-03-29T09:00Z")]
    assert matches({"event": "purchase", "days": {"exactly": 2}}, *utc)
    assert matches({"event": "purchase", "days": {"exactly": 0}})


@pytest.mark.parametrize(
    ("measure", "times", "expected"),
    [
        ({"first": {"before": "2026-03-02"}}, MARCH, True),
        ({"first": {"before": "2026-03-01"}}, MARCH, False),
        ({"last": {"on": "2026-03-03"}}, MARCH, True),
        ({"last": {"after": "2026-03-02"}}, MARCH, True),
        ({"last": {"after": "2026-03-03"}}, MARCH, False),
        ({"last": {"between": ["2026-03-02", "2026-03-03"]}}, MARCH, True),
        ({"last": {"between": ["2026-03-02 00:00", "2026-03-03 00:00"]}}, MARCH, True),
        ({"last": {"older_than": "7d"}}, MARCH, True),
        ({"first": {"within_last": "7d"}}, MARCH, False),
        ({"first": {"within_last": "7d"}}, ["2026-03-22 11:00"], True),
        ({"first": {"within_last": "7d"}}, ["2026-03-22 10:59:59.999999"], False),
        ({"last": {"older_than": "7d"}}, [], False),
        ({"last": {"older_than": "7d", "or_missing": True}}, [], True),
        # what has not happened yet is not the last
        ({"last": {"older_than": "7d"}}, [*MARCH, "2026-03-29 12:00"], True),
        # the window is applied first
        ({"first": {"after": "2026-03-01"}, "since": "2026-03-02"}, MARCH, True),
    ],
)
def test_first_and_last(measure: dict[str, Any], times: list[str], *, expected: bool) -> None:
    assert matches({"event": "purchase", **measure}, *map(bought, times)) is expected


def test_the_order_of_rows_never_matters() -> None:
    rows = [bought(time, amount=n / 10) for n, time in enumerate(MARCH)]
    for condition in (
        {"event": "purchase", "first": {"on": "2026-03-01"}},
        {"event": "purchase", "days": {"exactly": 3}},
    ):
        assert matches(condition, *rows)
        assert matches(condition, *reversed(rows))


# --- catalogues, and the rest ---------------------------------------------------------------------------


def test_catalogues_are_joined_by_the_text_of_the_key() -> None:
    shoes = {"event": "purchase", "where": {"property": "product.category", "is": "shoes"}}
    not_shoes = {"event": "purchase", "where": {"property": "product.category", "is_not": "shoes"}}
    for sku, expected in ((1, True), (1.0, True), ("1", True), (2, False), (3, False), (None, False), (1.5, False)):
        assert matches(shoes, bought(MARCH[0], sku=sku)) is expected
        assert matches(not_shoes, bought(MARCH[0], sku=sku)) is not expected
    total = {"event": "purchase", "sum": {"of": "product.price", "exactly": 19}}
    assert matches(total, *(bought(MARCH[0], sku=sku) for sku in (1, 1, 2, 3)))


def test_given_memberships() -> None:
    world = World(0, given={("list", "beta"): {"u"}, ("extension", "e"): frozenset()})
    assert member({"list": "beta"}, User("u"), world)
    assert not member({"list": "beta"}, User("v"), world)
    assert not member({"extension": "e"}, User("u"), world)


@pytest.mark.parametrize("user", ["u", "007", "ünïcödé", "😀"])
def test_buckets_are_of_the_hash_of_the_id(user: str) -> None:
    own = xxhash.xxh3_64(user.encode()).intdigest() % 10_000
    assert member({"bucket": {"from": own, "to": own}}, User(user))
    assert member({"bucket": {"from": 0, "to": 9999}}, User(user))
    assert not member({"bucket": {"from": 0, "to": own - 1}}, User(user))


def test_buckets_are_stable_for_ever() -> None:
    known = {"u1": 385, "17850": 3446, "": 3138}
    assert {user: bucket(user) for user in known} == known


def test_everyone_and_nobody() -> None:
    assert member({"everyone": True}, User("u"))
    assert not member({"not": {"everyone": True}}, User("u"))


def test_far_days_and_instants_are_compared_too() -> None:
    far = 10**17
    assert passing({"after": "2026-01-01"}, "time", [far]) == [far]
    assert passing({"within_last": "200w"}, "date", [DAY_US]) == []
