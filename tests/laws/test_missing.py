"""Laws 2 and 3: what is missing passes no positive test, every negative one, and `or_missing` lets it in."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.laws.shop import Shop, opened

USERS: list[dict[str, Any]] = [
    {"id": "full", "text": "a", "number": 1.0, "place": {"city": "Rome"}, "words": ["x"]},
    {"id": "empty", "text": "", "number": 0.0, "place": {"city": ""}, "words": []},
    {"id": "null", "text": None, "number": None, "place": None, "words": None},
    {"id": "inner", "text": "b", "number": math.nan, "place": {"city": None}, "words": [None]},
]

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "is": ({"attribute": "text", "is": "a"}, "full"),
    "is_not": ({"attribute": "text", "is_not": "a"}, "empty inner null"),
    "the empty text is a value": ({"attribute": "text", "is": ""}, "empty"),
    "and it exists": ({"attribute": "text", "exists": True}, "empty full inner"),
    "but is blank": ({"attribute": "text", "blank": True}, "empty null"),
    "NaN is missing": ({"attribute": "number", "exists": False}, "inner null"),
    "and passes no range": ({"attribute": "number", "at_least": -1}, "empty full"),
    "nor its contrary": ({"attribute": "number", "less_than": -1}, ""),
    "not of a range holds for it": ({"not": {"attribute": "number", "at_least": -1}}, "inner null"),
    "or_missing adds it": ({"attribute": "number", "at_least": 1, "or_missing": True}, "full inner null"),
    "or_missing on a negative one": ({"attribute": "text", "is_not": "a", "or_missing": True}, "empty inner null"),
    "a path through a null is missing": ({"attribute": "place.city", "exists": False}, "inner null"),
    "a struct with nulls in it is there": ({"attribute": "place", "exists": True}, "empty full inner"),
    "in": ({"attribute": "place.city", "in": ["", "Rome"]}, "empty full"),
    "not_in": ({"attribute": "place.city", "not_in": ["", "Rome"]}, "inner null"),
    "includes_any": ({"attribute": "words", "includes_any": ["x"]}, "full"),
    "includes_none": ({"attribute": "words", "includes_none": ["x"]}, "empty inner null"),
    "an empty list is there": ({"attribute": "words", "exists": True}, "empty full inner"),
    "and blank": ({"attribute": "words", "blank": True}, "empty null"),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return opened(tmp_path_factory.mktemp("missing"), USERS, [EVENTS])


EVENTS: list[dict[str, Any]] = [{"user": "full", "event": "e", "time": 0}]


@pytest.mark.parametrize("case", CASES)
def test_members(case: str, shop: Shop) -> None:
    where, expected = CASES[case]
    assert " ".join(sorted(shop.members(where))) == expected
