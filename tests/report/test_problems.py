from __future__ import annotations

from segctl.diagnostics import Diagnostic, Severity, Span
from segctl.report.annotations import github
from segctl.report.problems import as_data, problems
from segctl.report.text import render

WRONG = Diagnostic(
    "unknown-key",
    "unknown key `wher`",
    Span("segments/vip.yaml", 5, 1),
    "a segment has these keys",
    "did you mean `where`?",
)
ODD = Diagnostic("unseen-event", "no row is `purchas`", Span("segments/vip.yaml", 7, 10), severity=Severity.WARNING)
WHOLE = Diagnostic("not-utf-8", "not UTF-8: 50%\nof it", Span("segments/a,b.yaml"))


def test_a_problem_shows_its_line() -> None:
    lines = {Span("segments/vip.yaml", 5, 1): "wher:", Span("segments/vip.yaml", 7, 10): "  event: purchas"}
    assert render(problems([WRONG, ODD, WHOLE], lines), width=200, colour=False) == (
        "segments/vip.yaml:5:1: error[unknown-key]: unknown key `wher`\n"
        "    5 | wher:\n"
        "      | ^\n"
        "    a segment has these keys\n"
        "    hint: did you mean `where`?\n"
        "segments/vip.yaml:7:10: warning[unseen-event]: no row is `purchas`\n"
        "    7 |   event: purchas\n"
        "      |          ^\n"
        "segments/a,b.yaml: error[not-utf-8]: not UTF-8: 50%\n"
        "of it\n"
        "2 errors and 1 warning found\n"
    )


def test_a_long_line_is_cut_around_its_place() -> None:
    span = Span("a.yaml", 1, 5000)
    shown = render(
        problems([Diagnostic("x", "y", span)], {span: "a" * 4999 + "b" + "c" * 5000}), width=500, colour=False
    )
    line, caret = shown.splitlines()[1:3]
    assert line[caret.index("^")] == "b"
    assert len(line) < 120


def test_github_annotations_escape_what_they_must() -> None:
    assert github([WRONG, ODD, WHOLE]) == (
        "::error title=segctl unknown-key,file=segments/vip.yaml,line=5,col=1::"
        "unknown key `wher`%0Aa segment has these keys%0Ahint: did you mean `where`?\n"
        "::error title=segctl not-utf-8,file=segments/a%2Cb.yaml::not UTF-8: 50%25%0Aof it\n"
        "::warning title=segctl unseen-event,file=segments/vip.yaml,line=7,col=10::no row is `purchas`\n"
    )


def test_as_data() -> None:
    assert as_data([WRONG, ODD])["errors"] == 1
    assert as_data([ODD])["valid"] is True
    assert as_data([WHOLE])["diagnostics"] == [
        {
            "severity": "error", "code": "not-utf-8", "summary": "not UTF-8: 50%\nof it", "detail": "", "hint": "",
            "file": "segments/a,b.yaml",
        }
    ]  # fmt: skip
