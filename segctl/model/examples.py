"""One whole definition of each kind, for the JSON Schemas; a test reads them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "project": {
        "kind": "project",
        "name": "acme_shop",
        "timezone": "Europe/Paris",
        "users": {"path": "data/users.parquet", "id": "user_id"},
        "events": [{"path": "data/events/*.parquet", "user": "user_id", "time": "ts", "name": {"column": "event"}}],
        "catalogs": {"product": {"path": "data/products.csv", "key": "product_id"}},
    },
    "segment": {
        "kind": "segment",
        "name": "loyal_red_shoppers",
        "description": "Bought something red twice in two years, reachable by e-mail",
        "owner": "growth",
        "tags": ["loyalty"],
        "where": [
            {"attribute": "email_subscribed", "is": True},
            {
                "event": "purchase",
                "where": {"property": "product.color", "is": "red"},
                "count": {"at_least": 2},
                "within": "730d",
            },
        ],
        "exclude": [{"segment": "refund_abusers"}],
        "guards": {"max_exit": "20%"},
    },
    "extension": {
        "kind": "extension",
        "name": "big_spenders",
        "refresh": "daily 06:00",
        "from": {"event": "purchase", "sum": {"of": "amount", "more_than": 1000}, "within": "365d"},
    },
    "list": {"kind": "list", "name": "beta_testers", "path": "lists/beta_testers.csv", "id": "user_id"},
    "trait": {
        "kind": "trait",
        "name": "lifetime_value",
        "description": "What the user has paid, returns taken off",
        "value": {"event": ["purchase", "refund"], "sum": {"of": "amount"}},
    },
    "campaign": {
        "kind": "campaign",
        "name": "win_back",
        "audience": {"include": ["lapsed_buyers"], "exclude": ["refund_abusers"]},
        "variants": [
            {"name": "a", "percent": 45},
            {"name": "b", "percent": 45},
            {"name": "control", "percent": 10, "control": True},
        ],
        "schedule": {"at": "2026-12-01 09:00"},
        "reeligible_after": "30d",
        "conversions": [{"event": "purchase", "within": "7d"}],
    },
    "policy": {
        "kind": "policy",
        "name": "consent",
        "description": "Campaigns reach only users who agreed to e-mail",
        "owner": "privacy",
        "audience_implies": {"attribute": "email_subscribed", "is": True},
        "exempt": [{"name": "order_confirmation", "reason": "not advertising; agreed with legal in May"}],
    },
    "test": {
        "kind": "test",
        "name": "two_purchases_are_loyal",
        "as_of": "2026-11-22",
        "given": {
            "users": [{"id": "ann"}, {"id": "bob"}],
            "events": [
                {"user": "ann", "event": "purchase", "time": "2026-10-01 12:00", "amount": 30},
                {"user": "ann", "event": "purchase", "time": "2026-10-05 12:00", "amount": 20},
            ],
        },
        "expect": {"loyal": {"in": ["ann"], "out": ["bob"]}},
    },
}
