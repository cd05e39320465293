"""What is said of changes that no test notices."""

from __future__ import annotations

from segctl.report.mutations import mutated
from segctl.workflow.mutating import Mutated

VIP, COLOURS = ("segment", "vip"), ("trait", "colours")


def test_a_definition_without_tests_and_without_changes_says_nothing_of_changes() -> None:
    said = mutated(Mutated({VIP: 2, COLOURS: 0}, {}, (), (VIP, COLOURS))).plain.splitlines()
    assert said == [
        "no test expects anything of segment vip: no test would notice 2 changes",
        "no test expects anything of trait colours",
        "0 of 2 changes noticed: 0%",
    ]
