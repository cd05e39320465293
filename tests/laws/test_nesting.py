"""Law 10: segments nest to any depth, and what is shared is not repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.laws.shop import AS_OF, DAY, opened, us


def test_a_thousand_segments_deep(tmp_path: Path) -> None:
    shop = opened(tmp_path, [{"id": "a"}, {"id": "b"}], [[{"user": "a", "event": "e", "time": us(AS_OF) - DAY}]])
    wheres: dict[str, Any] = {"s0": {"event": "e"}}
    for number in range(1, 1_001):
        wheres[f"s{number}"] = {"not": {"segment": f"s{number - 1}"}}
    found = shop.all_members(wheres)
    assert found["s1000"] == {"a"}
    assert found["s999"] == {"b"}


def test_what_is_referred_to_twice_at_each_level_costs_no_more(tmp_path: Path) -> None:
    shop = opened(tmp_path, [{"id": "a"}, {"id": "b"}], [[{"user": "a", "event": "e", "time": us(AS_OF) - DAY}]])
    wheres: dict[str, Any] = {"s0": {"event": "e"}}
    for number in range(1, 200):
        below = {"segment": f"s{number - 1}"}
        wheres[f"s{number}"] = {"any": [{"all": [below, {"everyone": True}]}, {"not": {"not": below}}]}
    assert shop.all_members(wheres)["s199"] == {"a"}
