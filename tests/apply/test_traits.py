"""Traits from the plan to the published table, with values known by hand."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest

from segctl.diagnostics import InvalidInput, SegctlError
from segctl.plan.plan import Plan
from segctl.progress import Silent
from segctl.workflow.live_members import live as live_members
from segctl.workflow.members import Asked
from segctl.workflow.request import Request
from segctl.workflow.traits import TraitValues, live, published
from tests.apply.shop import ADULTS, NOON, NOON_US, Shop, change, reasons, segment

DAY_ONE, DAY_TWO = "2026-01-10T12:00:00Z", "2026-01-11T12:00:00Z"


def trait(name: str, **of: Any) -> dict[str, Any]:
    return {"kind": "trait", "name": name, **of}


ORDERS = trait("orders", value={"event": "purchase", "count": True})
LAST = trait("last_order", value={"event": "purchase", "last": True})
DOUBLE = trait("double", formula="orders * 2")


def own(shop: Shop) -> None:
    """Users a to d; a bought on days 2 and 3, b on day 4."""
    shop.users("a,20", "b,30", "c,40", "d,10")
    shop.files.clear()
    shop.events("a,purchase,2", "a,purchase,3", "b,purchase,4")
    for number in range(2, 10):
        (shop.root / "data" / f"events-{number}.csv").unlink(missing_ok=True)


def values(found: TraitValues, name: str) -> dict[str, object]:
    return dict(zip(found.ids.to_pylist(), found.columns[name].to_pylist(), strict=True))


def effect(found: Plan, name: str) -> tuple[int | None, int | None, int, int]:
    """Users before and after, changed by definition and by data."""
    moved = change(found, name).values
    assert moved is not None
    before, after = (None if side is None else side.users for side in (moved.before, moved.after))
    return before, after, moved.by_definition, moved.by_data


def test_an_apply_publishes_one_table_of_all_traits(shop: Shop) -> None:
    own(shop)
    shop.define(ADULTS, ORDERS, LAST, DOUBLE)
    planned = shop.plan()
    assert effect(planned, "orders") == (None, 4, 4, 0)
    assert effect(planned, "last_order") == (None, 2, 2, 0)
    shop.apply()
    found = published(shop.root, ())
    assert values(found, "orders") == {"a": 2, "b": 1, "c": 0, "d": 0}
    assert values(found, "double") == {"a": 4.0, "b": 2.0, "c": 0.0, "d": 0.0}
    last = values(found, "last_order")
    assert {user: day and day.isoformat()[:10] for user, day in last.items()} == {  # type: ignore[attr-defined]
        "a": "2026-01-03", "b": "2026-01-04", "c": None, "d": None,
    }  # fmt: skip
    record = shop.records()[0]
    assert record.traits is not None
    assert {name: (t.users, t.changed) for name, t in record.traits.columns.items()} == {
        "orders": (4, 4), "last_order": (2, 2), "double": (4, 4),
    }  # fmt: skip
    files = list((shop.root / ".segctl" / "traits").iterdir())
    assert [set(pq.read_schema(file).names) for file in files] == [{"user_id", "double", "last_order", "orders"}]
    assert shop.plan().is_empty


def test_a_changed_trait_is_planned_with_what_depends_on_it(shop: Shop) -> None:
    own(shop)
    buyers = segment("buyers_again", {"trait": "orders", "at_least": 2})
    shop.define(ORDERS, DOUBLE, LAST, buyers)
    shop.apply()
    late = trait("orders", value={"event": "purchase", "count": True, "since": "2026-01-03"})
    shop.define(late, DOUBLE, LAST, buyers)
    planned = shop.plan()
    assert reasons(planned) == {"orders": ["logic"], "double": ["depends"], "buyers_again": ["depends"]}
    assert effect(planned, "orders") == (4, 4, 1, 0)  # a has one order left
    moved = change(planned, "orders").values
    assert moved is not None
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.quantiles, moved.after.quantiles) == ((0, 0, 0, 1, 2, 2), (0, 0, 0, 1, 1, 1))
    members = change(planned, "buyers_again").members
    assert members is not None
    assert (members.before, members.after) == (1, 0)
    shop.apply()
    record = shop.records()[0].traits
    assert record is not None
    assert {name: t.serial for name, t in record.columns.items()} == {"orders": 2, "double": 2, "last_order": 1}
    assert values(published(shop.root, ["orders"]), "orders") == {"a": 1, "b": 1, "c": 0, "d": 0}
    assert values(published(shop.root, ["orders"], serial=1), "orders")["a"] == 2


def test_what_changes_by_data_is_told_apart(shop: Shop) -> None:
    own(shop)
    shop.define(ORDERS)
    shop.apply()
    shop.events("c,purchase,5")
    shop.define(trait("orders", value={"event": "purchase", "count": True, "since": "2026-01-03"}))
    assert effect(shop.plan(), "orders") == (4, 4, 1, 1)  # a by the definition, c by the data


def test_a_refresh_computes_all_traits_anew(shop: Shop) -> None:
    own(shop)
    shop.define(ADULTS, ORDERS, DOUBLE)
    shop.apply(DAY_ONE)
    assert shop.refresh(DAY_ONE).serial is None
    shop.users("b,30", "c,40", "e,50")
    shop.events("c,purchase,11")
    planned = shop.refresh(DAY_TWO).prepared.plan
    # a and d are gone, e is new and has 0, c has 1
    assert effect(planned, "orders") == (4, 3, 0, 2)
    assert reasons(planned)["orders"] == ["data"]
    assert values(published(shop.root, ()), "double") == {"b": 2.0, "c": 2.0, "e": 0.0}
    assert shop.refresh(DAY_TWO).serial is None


def test_traits_that_are_not_changed_keep_their_values_over_the_users_of_today(shop: Shop) -> None:
    own(shop)
    shop.define(ORDERS, LAST)
    shop.apply()
    shop.users("a,20", "e,50")
    shop.define(ORDERS, LAST, DOUBLE)
    shop.apply()
    found = published(shop.root, ())
    assert values(found, "orders") == {"a": 2, "e": None}  # until a refresh
    assert values(found, "double") == {"a": 4.0, "e": 0.0}


def test_a_removed_trait_is_archived(shop: Shop) -> None:
    own(shop)
    shop.define(ADULTS, ORDERS, LAST)
    shop.apply()
    shop.define(ADULTS, LAST)
    planned = shop.plan()
    assert effect(planned, "orders") == (4, None, 4, 0)
    shop.apply()
    record = shop.records()[0]
    assert record.archived == {("trait", "orders"): 1}
    assert record.traits is not None
    assert set(record.traits.columns) == {"last_order"}
    shop.define(ADULTS)
    shop.apply()
    assert shop.records()[0].traits is None
    assert published(shop.root, ()).traits == ()


def test_traits_are_evaluated_without_a_state(shop: Shop) -> None:
    own(shop)
    shop.define(ORDERS)
    found = live(shop.root, ["orders"], Request(NOON_US, NOON), Silent())
    assert (found.serial, values(found, "orders")) == (None, {"a": 2, "b": 1, "c": 0, "d": 0})
    with pytest.raises(SegctlError, match="nothing has been applied yet"):
        published(shop.root, ())


def test_a_trait_has_no_members(shop: Shop) -> None:
    own(shop)
    shop.define(ORDERS)
    with pytest.raises(SegctlError, match="has values and no members"):
        live_members(shop.root, Asked(("orders",)), Request(NOON_US, NOON), Silent())


def test_an_unknown_property_is_an_error_at_its_place(shop: Shop) -> None:
    own(shop)
    shop.define(trait("spent", value={"event": "purchase", "sum": {"of": "amont"}}))
    with pytest.raises(InvalidInput) as error:
        shop.plan()
    assert [found.code for found in error.value.diagnostics] == ["unknown-property"]
