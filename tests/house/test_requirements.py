from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house import requirements
from tests.house.requirements import ALL, ROOT, ROUGHLY, Requirement, notice

SKIPS = re.compile(r"pytest\.(?:skip|importorskip)\(|mark\.skip")
KNOWN = {"house/requirements.py", "house/test_requirements.py", "apply/mounts.py"}


def test_every_skip_is_a_requirement_that_is_told_before_the_run() -> None:
    tests = ROOT / "tests"
    skipping = {path.relative_to(tests).as_posix() for path in tests.rglob("*.py") if SKIPS.search(path.read_text())}
    assert skipping <= KNOWN


def test_what_is_skipped_is_told_with_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(requirements, "LAST_RUN", tmp_path / "none")
    monkeypatch.setattr(requirements, "ALL", (Requirement("moons", lambda: "no moon"), Requirement("suns", str)))
    assert notice() == f"make test takes {ROUGHLY}.\nSkipped here:\n  moons: no moon"
    monkeypatch.setattr(requirements, "ALL", (Requirement("suns", str),))
    (tmp_path / "none").write_text("754.3")
    assert notice() == "make test takes about 13 min here, as the last time.\nNothing is skipped here."


def test_every_requirement_can_be_asked() -> None:
    assert all(isinstance(one.lacks(), str) for one in ALL)
    assert all((ROOT / place).exists() for one in ALL for place in re.findall(r"tests/[\w/.]+", one.tests))
