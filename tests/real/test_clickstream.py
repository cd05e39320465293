"""Sessions, funnels and habits over a clickstream, id by id against plain SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.answers import Answer, differences
from tests.real.engine import live, members
from tests.real.instants import CLICKSTREAM_INSTANTS
from tests.real.places import needs_data

pytestmark = needs_data


@pytest.mark.parametrize("as_of", CLICKSTREAM_INSTANTS)
def test_memberships_equal_the_sqls(clickstream: Path, clickstream_answer: Callable[[str], Answer], as_of: str) -> None:
    expected, actual = clickstream_answer(as_of), live(clickstream, as_of)
    assert differences({"population": expected.population}, {"population": actual.population}) == {}
    assert differences(expected.members, actual.members) == {}
    assert actual.unseen == expected.unseen


def test_the_command_line_says_the_same(clickstream: Path, clickstream_answer: Callable[[str], Answer]) -> None:
    expected = clickstream_answer(CLICKSTREAM_INSTANTS[1]).members
    assert members(clickstream, expected, "--live", "--as-of", CLICKSTREAM_INSTANTS[1]) == expected
