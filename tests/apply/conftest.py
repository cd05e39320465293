from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from segctl.cli.main import main
from tests.apply.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Users a to f of ages 10 to 60; purchases: a once, b twice, c three times, all in January."""
    made = Shop(tmp_path)
    made.users("a,10", "b,20", "c,30", "d,40", "e,50", "f,60")
    made.events("a,purchase,2", "b,purchase,3", "b,purchase,4", "c,purchase,5", "c,purchase,6", "c,purchase,7")
    return made


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def segctl(shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command line on the shop, in this process."""

    def run(*arguments: str) -> Said:
        monkeypatch.chdir(shop.root)
        code = main(arguments)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run
