"""The refresh action: what it makes of segctl's exit codes, and the real command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.actions.running import Ran, Workplace

HELD = "held: segment vip, as it was published in serial 3\nPublished serial 4.\n"


def refresh(work: Workplace, tmp_path: Path, code: int, said: str, **inputs: str) -> Ran:
    work.event, work.event_name = {"repository": {"full_name": "acme/shop"}}, "schedule"
    fake = tmp_path / "fake-segctl"
    fake.write_text(f'#!/bin/bash\necho "$@" > "${{BASH_SOURCE[0]}}.asked"\ncat <<\'SAID\'\n{said}SAID\nexit {code}\n')
    fake.chmod(0o755)
    return work.run("refresh", segctl=str(fake), environment="prod", **inputs)


@dataclass(frozen=True)
class Case:
    """What segctl says and how it ends; how the step ends then."""

    code: int
    said: str
    ends: int
    fail_on_held: str = "false"
    published: str = "false"
    held: str = "false"


@pytest.mark.parametrize(
    "case",
    [
        Case(0, "Published serial 4.\n", 0, published="true"),
        Case(0, "No changes.\n", 0),
        Case(3, HELD, 0, published="true", held="true"),
        Case(3, HELD, 3, "true", published="true", held="true"),
        Case(3, "Plan: 1 to update\n", 3),
        Case(5, "", 5, "true"),
    ],
)
def test_what_is_published_and_held(work: Workplace, tmp_path: Path, case: Case) -> None:
    done = refresh(work, tmp_path, case.code, case.said, fail_on_held=case.fail_on_held)
    assert done.code == case.ends
    assert done.outputs == {"exit-code": str(case.code), "published": case.published, "held": case.held}
    assert ("### Refresh of prod: published, but a guard holds some resources" in done.summary) == (case.held == "true")
    assert ("::error::" in done.log) == bool(case.ends)
    assert ("::warning::" in done.log) == (case.held == "true" and case.fail_on_held == "false")


def test_inputs_become_flags(work: Workplace, tmp_path: Path) -> None:
    refresh(
        work, tmp_path, 0, "", all_or_nothing="true", select="tag:hourly\nvip", allow="max_exit:vip", reason="it is so",
        as_of="2026-11-22", lock_timeout="7",
    )  # fmt: skip
    assert (tmp_path / "fake-segctl.asked").read_text() == (
        "-C . refresh --lock-timeout 7 --all-or-nothing --as-of 2026-11-22 --reason it is so "
        "--select tag:hourly --select vip --allow max_exit:vip\n"
    )
