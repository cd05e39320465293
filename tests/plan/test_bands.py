"""How far members may move: bands, floors, and where each comes from."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from segctl.plan.bands import Band, band_of, used_share
from segctl.plan.plan import Members, Movement


def members(before: int, entered: int, exited: int) -> Members:
    return Members(before, before + entered - exited, by_data=Movement(entered, exited))


@pytest.mark.parametrize(
    ("own", "project", "expected"),
    [
        ({}, {}, Band("30%", 100)),
        ({}, {"drift": {"band": "5%"}}, Band("5%", 100)),
        ({}, {"drift": {"floor": 10}}, Band("30%", 10)),
        ({"drift": {"band": "10%"}}, {"drift": {"band": "5%", "floor": 20}}, Band("10%", 0)),
        ({"drift": {"band": "10%", "floor": 7}}, {}, Band("10%", 7)),
        ({"drift": {"floor": 7}}, {"drift": {"band": "5%"}}, Band("5%", 7)),
    ],
)
def test_a_band_is_its_own_or_the_projects(own: dict[str, Any], project: dict[str, Any], expected: Band) -> None:
    assert band_of(own, project) == expected


@pytest.mark.parametrize(
    ("band", "moved", "holds"),
    [
        (Band("10%", 0), members(100, 10, 10), True),
        (Band("10%", 0), members(100, 11, 0), False),
        (Band("10%", 0), members(100, 0, 11), False),
        (Band("10%", 12), members(100, 11, 11), True),
        (Band("10%", 11), members(100, 11, 0), False),
        (Band("12.5%", 0), members(8, 1, 0), True),
        (Band("0%", 0), members(100, 0, 0), True),
        (Band("0%", 0), members(100, 1, 0), False),
        (Band("100%", 0), members(0, 1, 0), False),
        (Band("30%", 100), members(0, 99, 0), True),
        (Band("30%", 100), members(0, 100, 0), False),
    ],
)
def test_entering_and_exiting_are_measured_each_by_itself(band: Band, moved: Members, holds: bool) -> None:  # noqa: FBT001
    assert band.holds(moved) is holds


def test_the_share_that_moves() -> None:
    assert used_share(members(8, 1, 3)) == Fraction(3, 8)
    assert used_share(members(0, 1, 0)) is None
