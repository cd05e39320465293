from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from jsonschema import Draft7Validator

from segctl.plan.plan import (
    Action,
    Basis,
    Change,
    FieldChange,
    GuardFinding,
    Held,
    Members,
    Movement,
    Older,
    Plan,
    Reason,
    VariantMembers,
)
from segctl.report.json import dumps
from segctl.report.plan_json import as_data
from segctl.report.plan_schema import PLAN_SCHEMA

PUBLISHED = Path(__file__).resolve().parents[2] / "schema" / "plan.schema.json"
VIP = ("segment", "vip")
FINDING = GuardFinding("max_exit", VIP, "too many", allowed=True)
PLAN = Plan(
    operation="apply",
    basis=Basis("acme_shop", "line", 12, 1_795_305_600_000_000, "defs", "data"),
    changes=(
        Change(
            VIP,
            Action.UPDATE,
            (Reason.LOGIC, Reason.DEPENDS),
            (FieldChange("where[0].at_least", 18, Decimal("20.50")),),
            Members(100, 120, Movement(24, 4), Movement(1, 1)),
            (FINDING,),
        ),
        Change(("segment", "plain"), Action.UPDATE, (Reason.METADATA,), (FieldChange("owner", None, "crm"),)),
        Change(
            ("campaign", "win"),
            Action.CREATE,
            members=Members(0, 5, Movement(5), variants=(VariantMembers("a", 0, 5),)),
        ),
    ),
    unchanged=498,
    guards=(GuardFinding("max_removed", None, "too much"),),
    digest="d" * 64,
    held=(
        Held(VIP, 1_795_305_600_000_000, (FINDING,), (("list", "beta"),), Members(5, 1), (("segment", "old"),)),
        Held(("list", "beta"), 1_795_305_600_000_000),
    ),
    older=Older(1_795_305_600_000_000, 3, 1),
)


def test_a_plan_as_json() -> None:
    assert json.loads(dumps(as_data(PLAN))) == {
        "format_version": "1.3", "operation": "apply", "project": "acme_shop", "lineage": "line", "serial": 12,
        "as_of": "2026-11-22T00:00:00Z", "definitions": "defs", "data": "data", "digest": "d" * 64,
        "changes": [
            {
                "kind": "segment", "name": "vip", "action": "update", "reasons": ["logic", "depends"],
                "diff": [{"path": "where[0].at_least", "before": 18, "after": 20.5}],
                "members": {
                    "before": 100, "after": 120, "entered": 25, "exited": 5,
                    "by_definition": {"entered": 24, "exited": 4}, "by_data": {"entered": 1, "exited": 1},
                },
                "guards": [
                    {"kind": "segment", "name": "vip", "rule": "max_exit", "message": "too many", "severity": "error",
                     "blocking": False, "allowed": True},
                ],
            },
            {
                "kind": "segment", "name": "plain", "action": "update", "reasons": ["metadata"],
                "diff": [{"path": "owner", "before": None, "after": "crm"}], "members": None, "guards": [],
            },
            {
                "kind": "campaign", "name": "win", "action": "create", "reasons": [], "diff": [],
                "members": {
                    "before": 0, "after": 5, "entered": 5, "exited": 0,
                    "by_definition": {"entered": 5, "exited": 0}, "by_data": {"entered": 0, "exited": 0},
                    "reassigned": 0, "variants": [{"name": "a", "before": 0, "after": 5}],
                },
                "guards": [],
            },
        ],
        "guards": [
            {"rule": "max_removed", "message": "too much", "severity": "error", "blocking": True, "allowed": False},
        ],
        "held": [
            {
                "kind": "segment", "name": "vip", "since": "2026-11-22T00:00:00Z",
                "reasons": [{"rule": "max_exit", "message": "too many"}],
                "through": [{"kind": "list", "name": "beta"}], "mixed": [{"kind": "segment", "name": "old"}],
                "members": {
                    "before": 5, "after": 1, "entered": 0, "exited": 0,
                    "by_definition": {"entered": 0, "exited": 0}, "by_data": {"entered": 0, "exited": 0},
                },
            },
            {"kind": "list", "name": "beta", "since": "2026-11-22T00:00:00Z", "reasons": [], "through": []},
        ],
        "refresh": {
            "published_as_of": "2026-11-22T00:00:00Z", "evaluated": True, "would_move": 3, "would_hold": 1,
        },
        "summary": {"create": 1, "update": 2, "delete": 0, "unchanged": 498},
    }  # fmt: skip


def test_fractions_keep_their_digits() -> None:
    assert '"after": 20.50' in dumps(as_data(PLAN))


def test_the_schema_is_one_and_fits() -> None:
    Draft7Validator.check_schema(PLAN_SCHEMA)
    assert list(Draft7Validator(PLAN_SCHEMA).iter_errors(json.loads(dumps(as_data(PLAN))))) == []
    assert list(Draft7Validator(PLAN_SCHEMA).iter_errors({"format_version": "2.0"})) != []


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == dumps(PLAN_SCHEMA)
