"""Where results go that go into a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Shop
from tests.patience import PATIENCE_S

AS_OF = ("--as-of", "2026-11-22")


def test_what_is_no_file_is_written_into_and_not_replaced(shop: Shop, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        done = shop.run("members", "adults", "--live", *AS_OF, "-o", str(pipe))
        said, _ = reader.communicate(timeout=PATIENCE_S)
    assert done.code == 0
    assert pipe.is_fifo()
    assert len(said.split()) == 8


def test_a_file_that_is_there_keeps_its_mode_and_a_link_stays_a_link(shop: Shop, tmp_path: Path) -> None:
    private, link = tmp_path / "private.csv", tmp_path / "link.csv"
    private.touch(mode=0o600)
    link.symlink_to(private)
    assert shop.run("members", "adults", "--live", *AS_OF, "-o", str(link)).code == 0
    assert link.is_symlink()
    assert private.stat().st_mode & 0o777 == 0o600
    assert len(private.read_text().split()) == 8


def test_a_file_that_cannot_be_written_is_named(shop: Shop, tmp_path: Path) -> None:
    done = shop.run("plan", *AS_OF, "--out", str(tmp_path / "none" / "x.plan"))
    assert done.code == 1
    assert f"error: {tmp_path}/none/x.plan cannot be written: no such file or directory" in done.err


@pytest.mark.parametrize("option", ["--out", "--json-into", "--markdown-into"])
def test_no_plan_goes_over_a_definition(shop: Shop, option: str) -> None:
    file = shop.folder / "segments" / "adults.yaml"
    before = file.read_bytes()
    done = shop.run("plan", *AS_OF, option, str(file))
    assert done.code == 64
    assert "is a YAML file" in done.err
    assert file.read_bytes() == before


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_stream_that_is_closed_is_nowhere(shop: Shop, number: int) -> None:
    command = [sys.executable, "-m", "segctl", "-C", str(shop.folder), "apply", *AS_OF, "--auto-approve"]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {number}>&-', "sh", *command],
        env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert shop.run("doctor").code == 0
