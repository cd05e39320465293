"""Every folder of tests/cases/lint: a project with its data in, exactly `expected.txt` out.

To add a case, see the README there; `SEGCTL_WRITE_EXPECTED=1` writes what comes out, for review.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from segctl import disclosure
from segctl.lint.rules import BAD_ALLOWANCE, IDLE_ALLOWANCE, RULES
from segctl.logic.times import written_us
from segctl.progress import Silent
from segctl.report.diagnostics import as_text
from segctl.workflow.check import check

CASES = Path(__file__).resolve().parents[1] / "cases" / "lint"
SHOP = CASES / "shop"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir() and path != SHOP)
AS_OF = "2026-11-22"


def found_in(root: Path, *, data: bool) -> str:
    checked = check(root, written_us(AS_OF, "Europe/Paris"), Silent(), data=data)
    told = as_text(checked.diagnostics)
    if not checked.allowed:
        return told
    return f"{told}--- allowed:\n{as_text(checked.allowed)}"


@pytest.mark.parametrize("case", NAMES)
def test_a_project_gives_exactly_the_expected_findings(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SHOP, tmp_path, dirs_exist_ok=True)
    shutil.copytree(CASES / case, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(disclosure, "MIN_BEARERS", 1)  # the shop of the cases has few users; test_shown.py has many
    found = found_in(tmp_path, data=not (tmp_path / "no_data").exists())
    expected = CASES / case / "expected.txt"
    if os.environ.get("SEGCTL_WRITE_EXPECTED"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_every_rule_has_a_case() -> None:
    texts = "".join((CASES / name / "expected.txt").read_text(encoding="utf-8") for name in NAMES)
    for rule in (*RULES, BAD_ALLOWANCE, IDLE_ALLOWANCE):
        assert f"warning[{rule.id}]" in texts, rule.id


def test_every_rule_is_in_the_docs() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")
    for rule in (*RULES, BAD_ALLOWANCE, IDLE_ALLOWANCE):
        assert f"`{rule.id}`" in page, rule.id
