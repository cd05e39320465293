from __future__ import annotations

import re

from segctl.cli.commands import COMMANDS
from tests.house.sizes import ROOT

PAGE = ROOT / "docs" / "architecture.md"


def named(column: int) -> set[str]:
    """What stands in backticks in a column of the tables of verbs and their steps."""
    section = PAGE.read_text(encoding="utf-8").partition("## Where a verb is\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {name for row in rows for name in re.findall(r"`([a-z_]+)`", row[column])}


def test_every_module_of_workflow_stands_in_the_tables() -> None:
    room = ROOT / "segctl" / "workflow"
    assert named(1) == {path.stem for path in room.iterdir() if not path.name.startswith("_")}


def test_every_verb_stands_in_the_tables() -> None:
    assert named(0) == set(COMMANDS)
