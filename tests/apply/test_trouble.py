"""A full disk and a folder that is none: the cause in one line, and the state whole."""

from __future__ import annotations

import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.apply.shop import ADULTS, BUYERS, Shop
from tests.held import hold_elsewhere
from tests.patience import until

ROOT = Path(__file__).resolve().parents[2]


def segctl(shop: Shop, *arguments: str, largest: int = 1 << 30) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, that cannot write a file larger than so many bytes."""
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (largest, largest))
    return subprocess.run(
        [sys.executable, "-m", "segctl", "-C", str(shop.root), *arguments], env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, preexec_fn=limit,
    )  # fmt: skip


def test_when_the_record_cannot_be_written_the_old_serial_holds(shop: Shop) -> None:
    shop.define(ADULTS)
    assert segctl(shop, "apply", "--auto-approve", "--as-of", "2026-01-10").returncode == 0
    shop.define(ADULTS, BUYERS)
    until(lambda: _plan_leaves_the_index_settled(shop), "files that are no longer just written")
    full = segctl(shop, "apply", "--auto-approve", "--as-of", "2026-01-10", largest=1_000)
    assert full.returncode == 1
    assert "error: cannot write `.segctl/records/000002.json`: File too large\n" in full.stderr
    assert "Traceback" not in full.stderr
    assert shop.serial() == 1
    assert shop.members("adults") == "bcdef"
    assert not (shop.root / ".segctl/lock.json").exists()
    assert not list((shop.root / ".segctl").rglob(".tmp-*"))
    assert segctl(shop, "apply", "--auto-approve", "--as-of", "2026-01-10").returncode == 0
    assert shop.members("buyers") == "abc"


def _plan_leaves_the_index_settled(shop: Shop) -> bool:
    """Whether the index has all that it needs, and the next command does not look at the files once more."""
    assert segctl(shop, "plan", "--as-of", "2026-01-10").returncode == 0
    return '"settled":false' not in (shop.root / ".segctl/index/manifest.json").read_text()


def test_a_state_that_is_no_folder_is_told_in_one_line(shop: Shop) -> None:
    shop.define(ADULTS)
    (shop.root / ".segctl").write_text("not a folder")
    told = segctl(shop, "apply", "--auto-approve", "--as-of", "2026-01-10")
    assert told.returncode == 1
    assert told.stderr.startswith("error: cannot write `.segctl/lock.json`: ")
    assert "Traceback" not in told.stderr


def test_the_lock_of_somebody_else_is_exit_5_and_names_them(shop: Shop) -> None:
    shop.define(ADULTS)
    hold_elsewhere(shop.root / ".segctl")
    told = segctl(shop, "apply", "--auto-approve", "--as-of", "2026-01-10")
    assert told.returncode == 5
    assert "the state is locked: `refresh` by bob on far (process 7, since 2026-01-10T00:00:00Z)" in told.stderr
    assert "`segctl unlock` breaks it" in told.stderr
