"""`list` and `show` of what is renamed, archived, or applied and not on disk."""

from __future__ import annotations

from typing import Any

import pytest

from segctl.diagnostics import SegctlError
from segctl.report.inventory import listing_data, page, page_data
from segctl.report.text import render
from segctl.workflow.inventory import inventory
from segctl.workflow.showing import show
from tests.apply.shop import ADULTS, BUYERS, LOYAL, Shop, segment

OUTER = segment("outer", {"segment": "adults"})
WIN: dict[str, Any] = {"kind": "campaign", "name": "win", "audience": {"include": ["outer"]}}


def statuses(shop: Shop) -> dict[str, str]:
    return {item.key[1]: str(item.status) for item in inventory(shop.root).items}


def said(shop: Shop, name: str) -> dict[str, str]:
    """The facts on the page of a definition."""
    lines = render(page(show(shop.root, name)), width=200, colour=False).splitlines()[1:]
    facts = [line.split(":", 1) for line in lines if line.startswith("  ")]
    return {fact[0].strip(): fact[-1].strip() for fact in facts}


def test_what_is_removed_is_shown_as_it_was_applied(shop: Shop) -> None:
    shop.define(ADULTS | {"owner": "growth"}, OUTER, WIN, BUYERS)
    shop.apply()
    shop.define(BUYERS)
    assert statuses(shop) == {"adults": "removed", "outer": "removed", "win": "removed", "buyers": "applied"}
    facts = said(shop, "adults")
    assert (facts["owner"], facts["was used by"], facts["indirectly"]) == ("growth", "segment outer", "campaign win")
    assert facts["published"].startswith("5 members as of")
    assert page_data(show(shop.root, "win"))["uses"] == [{"kind": "segment", "name": "outer"}]
    shop.apply("2026-01-10T12:00:00Z")
    assert statuses(shop) == {"buyers": "applied"}
    with pytest.raises(SegctlError, match="the segment `adults` was removed after serial 1"):
        show(shop.root, "adults")


def test_what_uses_a_definition_through_others_is_shown(shop: Shop) -> None:
    shop.define(ADULTS, OUTER, WIN)
    data = page_data(show(shop.root, "adults"))
    assert data["used_by"] == [{"kind": "segment", "name": "outer"}]
    assert data["used_through"] == [{"kind": "campaign", "name": "win"}]


def test_what_is_archived_is_shown_with_its_last_serial(shop: Shop) -> None:
    shop.define(ADULTS, OUTER, LOYAL)
    shop.apply()
    shop.define(ADULTS, OUTER | {"archived": True}, LOYAL | {"archived": True})
    assert statuses(shop) == {"adults": "applied", "outer": "archived", "loyal": "archived"}
    assert said(shop, "outer")["published"].startswith("5 members as of")
    shop.apply()
    assert statuses(shop) == {"adults": "applied", "outer": "archived", "loyal": "archived"}
    facts = said(shop, "outer")
    assert (facts["used"], facts["published"]) == ("segment adults", "no more; last in serial 1")
    found = listing_data(inventory(shop.root))["definitions"]
    assert isinstance(found, list)
    assert [(one["name"], one["status"], one.get("last_serial")) for one in found] == [
        ("loyal", "archived", 1), ("adults", "applied", None), ("outer", "archived", 1),
    ]  # fmt: skip
    shop.define(ADULTS, OUTER)
    assert said(shop, "outer")["published"] == "not yet again; last in serial 1"


def test_what_is_renamed_is_shown_with_what_is_published_of_it(shop: Shop) -> None:
    shop.define(ADULTS, OUTER)
    shop.apply()
    grown = segment("grown_ups", *ADULTS["where"], moved={"from": "adults"})
    shop.define(grown, segment("outer", {"segment": "grown_ups"}))
    assert statuses(shop) == {"grown_ups": "renamed", "outer": "applied"}
    facts = said(shop, "grown_ups")
    assert facts["renamed from"] == "adults"
    assert facts["published"].startswith("5 members as of")
    shop.apply()
    with pytest.raises(SegctlError, match="the segment `adults` is `grown_ups` since serial 2"):
        show(shop.root, "adults")
