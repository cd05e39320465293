"""explain agrees with the engine: 4 worlds on disk here; by the ten thousand: `python -m benchmarks.explain`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laws.explaining import explained


@pytest.mark.parametrize("seed", range(4))
def test_explain_agrees_with_the_engine_and_with_itself(seed: int, tmp_path: Path) -> None:
    told = explained(seed, tmp_path)
    assert told.wrong == ()
    assert told.pairs >= 300
    assert told.flips > 0
