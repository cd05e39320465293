"""How long a whole run takes is kept, so that the next one can say it first."""

from __future__ import annotations

import time

import pytest

_BEGAN = pytest.StashKey[float]()


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[_BEGAN] = time.monotonic()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    whole = config.args == config.getini("testpaths") and not config.option.keyword and not config.option.markexpr
    if whole and exitstatus == pytest.ExitCode.OK and not hasattr(config, "workerinput") and config.cache is not None:
        config.cache.set("segctl/whole_run", round(time.monotonic() - config.stash[_BEGAN], 1))
