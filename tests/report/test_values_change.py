"""What a plan says of the values of a trait."""

from __future__ import annotations

import pyarrow as pa
import pytest

from segctl.plan.values import Values, distribution
from segctl.report.values_change import values_lines

TEXTS, NUMBERS = distribution(pa.array(["api", "ui"])), distribution(pa.array([1, 2]))


def test_another_type_of_a_trait_is_told() -> None:
    lines = values_lines(Values(TEXTS, NUMBERS, by_definition=2), "UTC").plain.splitlines()
    assert lines[:2] == ["      type: string → int64", "      users with a value: 2 → 2  2 users with another value"]


@pytest.mark.parametrize("values", [Values(NUMBERS, NUMBERS, by_data=1), Values(None, NUMBERS), Values(NUMBERS, None)])
def test_the_same_type_is_not_told(values: Values) -> None:
    assert "type" not in values_lines(values, "UTC").plain
