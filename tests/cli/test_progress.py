from __future__ import annotations

import io
import re
import time

import pytest

from segctl.cli.progress import Bar, Heartbeat, Timed
from segctl.cli.terminal import Stream, Terminal
from segctl.progress import Silent


def test_a_log_gets_a_line_every_ten_seconds_and_no_more() -> None:
    said: list[str] = []
    clock = iter([0.0, 4.0, 10.0, 10.0, 19.0, 20.5, 20.5])
    heartbeat = Heartbeat(said.append, lambda: next(clock))
    heartbeat.start("indexing", 2000)
    for _ in range(4):
        heartbeat.advance(500)
    heartbeat.finish()
    assert said == ["indexing: 1,000 of 2,000", "indexing: 2,000 of 2,000"]


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segctl.cli.progress.BAR_AFTER_S", 3600)  # a busy machine takes its time for three lines
    file = io.StringIO()
    bar = Bar(file, colour=False)
    bar.start("evaluating", 3)
    bar.advance()
    bar.finish()
    assert file.getvalue() == ""


def test_long_work_shows_a_bar_that_is_wiped() -> None:
    file = io.StringIO()
    bar = Bar(file, colour=False)
    bar.start("evaluating [all]", 3)
    time.sleep(0.6)
    bar.advance()
    bar.finish()
    assert "evaluating [all]" in file.getvalue()
    assert file.getvalue().endswith("\x1b[2K")


def test_quiet_means_no_talk_and_no_progress_but_results_and_complaints() -> None:
    out, err = io.StringIO(), io.StringIO()
    quiet = Terminal(
        Stream(out, colour=False, is_terminal=False), Stream(err, colour=False, is_terminal=True), quiet=True
    )
    quiet.talk("hello")
    quiet.detail("more")
    quiet.complain("broken")
    quiet.result("42")
    with quiet.progress() as progress:
        progress.start("x", 1)
        time.sleep(0.6)
        progress.advance()
    assert (out.getvalue(), err.getvalue()) == ("42\n", "broken\n")


def test_verbose_tells_once_how_long_a_step_took() -> None:
    said: list[str] = []
    timed = Timed(Silent(), said.append)
    timed.start("indexing", 2)
    timed.advance(2)
    timed.finish()
    timed.finish()
    assert len(said) == 1
    assert re.fullmatch(r"indexing: \d+\.\d\d s", said[0])
