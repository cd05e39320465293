"""Apply on a hundred trading days, then a refresh for each of twenty further days whose file arrives."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from segctl.state.local import LocalStore
from segctl.state.state import State
from tests.real.answers import Answer, Answers, Members, differences
from tests.real.engine import members, segctl
from tests.real.places import RETAIL, days, lay_out, needs_data

pytestmark = needs_data
FIRST, FURTHER = 100, 20
SPOKEN = ("idle_thirty_days", "vip", "bag_ladies")


def midnight_after(file: Path) -> str:
    return (date.fromisoformat(file.stem) + timedelta(days=1)).isoformat()


def expected_after(answers: Answers, file: Path) -> Answer:
    """At the midnight of London after a day, from the files up to that day."""
    return answers.at(f"{midnight_after(file)} 00:00:00 Europe/London", file.stem)


def minus(one: Mapping[str, Members], other: Mapping[str, Members]) -> dict[str, Members]:
    return {name: ids - other[name] for name, ids in one.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = lay_out(RETAIL, tmp_path / "project")
    for file in days()[:FIRST]:
        shutil.copy(file, root / "data")
    return root


def test_every_delta_of_twenty_days_equals_the_sqls(root: Path, retail_answers: Answers) -> None:
    names = list(retail_answers.queries)
    last, *further = days()[FIRST - 1 : FIRST + FURTHER]
    before = expected_after(retail_answers, last)
    segctl(root, "apply", "--auto-approve", "--as-of", midnight_after(last))
    published = members(root, names, "--all-variants")
    assert differences(before.members, published) == {}

    moved = 0
    for file in further:
        shutil.copy(file, root / "data")
        segctl(root, "refresh", "--as-of", midnight_after(file))
        after = expected_after(retail_answers, file)
        entered, exited = minus(after.members, before.members), minus(before.members, after.members)
        yesterday, published = published, members(root, names, "--all-variants")
        assert differences(entered, minus(published, yesterday)) == {}, file.stem
        assert differences(exited, minus(yesterday, published)) == {}, file.stem
        assert counts(root) == {name: (len(entered[name]), len(exited[name])) for name in names}, file.stem
        assert members(root, SPOKEN, "--entered") == {name: entered[name] for name in SPOKEN}, file.stem
        assert members(root, SPOKEN, "--exited") == {name: exited[name] for name in SPOKEN}, file.stem
        moved += sum(map(len, entered.values())) + sum(map(len, exited.values()))
        before = after
    assert moved > 10_000


def counts(root: Path) -> dict[str, tuple[int, int]]:
    """How many entered and exited with the last serial, as its record says."""
    record = State(LocalStore(root / ".segctl")).current()
    assert record is not None
    return {
        name: (snapshot.entered, snapshot.exited) if snapshot.serial == record.serial else (0, 0)
        for (_, name), snapshot in record.snapshots.items()
    }
