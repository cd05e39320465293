"""The actions' own modules, imported as their scripts import them; and a runner's surroundings for them."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.actions.github import REPOSITORY, TOKEN
from tests.actions.running import ACTIONS

COMMON = str(ACTIONS / "common")


def module(name: str) -> Any:
    """A module of `.github/actions/common`."""
    if COMMON not in sys.path:
        sys.path.insert(0, COMMON)
    return importlib.import_module(name)


def runner(api: str, event: Mapping[str, Any], folder: Path, **environ: str) -> Any:
    """A `Runner` in this process, for one event."""
    path = folder / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    return module("runner").Runner({
        "GITHUB_API_URL": api, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_EVENT_PATH": str(path),
        "GITHUB_EVENT_NAME": "pull_request", "INPUT_GITHUB_TOKEN": TOKEN, "SEGCTL_ACTION_PAUSE": "0", **environ,
    })  # fmt: skip
