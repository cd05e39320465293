"""Every exit code, provoked through the real command line in a process of its own; what comes before needs none."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode
from tests.cli.conftest import ROOT, Shop
from tests.held import hold_elsewhere
from tests.house.pages import exit_codes
from tests.patience import ends_in_time

DAY = ("--as-of", "2026-11-22")
APPLY = ("apply", "--auto-approve", *DAY)


def test_0_fine(shop: Shop) -> None:
    assert shop.process(*APPLY).returncode == ExitCode.OK


def test_1_failed(shop: Shop) -> None:
    assert shop.run("show", "nobody").code == ExitCode.FAILED
    shop.segment("adults", "{attribute: aeg, at_least: 18}")
    assert shop.run("plan", *DAY).code == ExitCode.FAILED
    assert shop.process("validate").returncode == ExitCode.FAILED


def test_2_changes_and_only_if_it_is_asked_for(shop: Shop) -> None:
    assert shop.process("plan", *DAY, "--detailed-exitcode").returncode == ExitCode.CHANGES
    assert shop.run(*APPLY).code == ExitCode.OK
    assert shop.run("plan", *DAY, "--detailed-exitcode").code == ExitCode.OK


def test_3_refused(shop: Shop) -> None:
    assert shop.run(*APPLY).code == ExitCode.OK
    shop.segment("adults", "{attribute: age, at_least: 90}", "guards: {max_exit: 10%}\n")
    assert shop.run("plan", *DAY).code == ExitCode.OK
    assert shop.process(*APPLY).returncode == ExitCode.REFUSED


def test_4_stale(shop: Shop) -> None:
    assert shop.run("plan", *DAY, "--out", "p.json").code == ExitCode.OK
    assert shop.run("apply", "p.json").code == ExitCode.OK
    assert shop.process("apply", "p.json").returncode == ExitCode.STALE


def test_4_damaged(shop: Shop) -> None:
    assert shop.run(*APPLY).code == ExitCode.OK
    record = shop.folder / ".segctl/records/000001.json"
    record.write_bytes(record.read_bytes().replace(b"adults", b"adulty"))
    assert shop.process("plan", *DAY).returncode == ExitCode.STALE


def test_5_locked(shop: Shop) -> None:
    hold_elsewhere(shop.folder / ".segctl")
    done = shop.process(*APPLY)
    assert done.returncode == ExitCode.LOCKED
    assert "bob on far" in done.stderr


def test_64_usage(shop: Shop) -> None:
    for line in (("plan", "--nonsense"), ("nonsense",), (), ("plan", "--as-of", "someday")):
        assert shop.run(*line).code == ExitCode.USAGE, line
    assert shop.process("apply").returncode == ExitCode.USAGE  # nobody is there to be asked


def test_70_a_bug(shop: Shop, tmp_path: Path) -> None:
    """A segctl that was installed halfway: one of its modules has nothing in it."""
    broken = "import sys, types\nsys.modules['segctl.report.inventory'] = types.ModuleType('half')\n"
    (tmp_path / "sitecustomize.py").write_text(broken)
    done = shop.process("list", PYTHONPATH=f"{tmp_path}:{ROOT}", TMPDIR=str(tmp_path))
    assert done.returncode == ExitCode.BUG, done.stderr
    assert "This is a mistake in segctl" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_130_and_143_stopped(shop: Shop, number: signal.Signals, code: ExitCode) -> None:
    with shop.waiting(*APPLY) as waiting:
        ends_in_time(waiting, number)
    assert waiting.returncode == code


def test_the_page_has_the_table_of_the_code() -> None:
    assert f"<!-- exit codes -->\n{exit_codes()}" in (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")


def test_every_code_has_a_test_here_a_meaning_and_what_to_do() -> None:
    tests = "".join(name for name, found in globals().items() if isinstance(found, Callable))  # type: ignore[arg-type]
    for code in ExitCode:
        assert f"_{code.value}_" in tests, code
        assert code.meaning.endswith("."), code
        assert code.mend or code is ExitCode.OK
    assert ExitCode(4) is ExitCode.STALE
    assert len({code.value for code in ExitCode}) == len(ExitCode) == 10
