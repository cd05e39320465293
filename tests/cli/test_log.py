"""`--log-format json`: what a collector of logs gets, line by line."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from segctl.cli.log import Log, Steps, hidden, is_wanted
from tests.cli.conftest import Outcome, Shop

DAY = ("--as-of", "2026-11-22")
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def lines(done: Outcome) -> list[dict[str, Any]]:
    """Every line of stderr, each whole JSON; the last one is the exit code."""
    found = [json.loads(line) for line in done.err.splitlines()]
    for line in found:
        assert TIME.fullmatch(line["time"]), line
        assert line["level"] in {"debug", "info", "warning", "error"}
    assert (found[-1]["event"], found[-1]["exit_code"]) == ("exit", done.code)
    return found


def logged(shop: Shop, *arguments: str) -> list[dict[str, Any]]:
    return lines(shop.run("--log-format", "json", *arguments))


def test_an_apply_is_told_step_by_step(shop: Shop) -> None:
    done = shop.run("--log-format", "json", "apply", "--auto-approve", *DAY)
    said = lines(done)
    steps = {line["step"]: line for line in said if line["event"] == "step"}
    assert set(steps) == {
        "reading data/users.csv", "reading data/orders.csv", "indexing columns of data/users.csv",
        "evaluating", "publishing",
    }  # fmt: skip
    for line in steps.values():
        assert isinstance(line["duration_ms"], int)
        assert line["counts"]["done"] == line["counts"]["total"] >= 1
    [published] = [line for line in said if line["event"] == "published"]
    assert (published["serial"], published["operation"]) == (1, "apply")
    assert published["counts"] == {"changes": 1, "unchanged": 0, "held": 0, "entered": 8, "exited": 0}
    assert [line["message"] for line in said if line["event"] == "note"] == ["1 event at or after as_of is not seen"]
    assert done.out.endswith("Published serial 1.\n")
    assert done.code == 0


def test_results_stay_what_they_are(shop: Shop) -> None:
    assert shop.run("plan", *DAY, "--format", "json").out == shop.run(
        "--log-format", "json", "plan", *DAY, "--format", "json"
    ).out  # fmt: skip


def test_the_environment_asks_for_it_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGCTL_LOG_FORMAT", "json")
    assert lines(shop.run("plan", "--nonsense"))[0]["message"].startswith("no such option")
    assert "Publish exactly" in shop.run("--log-format", "human", "plan", *DAY).out


def test_quiet_leaves_errors_and_the_exit_code(shop: Shop) -> None:
    assert [line["event"] for line in logged(shop, "-q", "plan", *DAY)] == ["exit"]
    assert [line["event"] for line in logged(shop, "-q", "show", "nobody")] == ["error", "exit"]


def test_wrong_definitions_are_a_line_each_with_their_place(shop: Shop) -> None:
    shop.segment("typo", "{attribute: age, at_lest: 18}")
    shop.segment("gone", "{segment: nowhere}")
    errors = [line for line in logged(shop, "plan") if line["event"] == "error"]
    assert {line["file"] for line in errors} == {"segments/typo.yaml", "segments/gone.yaml"}
    assert all(line["line"] == 3 and line["code"] and line["message"] for line in errors)


def test_guards_are_told_with_the_code_3(shop: Shop) -> None:
    assert shop.run("apply", "--auto-approve", *DAY).code == 0
    shop.segment("adults", "{attribute: age, at_least: 90}", "guards: {max_exit: 10%}\n")
    said = logged(shop, "apply", "--auto-approve", *DAY)
    assert [line["event"] for line in said][-2:] == ["refused", "exit"]
    assert said[-1]["exit_code"] == 3
    assert "max_exit" in said[-2]["message"]


@pytest.mark.parametrize("line", [("explain", "adults", "--user", "zoe"), ("explain", "adults", "--user=zoe"),
                                  ("user", "zoe")])  # fmt: skip
def test_ids_on_the_command_line_are_hidden(shop: Shop, line: tuple[str, ...]) -> None:
    done = shop.run("--log-format", "json", *line)
    assert "there is no user `…`" in lines(done)[-2]["message"]
    assert "zoe" not in done.err


def test_examples_out_of_the_data_are_left_out(shop: Shop) -> None:
    with (shop.folder / "data/users.csv").open("a") as file:
        file.write("ada,FR,true,36,2024-02-29\n")
    done = shop.run("--log-format", "json", "plan", *DAY)
    assert any("data/users.csv" in line.get("message", "") for line in lines(done))
    assert "ada" not in done.err
    assert done.code == 1


def test_nobody_is_asked_in_a_log(shop: Shop) -> None:
    assert logged(shop, "apply", *DAY)[-1]["exit_code"] == 64


def test_a_long_step_says_every_ten_seconds_how_far_it_is() -> None:
    said: list[str] = []
    clock = iter([0.0, 0.0, 4.0, 10.0, 19.0, 20.5, 21.0])
    log = Log(said.append, now=lambda: datetime(2026, 11, 22, tzinfo=UTC), clock=lambda: next(clock))
    steps = Steps(log)
    steps.start("evaluating", 2_000)
    for _ in range(4):
        steps.advance(500)
    steps.finish()
    steps.finish()
    assert [json.loads(line) for line in said] == [
        {
            "time": "2026-11-22T00:00:00.000Z", "level": "info", "event": event, "step": "evaluating",
            "duration_ms": duration, "counts": {"done": done, "total": 2_000},
        }
        for event, duration, done in (("progress", 10_000, 1_000), ("progress", 20_500, 2_000), ("step", 21_000, 2_000))
    ]  # fmt: skip


def test_a_text_of_several_lines_is_a_line_for_each_message() -> None:
    said: list[str] = []
    Log(said.append).say("warning: old\n  because of this\n  hint: mend it\n\nnote: 3 left out\nplainly said\n")
    found = [json.loads(line) for line in said]
    assert [(f["level"], f["event"], f["message"], f.get("hint")) for f in found] == [
        ("warning", "warning", "old; because of this", "mend it"),
        ("info", "note", "3 left out", None),
        ("info", "message", "plainly said", None),
    ]


def test_what_is_asked_for_is_known_before_the_line_is_read() -> None:
    assert is_wanted(["--log-format", "json", "plan"], {})
    assert is_wanted(["--log-format=json"], {"SEGCTL_LOG_FORMAT": "human"})
    assert not is_wanted(["--log-format", "human"], {"SEGCTL_LOG_FORMAT": "json"})
    assert is_wanted(["plan"], {"SEGCTL_LOG_FORMAT": "json"})
    assert not is_wanted(["plan", "--log-format"], {})
    assert hidden(["explain", "x", "--user", "a", "--user=b"]) == ("a", "b")
    assert hidden(["-q", "user", "c", "--as-of=2026-01-01"]) == ("c",)
