"""One changed line and five days of new data: the plan's movement, apart by cause, against plain SQL."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.real.answers import Answer, Answers, Members
from tests.real.engine import members, segctl
from tests.real.places import RETAIL, days, lay_out, needs_data

pytestmark = needs_data
EXTENSIONS = ("bag_ladies", "heavy_returns")
DEPENDENT = ("known_and_here", "vip", "vip_or_abroad_not_both")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Applied after sixty days; then five more days arrive."""
    root = lay_out(RETAIL, tmp_path_factory.mktemp("plan") / "project", days()[:60])
    segctl(root, "apply", "--auto-approve", "--as-of", closing(days()[59]))
    for file in days()[60:65]:
        shutil.copy(file, root / "data")
    return root


def closing(file: Path) -> str:
    return f"{file.stem} 22:00"


def answer(answers: Answers, file: Path, **instead: str) -> Answer:
    return answers.at(f"{closing(file)}:00 Europe/London", file.stem, instead=instead)


def as_query(ids: Members) -> str:
    return f"SELECT unnest({sorted(ids)}) AS user_id"


def planned(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    segctl(root, "-q", "plan", "--format", "json", "--as-of", closing(days()[64]))
    plan: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plan


def movement(stored: Members, old: Members, new: Members) -> dict[str, object]:
    """Everybody who moves is counted once: by definition if the old definition would not have moved them."""
    entered, exited = new - stored, stored - new
    return {
        "before": len(stored),
        "after": len(new),
        "entered": len(entered),
        "exited": len(exited),
        "by_definition": {"entered": len(entered - old), "exited": len(exited & old)},
        "by_data": {"entered": len(entered & old), "exited": len(exited - old)},
    }


def test_the_same_definitions_written_otherwise_are_no_change(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root / "segments" / "buyers.yaml"
    text = file.read_text()
    file.rename(root / "segments" / "moved.yaml")
    (root / "segments" / "moved.yaml").write_text("\n---\n".join(reversed(text.split("\n---\n"))) + "\n# the end\n")
    plan = planned(root, capsys)
    assert plan["changes"] == []
    assert plan["summary"] == {"create": 0, "update": 0, "delete": 0, "unchanged": 86}


def test_the_movement_of_one_changed_line_is_told_apart(
    root: Path, retail_answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "segments" / "money.yaml"
    file.write_text(file.read_text().replace("more_than: 1500", "more_than: 1200"))
    plan = planned(root, capsys)

    stored = answer(retail_answers, days()[59]).members
    frozen = {name: as_query(stored[name]) for name in EXTENSIONS}  # segments see extensions as of their refresh
    changed = retail_answers.queries["big_spenders"].replace("1500", "1200")
    old = answer(retail_answers, days()[64], **frozen).members
    new = answer(retail_answers, days()[64], **frozen, big_spenders=changed).members
    assert {change["name"]: change["members"] for change in plan["changes"]} == {
        name: movement(stored[name], old[name], new[name]) for name in ("big_spenders", *DEPENDENT)
    }
    assert [change["diff"] for change in plan["changes"] if change["diff"]] == [
        [{"path": "where[0].sum.more_than", "before": 1500, "after": 1200}]
    ]
    segctl(root, "apply", "--auto-approve", "--as-of", closing(days()[64]))
    published = members(root, ("big_spenders", *DEPENDENT, "buyers"))
    assert published == {**{name: new[name] for name in ("big_spenders", *DEPENDENT)}, "buyers": stored["buyers"]}
