"""Other processes that help to evaluate: a dead one is an error that says so, not a wrong answer."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from segctl.diagnostics import SegctlError
from segctl.engine.evaluate import evaluate
from segctl.index.update import Options, update
from segctl.logic.bound import Everyone
from segctl.model.project import Project
from segctl.progress import Silent
from tests.laws.shop import AS_OF, opened, us


class Killing(Silent):
    """Progress that kills all helpers as soon as something is done."""

    def advance(self, units: int = 1) -> None:
        super().advance(units)
        for process in multiprocessing.active_children():
            process.kill()


def test_a_helper_that_dies_is_told(tmp_path: Path) -> None:
    opened(tmp_path, [{"id": f"u{n}"} for n in range(50)], [[{"user": "u1", "event": "e", "time": 0}]])
    project = Project.model_validate({
        "kind": "project", "name": "shop", "users": {"path": "users.parquet", "id": "id"},
        "events": [{"path": "events*.parquet", "user": "user", "time": "time", "name": {"column": "event"}}],
    })  # fmt: skip
    view = update(tmp_path, project, tmp_path / "other", Silent(), Options(shards=8)).at(us(AS_OF))
    with pytest.raises(SegctlError, match="helper process died") as raised:
        evaluate(view, {"all": Everyone()}, {}, workers=3, progress=Killing())
    assert "memory" in raised.value.hint
    assert not multiprocessing.active_children()
    assert evaluate(view, {"all": Everyone()}, {}, workers=3, progress=Silent()).memberships["all"].sum() == 50
