"""Every folder of tests/cases/bad_definitions: its files in, exactly `expected.txt` out.

To add a case, see the README there; `SEGCTL_WRITE_EXPECTED=1` writes what comes out, for review.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from segctl.diagnostics import InvalidInput
from segctl.report.diagnostics import as_text
from segctl.workflow.validate import validate

CASES = Path(__file__).resolve().parents[1] / "cases" / "bad_definitions"
DEFAULT_PROJECT = "kind: project\nname: shop\ntimezone: Europe/Paris\nusers: {path: data/users.parquet, id: user_id}\n"


def lay_out(case: Path, folder: Path) -> None:
    shutil.copytree(case, folder, dirs_exist_ok=True)
    project = folder / "segments" / "segctl.yaml"
    if not project.exists() and not (case / "no_project").exists():
        project.write_text(DEFAULT_PROJECT, encoding="utf-8")


def found_in(root: Path) -> str:
    try:
        _, _, warnings = validate(root)
    except InvalidInput as error:
        return as_text(error.diagnostics)
    return as_text(warnings)


@pytest.mark.parametrize("case", sorted(p.name for p in CASES.iterdir() if p.is_dir()))
def test_bad_definitions_give_exactly_the_expected_diagnostics(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(CASES / case, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = found_in(tmp_path)
    expected = CASES / case / "expected.txt"
    if os.environ.get("SEGCTL_WRITE_EXPECTED"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


IN_PYTHON = {
    "file-too-large", "too-many-values", "too-many-errors", "unreadable", "linked-folder", "linked-outside",
    "linked-file",
}  # fmt: skip
"""Codes of what git cannot hold well; other tests of this folder find them."""

NEVER = {"bad-value"}
"""Said where a newer pydantic finds something that is not known yet."""


def test_every_code_of_the_loader_the_models_and_the_graph_has_a_case() -> None:
    makers = "Diagnostic|problem|Sentence|Unusable|_say|_leave_out|wrong_type"
    call = re.compile(rf'(?:{makers})\(\s*(?:[a-z_]+, [a-z_]+, )?"([a-z0-9-]+)"')
    package = Path(__file__).resolve().parents[2] / "segctl"
    sources = [*package.glob("load/*.py"), *package.glob("model/*.py"), package / "graph.py"]
    written = {code for path in sources for code in call.findall(path.read_text(encoding="utf-8"))}
    texts = "".join(path.read_text(encoding="utf-8") for path in CASES.glob("*/expected.txt"))
    told = set(re.findall(r"error\[([a-z0-9-]+)\]", texts))
    assert len(written) > 50
    assert written - told - IN_PYTHON - NEVER == set()
    others = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert all(f'"{code}"' in others.replace("IN_PYTHON", "", 1) for code in IN_PYTHON)


def test_there_are_enough_cases_and_each_finds_something() -> None:
    cases = [p for p in CASES.iterdir() if p.is_dir()]
    assert len(cases) >= 75
    assert all((case / "expected.txt").read_text(encoding="utf-8") for case in cases)
