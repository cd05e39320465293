"""Apply on a hundred trading days, then a refresh for each of twenty further days whose file arrives."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from segctl.state.local import LocalStore
from segctl.state.state import State
from tests.real.answers import Answer, Answers, Members, differences
from tests.real.engine import publish, publish_again, published
from tests.real.places import RETAIL, days, lay_out, needs_data

pytestmark = needs_data
FIRST, FURTHER = 100, 20


def midnight_after(file: Path) -> str:
    return (date.fromisoformat(file.stem) + timedelta(days=1)).isoformat()


def expected_after(answers: Answers, file: Path) -> Answer:
    """At the midnight of London after a day, from the files up to that day."""
    return answers.at(f"{midnight_after(file)} 00:00:00 Europe/London", file.stem)


def minus(one: Mapping[str, Members], other: Mapping[str, Members]) -> dict[str, Members]:
    return {name: ids - other[name] for name, ids in one.items()}


def test_every_delta_of_twenty_days_equals_the_sqls(tmp_path: Path, retail_answers: Answers) -> None:
    files = days()
    root = lay_out(RETAIL, tmp_path / "project")
    for file in files[:FIRST]:
        shutil.copy(file, root / "data")
    state = State(LocalStore(root / ".segctl"))

    before = expected_after(retail_answers, files[FIRST - 1])
    assert publish(root, midnight_after(files[FIRST - 1])).serial == 1
    assert differences(before.members, published(state, state.record(1))) == {}

    moved = 0
    for serial, file in enumerate(files[FIRST : FIRST + FURTHER], start=2):
        shutil.copy(file, root / "data")
        assert publish_again(root, midnight_after(file)).serial == serial
        after = expected_after(retail_answers, file)
        record = state.record(serial)
        today, yesterday = published(state, record), published(state, state.record(serial - 1))
        entered, exited = minus(after.members, before.members), minus(before.members, after.members)
        assert differences(entered, minus(today, yesterday)) == {}, file.stem
        assert differences(exited, minus(yesterday, today)) == {}, file.stem
        for key, snapshot in record.snapshots.items():
            told = (snapshot.entered, snapshot.exited) if snapshot.serial == serial else (0, 0)
            assert told == (len(entered[key[1]]), len(exited[key[1]])), (file.stem, key)
        moved += sum(map(len, entered.values())) + sum(map(len, exited.values()))
        before = after
    assert moved > 10_000
