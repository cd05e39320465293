from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segctl.logic.describe import describe
from segctl.logic.lower import lower
from tests.logic.written import document, meaning

LONG = (
    "Users who are on the list a, and (who are in segment x, or who are on the list y), "
    "but not those who are on the list z"
)


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ({"everyone": True}, "Everyone"),
        ({"not": {"everyone": True}}, "Nobody"),
        ({"attribute": "country", "is": "FR"}, "Users whose country is FR"),
        ({"attribute": "country", "in": ["FR", "BE", "NO"]}, "Users whose country is FR, BE or NO"),
        ({"attribute": "country", "not_in": ["FR", "BE"]}, "Users whose country is not FR or BE"),
        ({"attribute": "st", "is": "red shoe"}, 'Users whose st is "red shoe"'),
        ({"attribute": "st", "is": ""}, 'Users whose st is ""'),
        ({"attribute": ["st.name"], "is": "x"}, "Users whose [st.name] is x"),
        ({"attribute": "vip", "is": True}, "Users whose vip is true"),
        ({"attribute": "age", "more_than": Decimal("17.5")}, "Users whose age is more than 17.5"),
        ({"attribute": "age", "between": [18, 30]}, "Users whose age is between 18 and 30"),
        ({"not": {"attribute": "age", "at_least": 18}}, "Users whose age is not at least 18"),
        ({"attribute": "a", "contains": ["x", "y"]}, "Users whose a contains x or y"),
        (
            {"attribute": "a", "not_contains": "x", "ignore_case": True},
            "Users whose a does not contain x in upper or lower case",
        ),
        ({"attribute": "a", "starts_with": "x"}, "Users whose a starts with x"),
        ({"attribute": "a", "exists": False}, "Users whose a is missing"),
        ({"attribute": "a", "blank": False}, "Users whose a is not blank"),
        ({"attribute": "a", "includes_all": ["x", "y"]}, "Users whose a includes x and y"),
        ({"attribute": "a", "includes_none": ["x", "y"]}, "Users whose a does not include x or y"),
        ({"attribute": "a", "within_last": "30d"}, "Users whose a is in the last 30 days"),
        ({"attribute": "a", "older_than": "1d"}, "Users whose a is more than 1 day ago"),
        ({"attribute": "a", "within_next": "36h"}, "Users whose a is in the next 36 hours"),
        ({"attribute": "a", "later_than": "2w"}, "Users whose a is 14 days or more from now"),
        ({"attribute": "a", "before": "2026-01-31"}, "Users whose a is before 2026-01-31"),
        ({"attribute": "a", "is": "x", "or_missing": True}, "Users whose a is x or is missing"),
        ({"attribute": "a", "is_not": "x", "or_missing": True}, "Users whose a is not x or is missing"),
        ({"bucket": {"from": 0, "to": 4999}}, "Users who are in the random buckets 0 to 4,999"),
        ({"event": "purchase"}, "Users who did purchase"),
        ({"not": {"event": "purchase", "within": "30d"}}, "Users who did not do purchase in the last 30 days"),
        ({"event": "purchase", "count": {"exactly": 0}}, "Users who did not do purchase"),
        ({"event": ["a", "b"], "count": {"at_least": 2}}, "Users who did a or b at least 2 times"),
        ({"event": "*", "count": {"at_most": 1}}, "Users who did anything at most 1 time"),
        ({"event": {"starts_with": "lead_"}}, "Users who did any event that starts with lead_"),
        (
            {"event": "buy", "where": {"property": "color", "is": "red"}, "count": {"at_least": 2}, "within": "30d"},
            "Users who did buy at least 2 times in the last 30 days where color is red",
        ),
        (
            {"event": "purchase", "sum": {"of": "amount", "more_than": 100}, "within": {"days_before_today": 3}},
            "Users whose sum of amount over purchase since midnight 3 days ago is more than 100",
        ),
        (
            {"event": "purchase", "average": {"of": "amount", "at_least": 9, "or_missing": True}},
            "Users whose average amount over purchase is at least 9 or is missing",
        ),
        (
            {"event": "purchase", "distinct": {"of": "sku", "at_least": 3}, "between": ["2026-01-01", "2026-01-31"]},
            "Users who did purchase with at least 3 different sku from 2026-01-01 to 2026-01-31",
        ),
        (
            {"event": "purchase", "days": {"at_least": 5}, "between": ["30d", "7d"]},
            "Users who did purchase on at least 5 different days from 30 to 7 days ago",
        ),
        (
            {
                "event": "buy", "last": {"older_than": "28d"},
                "where": {"any": [{"property": "a", "is": 1}, {"all": [{"property": "b", "is": 2}, {"not": {
                    "any": [{"property": "c", "exists": True}, {"property": "d", "is": 1}]}}]}]},
            },
            "Users whose last buy (where a is 1 or (b is 2 and not (c is known or d is 1))) was more than 28 days ago",
        ),
        (
            [{"list": "a"}, {"any": [{"segment": "x"}, {"list": "y"}]}, {"not": {"list": "z"}}],
            LONG,
        ),
        (
            {"not": {"any": [{"segment": "x"}, {"segment": "y"}]}},
            "Everyone but those who are in segment x, or who are in segment y",
        ),
    ],
)  # fmt: skip
def test_sentences(where: Any, sentence: str) -> None:
    assert describe(meaning(where)) == sentence


def test_a_whole_segment() -> None:
    where = [{"attribute": "country", "in": ["FR", "BE"]}, {"event": "purchase", "within": "30d"}]
    exclude = [{"segment": "refund_abusers"}, {"list": "staff"}]
    assert describe(meaning(where, exclude=exclude)) == (
        "Users whose country is FR or BE, and who did purchase in the last 30 days, "
        "but not those (who are in segment refund_abusers, or who are on the list staff)"
    )


def test_a_campaign() -> None:
    audience = {"include": ["a", "b"], "exclude": ["c"]}
    campaign = document({"kind": "campaign", "name": "c", "audience": audience})
    assert describe(lower(campaign)) == (
        "Users (who are in segment a, or who are in segment b), but not those who are in segment c"
    )
