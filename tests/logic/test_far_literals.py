from __future__ import annotations

from decimal import Decimal

import pytest

from segctl.logic import nodes
from segctl.logic.bind import bind
from segctl.logic.interpret import User, World, holds
from segctl.logic.times import written_us
from segctl.logic.types import Scalar, Schema

SCHEMA = Schema("Europe/Paris", {"seen": Scalar.TIME, "score": Scalar.FLOAT}, {})


@pytest.mark.parametrize(
    ("seen", "member"),
    [
        ("2026-01-31 09:59:59", False),
        ("2026-01-31 10:00", True),
        ("2026-01-31 23:59:59.999999", True),
        ("2026-02-01", False),
    ],
)
def test_a_range_from_an_instant_to_the_same_day_goes_to_the_days_end(seen: str, *, member: bool) -> None:
    condition, problems = bind(nodes.Value(("seen",), nodes.Range("2026-01-31 10:00", "2026-01-31")), SCHEMA)
    assert problems == ()
    user = User("ada", {"seen": written_us(seen, "Europe/Paris")})
    assert holds(condition, user, World(as_of_us=0)) is member


def test_a_fraction_beyond_all_doubles_equals_none_and_is_greater_than_all() -> None:
    far = Decimal("1" * 400 + ".5")
    user = User("ada", {"score": 1e308})
    for test, member in ((nodes.OneOf((far,)), False), (nodes.Range(low=far), False), (nodes.Range(high=far), True)):
        condition, problems = bind(nodes.Value(("score",), test), SCHEMA)
        assert problems == ()
        assert holds(condition, user, World(as_of_us=0)) is member
