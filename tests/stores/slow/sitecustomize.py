"""Loaded by every Python that finds this folder in PYTHONPATH: another machine's clock, and work that waits.

`CLOCK_HOURS` moves the clock; `WAIT_AT=execute` writes a file `ready` under the lock, right before the
first write, and goes on when there is a file `go`.
"""

from __future__ import annotations

import os
import sys
import time
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

_TOLD = time.time
_HOURS = float(os.environ.get("CLOCK_HOURS", "0"))

if _HOURS:
    time.time = lambda: _TOLD() + _HOURS * 3600


class _Waiting(Loader):
    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        execute = module.execute

        def later(*arguments: Any) -> None:
            Path("ready").touch()
            while not Path("go").exists():
                time.sleep(0.01)
            execute(*arguments)

        module.execute = later  # type: ignore[attr-defined]


class _Find(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != "segctl.apply.execute":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None:
            spec.loader = _Waiting(spec.loader)
        return spec


if os.environ.get("WAIT_AT") == "execute":
    sys.meta_path.insert(0, _Find())
