"""Sessions, funnels and habits over a clickstream, id by id against plain SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.answers import Answer, differences
from tests.real.engine import live, members
from tests.real.instants import CLICKSTREAM_INSTANTS
from tests.real.places import CLICKSTREAM, CLICKSTREAM_DATA, lay_out, needs_data

pytestmark = needs_data


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(CLICKSTREAM, tmp_path_factory.mktemp("clickstream") / "project", [CLICKSTREAM_DATA])


@pytest.mark.parametrize("as_of", CLICKSTREAM_INSTANTS)
def test_memberships_equal_the_sqls(root: Path, clickstream_answer: Callable[[str], Answer], as_of: str) -> None:
    expected, actual = clickstream_answer(as_of), live(root, as_of)
    assert differences({"population": expected.population}, {"population": actual.population}) == {}
    assert differences(expected.members, actual.members) == {}
    assert actual.unseen == expected.unseen


def test_the_command_line_says_the_same(root: Path, clickstream_answer: Callable[[str], Answer]) -> None:
    expected = clickstream_answer(CLICKSTREAM_INSTANTS[1]).members
    assert members(root, expected, "--live", "--as-of", CLICKSTREAM_INSTANTS[1]) == expected
