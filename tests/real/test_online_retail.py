"""Every segment over half a million invoice lines, id by id against plain SQL."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import xxhash

from tests.real.answers import Answer, differences
from tests.real.engine import evaluated, live, segctl
from tests.real.instants import RETAIL_INSTANTS
from tests.real.places import needs_data

pytestmark = needs_data


@pytest.mark.parametrize("as_of", RETAIL_INSTANTS)
def test_memberships_equal_the_sqls(retail: Path, retail_answer: Callable[[str], Answer], as_of: str) -> None:
    expected, actual = retail_answer(as_of), live(retail, as_of)
    assert differences({"population": expected.population}, {"population": actual.population}) == {}
    assert differences(expected.members, actual.members) == {}
    assert actual.unseen == expected.unseen


def test_lines_without_a_customer_are_counted(retail: Path) -> None:
    data, _ = evaluated(retail, RETAIL_INSTANTS[-1])
    report = data.index.report.tables["events[0]"]
    assert (report.rows, report.without_user, report.outside) == (541_909, 135_080, 0)


def test_each_member_of_a_campaign_has_its_variant(retail: Path, retail_answer: Callable[[str], Answer]) -> None:
    as_of = RETAIL_INSTANTS[2]
    segctl(
        retail,
        "members",
        "win_back",
        "--live",
        "--as-of",
        as_of,
        "--all-variants",
        "--format",
        "csv",
        "-o",
        "win_back.csv",
    )
    with (retail / "win_back.csv").open(newline="") as file:
        said = {row["id"]: row["variant"] for row in csv.DictReader(file)}
    assert said == {user: variant_of(user) for user in retail_answer(as_of).members["win_back"]}


def variant_of(user: str) -> str:
    """Law 11: a hash of campaign and user, against the cumulative percents."""
    number = xxhash.xxh3_64_intdigest(f"win_back:{user}".encode()) % 10_000
    return "letter" if number < 4500 else "voucher" if number < 8750 else "nothing"
