from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from segctl.model.condition import AttributeCondition
from segctl.model.events import EventCondition


def codes(model: type[Any], data: dict[str, Any]) -> list[str]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [details["type"] for details in error.errors()]
    return []


@pytest.mark.parametrize(
    "window",
    [
        {"between": ["30d", "7d"]},
        {"between": ["30d", "0d"]},
        {"between": ["2w", "7d"]},
        {"between": ["2026-01-01", "2026-01-31"]},
        {"between": ["2026-01-31", "2026-01-31"]},
        {"between": ["2026-01-01", "7d"]},
        {"between": ["30d", "2026-01-31"]},
        {"between": ["2026-01-31 09:00", "2026-01-31"]},
        {"between": ["2026-01-31", "2026-01-31 00:00:00.000001"]},
        {"between": ["2026-01-31 12:00", "2026-01-31T10:00Z"]},
        {"between": ["2026-01-31T12:00Z", "2026-01-31 00:00"]},
        {"since": "30d", "until": "7d"},
        {"since": "2026-01-31", "until": "2026-01-31"},
        {"since": "30d"},
        {"until": "0d"},
        {"until": "2026-01-31 09:00+01:00"},
        {"within": "1s"},
        {"within": {"days_before_today": 0}},
    ],
)
def test_windows_in_which_something_can_lie_are_accepted(window: dict[str, Any]) -> None:
    assert codes(EventCondition, {"event": "x", **window}) == []


@pytest.mark.parametrize(
    "window",
    [
        {"between": ["7d", "30d"]},
        {"between": ["7d", "1w"]},
        {"between": ["2026-02-01", "2026-01-31"]},
        {"between": ["2026-01-31 09:00", "2026-01-31 09:00"]},
        {"between": ["2026-01-31", "2026-01-31 00:00"]},
        {"between": ["2026-01-31T12:00Z", "2026-01-30T12:00+02:00"]},
        {"between": ["2026-01-31 12:00", "2026-01-30T09:00Z"]},
        {"since": "7d", "until": "7d"},
        {"since": "2026-02-01", "until": "2026-01-31"},
        {"since": "0s"},
        {"within": "0d"},
    ],
)
def test_windows_in_which_nothing_can_lie_are_refused(window: dict[str, Any]) -> None:
    assert codes(EventCondition, {"event": "x", **window}) == ["empty-window"]


@pytest.mark.parametrize(
    "pair",
    [
        [1, 1], [1, 2], ["2026-01-31", "2026-01-31"], ["2026-01-31 09:00", "2026-01-31 09:00"],
        ["2026-01-31 23:00", "2026-01-31"], ["2026-01-31", "2026-01-31 00:00"],
    ],
)  # fmt: skip
def test_a_range_of_values_includes_both_ends(pair: list[Any]) -> None:
    assert codes(AttributeCondition, {"attribute": "x", "between": pair}) == []


@pytest.mark.parametrize(
    "pair",
    [[2, 1], ["2026-02-01", "2026-01-31"], ["2026-02-01 00:00", "2026-01-31"], ["2026-01-31", "2026-01-30 23:59"]],
)
def test_a_range_without_values_is_refused(pair: list[Any]) -> None:
    assert codes(AttributeCondition, {"attribute": "x", "between": pair}) == ["empty-range"]
