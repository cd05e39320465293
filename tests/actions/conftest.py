from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.github import GitHub, github
from tests.actions.running import ROOT, Workplace


@pytest.fixture
def hub() -> Iterator[GitHub]:
    """A GitHub with an empty pull request 7."""
    with github() as server:
        yield server


@pytest.fixture
def work(hub: GitHub, tmp_path: Path) -> Workplace:
    """A runner, and a project with one segment in its folder `shop`."""
    shop = tmp_path / "runner" / "shop"
    shutil.copytree(ROOT / "tests" / "house" / "tiny", shop)
    (shop / "segments" / "adults.yaml").write_text(
        "kind: segment\nname: adults\nwhere: {attribute: age, at_least: 18}\n", encoding="utf-8"
    )
    made = Workplace(tmp_path / "runner", hub.url, environ={"SEGCTL_COLOR": "never"})
    made.check_out(made.sha)
    hub.people = {"ada": "admin", "bob": "write", "mallory": "read"}
    hub.describe("Some words.")
    return made
