from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segctl.logic.fingerprint import encode, fingerprint
from segctl.logic.nodes import NOBODY, Everyone
from segctl.logic.normalise import normalise
from tests.logic.written import meaning, normal

A, B, C = ({"attribute": name, "is": 1} for name in "abc")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([A], A),
        ({"all": [A]}, A),
        ({"any": [A]}, A),
        ([A, B], {"all": [B, A]}),
        ([A, B], {"all": [A, {"all": [B, A]}]}),
        ({"any": [A, B]}, {"any": [{"any": [B]}, A, A]}),
        ({"not": {"not": A}}, A),
        ({"not": {"not": {"not": A}}}, {"not": A}),
        ({"attribute": "a", "is_not": 1}, {"not": A}),
        ({"attribute": "a", "not_in": [2, 1]}, {"not": {"attribute": "a", "in": [1, 2, 2]}}),
        ({"attribute": "a", "exists": False}, {"not": {"attribute": "a", "exists": True}}),
        ({"attribute": "a", "in": [1]}, A),
        ({"attribute": "a", "is": Decimal("1.0")}, A),
        ({"attribute": "a", "is": Decimal("1E+2")}, {"attribute": "a", "is": 100}),
        ({"attribute": "a", "is": Decimal("1.50")}, {"attribute": "a", "is": Decimal("15E-1")}),
        ({"attribute": "a", "is": Decimal("-0.0")}, {"attribute": "a", "is": 0}),
        ({"attribute": "a.b", "is": 1}, {"attribute": ["a", "b"], "is": 1}),
        ([A, {"everyone": True}], A),
        ({"any": [A, {"not": {"everyone": True}}]}, A),
        ({"any": [A, {"everyone": True}]}, {"everyone": True}),
        ({"all": [A, {"not": {"everyone": True}}]}, {"not": {"everyone": True}}),
        ({"attribute": "a", "is": "FR", "ignore_case": True}, {"attribute": "a", "is": "fr", "ignore_case": True}),
        ({"attribute": "a", "is": "fr", "ignore_case": False}, {"attribute": "a", "is": "fr"}),
        ({"attribute": "a", "is": 1, "or_missing": True}, {"any": [{"attribute": "a", "exists": False}, A]}),
        ({"attribute": "a", "includes_all": ["x"]}, {"attribute": "a", "includes_any": ["x", "x"]}),
        ({"attribute": "a", "contains": ["y", "x"]}, {"attribute": "a", "contains": ["x", "y", "x"]}),
        ({"attribute": "a", "within_last": "14d"}, {"attribute": "a", "within_last": "2w"}),
        ({"attribute": "a", "before": "2026-01-31 09:00"}, {"attribute": "a", "before": "2026-01-31T09:00:00.000"}),
        ({"attribute": "a", "after": "2026-01-31 09:00Z"}, {"attribute": "a", "after": "2026-01-31 11:00+02:00"}),
        (
            {"attribute": "a", "between": ["2026-01-31 09:00", "2026-02-01"]},
            {"attribute": "a", "between": ["2026-01-31T09:00", "2026-02-01"]},
        ),
        ({"event": "e"}, {"event": ["e", "e"], "count": {"at_least": 1}}),
        ({"event": ["e", "f"]}, {"event": ["f", "e"]}),
        ({"event": "*"}, {"event": "*", "count": {"at_least": Decimal("1.0"), "or_missing": True}}),
        ({"event": "e", "within": "7d"}, {"event": "e", "since": "1w"}),
        ({"event": "e", "until": "0d"}, {"event": "e"}),
        ({"event": "e", "between": ["7d", "1d"]}, {"event": "e", "since": "7d", "until": "24h"}),
        (
            {"event": "e", "between": ["2026-01-01", "2026-02-01T00:00Z"]},
            {"event": "e", "since": "2026-01-01", "until": "2026-02-01 01:00+01:00"},
        ),
        (
            {"event": "e", "where": [{"property": "p", "is": 1}, {"property": "q", "is": 1}]},
            {
                "event": "e",
                "where": {"not": {"not": {"all": [{"property": "q", "is": 1}, {"property": "p", "is": 1}]}}},
            },
        ),
        ({"event": "e", "count": {"exactly": 2}}, {"event": "e", "count": {"between": [2, 2]}}),
    ],
)
def test_what_means_the_same_has_one_normal_form(one: Any, other: Any) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (A, B),
        ({"any": [A, B]}, {"all": [A, B]}),
        (A, {"not": A}),
        (A, {"attribute": "a", "is": "1"}),
        (A, {"attribute": "a", "is": True}),
        ({"attribute": "a", "in": [1, True]}, A),
        ({"attribute": "a.b", "is": 1}, {"attribute": ["a.b"], "is": 1}),
        ({"attribute": "a", "is": "fr"}, {"attribute": "a", "is": "fr", "ignore_case": True}),
        ({"attribute": "a", "is": "x y"}, {"attribute": "a", "in": ["x", "y"]}),
        ({"attribute": "a", "is": 'x" "y'}, {"attribute": "a", "in": ["x", "y"]}),
        ({"attribute": "a", "more_than": 1}, {"attribute": "a", "at_least": 1}),
        ({"attribute": "a", "at_least": 1}, {"attribute": "a", "at_most": 1}),
        ({"attribute": "a", "contains": "x"}, {"attribute": "a", "starts_with": "x"}),
        ({"attribute": "a", "includes_all": ["x", "y"]}, {"attribute": "a", "includes_any": ["x", "y"]}),
        ({"attribute": "a", "before": "2026-01-31"}, {"attribute": "a", "before": "2026-01-31 00:00"}),
        ({"attribute": "a", "before": "2026-01-31 00:00"}, {"attribute": "a", "before": "2026-01-31 00:00Z"}),
        ({"attribute": "a", "within_last": "7d"}, {"attribute": "a", "within_next": "7d"}),
        ({"event": "e"}, {"event": {"starts_with": "e"}}),
        ({"event": "e"}, {"event": "e", "days": {"at_least": 1}}),
        ({"event": "e", "within": "1d"}, {"event": "e", "within": {"days_before_today": 1}}),
        ({"event": "e", "since": "7d"}, {"event": "e", "until": "7d"}),
        ({"segment": "x"}, {"extension": "x"}),
        ({"bucket": {"from": 0, "to": 10}}, {"bucket": {"from": 1, "to": 10}}),
        (
            {"event": "e", "average": {"of": "p", "at_least": 1}},
            {"event": "e", "average": {"of": "p", "at_least": 1, "or_missing": True}},
        ),
    ],
)
def test_what_means_another_thing_has_another_form(one: Any, other: Any) -> None:
    assert normal(one) != normal(other)


