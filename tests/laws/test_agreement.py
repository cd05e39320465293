"""The engine equals the interpreter: 60 worlds on disk, 40 definitions over each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laws.agreement import disagreements


@pytest.mark.parametrize("seed", range(60))
def test_engine_and_interpreter_agree(seed: int, tmp_path: Path) -> None:
    assert not list(disagreements(seed, tmp_path, definitions=40))
