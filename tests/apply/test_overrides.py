"""What is let pass has a reason, and stands in the history."""

from __future__ import annotations

import json
import re

import pytest

from segctl.diagnostics import Refused, Usage
from segctl.plan.allowances import idle, used
from segctl.plan.plan import Allowance
from segctl.progress import Silent
from segctl.state.record import Override
from segctl.workflow.apply import apply
from segctl.workflow.refresh import refresh
from segctl.workflow.request import Request, Unasked
from tests.apply.shop import ADULTS, NOON, NOON_US, Shop, run, segment

LIMITED = segment("adults", {"attribute": "age", "at_least": 18}, guards={"max_exit": "10%", "min_members": 2})
OLDER = segment("adults", {"attribute": "age", "at_least": 60}, guards={"max_exit": "10%", "min_members": 2})


@pytest.fixture
def shrinking(shop: Shop) -> Shop:
    """A segment of three, which would lose two of them: more than its limit, and fewer than it must have."""
    shop.users("a,20", "b,40", "c,70")
    shop.define(LIMITED)
    shop.apply()
    shop.define(OLDER)
    return shop


def test_what_was_let_pass_is_in_the_record_with_its_reason_and_what_covered_nothing_is_not(shrinking: Shop) -> None:
    done = shrinking.apply(NOON, "max_exit:adults", "min_members", "max_enter:adults", "max_removed")
    kept = (Override("max_exit", "adults", "it is meant"), Override("min_members", None, "it is meant"))
    assert (done.serial, done.overrides) == (2, kept)
    assert [record.overrides for record in shrinking.records()] == [kept, ()]
    assert used(done.prepared.plan) == (Allowance("max_exit", "adults"), Allowance("min_members"))
    assert idle(done.prepared.plan) == (Allowance("max_enter", "adults"), Allowance("max_removed"))


def test_a_message_names_the_flag_with_the_reason(shrinking: Shop) -> None:
    with pytest.raises(Refused) as refused:
        shrinking.apply()
    assert len(refused.value.reasons) == 2
    for reason in refused.value.reasons:
        assert re.search(r'pass `--allow \w+:adults --reason "\.\.\."`$', reason), reason


@pytest.mark.parametrize("reason", ["", " \t\n"])
def test_without_a_reason_nothing_is_let_pass_and_nothing_is_touched(shop: Shop, reason: str) -> None:
    shop.users("a,20")
    shop.define(ADULTS)
    asked = Request(NOON_US, NOON, ("max_exit",), reason=reason)
    with pytest.raises(Usage, match="`--allow` needs a reason"):
        apply(shop.root, asked, run(), Unasked(), Silent())
    assert shop.serial() == 0
    shop.apply()
    with pytest.raises(Usage, match="`--allow` needs a reason"):
        refresh(shop.root, asked, run(), Unasked(), Silent())
    assert shop.serial() == 1


def test_a_reason_for_nothing_is_told(shop: Shop) -> None:
    shop.users("a,20")
    shop.define(ADULTS)
    with pytest.raises(Usage, match="`--reason` goes with `--allow`"):
        apply(shop.root, Request(NOON_US, NOON, reason="just so"), run(), Unasked(), Silent())


def test_a_plan_needs_no_reason(shrinking: Shop) -> None:
    assert not [f for f in shrinking.plan(NOON, "max_exit", "min_members").findings() if f.stops]


def test_a_refresh_keeps_them_too_on_one_line(shop: Shop) -> None:
    shop.users("a,20", "b,40")
    shop.define(LIMITED)
    shop.apply()
    shop.users("a,20", "b,4")
    asked = Request(NOON_US, NOON, ("max_exit", "min_members"), reason="  the import\n of Monday ")
    done = refresh(shop.root, asked, run(), Unasked(), Silent())
    assert {override.reason for override in done.overrides} == {"the import of Monday"}
    assert shop.records()[0].overrides == done.overrides


def test_the_command_says_it_all(shrinking: Shop, capfd: pytest.CaptureFixture[str]) -> None:
    from segctl.cli.main import main

    line = ["-C", str(shrinking.root), "apply", "--auto-approve", "--as-of", NOON, "--format", "json"]
    assert main([*line, "--allow", "max_exit:adults"]) == 64
    assert capfd.readouterr().err.startswith("error: `--allow` needs a reason\n  hint: add `--reason")
    allowed = ["--allow", "max_exit:adults", "--allow", "min_members", "--allow", "max_removed"]
    assert main([*line, *allowed, "--reason", "lapsed"]) == 0
    told = capfd.readouterr()
    assert told.err == "note: `--allow max_removed` had no effect\n"
    assert json.loads(told.out)["overrides"] == [
        {"rule": "max_exit", "name": "adults", "reason": "lapsed"},
        {"rule": "min_members", "name": None, "reason": "lapsed"},
    ]