def test_constants_of_nothing_left() -> None:
    nobody = {"not": {"everyone": True}}
    assert normalise(meaning([{"everyone": True}, {"everyone": True}])) == Everyone()
    assert normalise(meaning({"any": [nobody, nobody]})) == NOBODY
    assert normalise(meaning({"everyone": True}, exclude=[{"everyone": True}])) == NOBODY


def test_a_huge_literal_takes_no_memory() -> None:
    assert "1e999999999" in normal({"attribute": "a", "is": Decimal("1E+999999999")})
    assert normal({"attribute": "a", "is": Decimal("1E+400")}) == normal({"attribute": "a", "is": 10**400})


def test_the_form_is_stable_for_ever() -> None:
    """A change here changes the fingerprints of all definitions that anybody has applied."""
    node = normalise(
        meaning(
            [
                {"attribute": "country", "in": ["FR", "BE"], "or_missing": True},
                {"attribute": "score", "more_than": Decimal("2.50")},
                {"attribute": "tags", "includes_none": ["x"], "ignore_case": True},
                {"attribute": "signup", "within_last": "30d"},
                {
                    "event": ["purchase", "order"],
                    "where": {"property": "color", "starts_with": 'r"é'},
                    "sum": {"of": "amount", "at_least": 18},
                    "between": ["2026-01-01", "7d"],
                },
                {"event": {"starts_with": "x"}, "last": {"before": "2026-01-01"}, "within": {"days_before_today": 3}},
                {"any": [{"segment": "a"}, {"bucket": {"from": 0, "to": 4999}}]},
            ],
            exclude=[{"list": "beta"}],
        )
    )
    assert encode(node) == (
        "segctl-logic-1 (all"
        ' (any (bucket 0e0 4999e0) (in "segment" "a"))'
        ' (any (not (value ["country"] present)) (value ["country"] (one_of ["BE" "FR"] false)))'
        ' (event (rows (names ["order" "purchase"] -) (value ["color"] (text "starts_with" ["r\\"\\u00e9"] false))'
        ' (window (written "2026-01-01") (ago 6048e8)))'
        ' (measure "sum" ["amount"]) (range 18e0 - false false))'
        ' (event (rows (names [] "x") everyone (window (midnight 3e0) -))'
        ' (measure "last" -) (time "before" "2026-01-01"))'
        ' (not (in "list" "beta"))'
        ' (not (value ["tags"] (includes false ["x"] true)))'
        ' (value ["score"] (range 25e-1 - true false))'
        ' (value ["signup"] (time "within_last" 2592e9)))'
    )
    assert fingerprint(node) == "3d7226b7406fd611572bdb307aef581c"
