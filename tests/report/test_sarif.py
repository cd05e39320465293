from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft7Validator

from segctl.diagnostics import Diagnostic, Severity, Span
from segctl.lint.rules import RULES
from segctl.report.annotations import LONGEST, SHOWN, github
from segctl.report.json import dumps
from segctl.report.sarif import MOST, sarif
from tests.report.sarif_schema import SARIF

WRONG = Diagnostic("unknown-key", "unknown key `wher`", Span("segments/vip.yaml", 5, 3), "why", "did you mean `where`?")
ODD = Diagnostic("unseen-value", "no user has `fr`", Span("segments/a b.yaml", 7, 10), severity=Severity.WARNING)
WHOLE = Diagnostic("not-utf8", "not UTF-8", Span("segments/vip.yaml"))
NOWHERE = Diagnostic("bad-data", "no users")
LINES = {Span("segments/vip.yaml", 5, 3): "  wher:", Span("segments/vip.yaml", 9, 3): "  wher:"}


def run_of(*diagnostics: Diagnostic, lines: dict[Span, str] = LINES, folder: str = "") -> dict[str, Any]:
    written = json.loads(dumps(sarif(diagnostics, lines, "1.2.3", folder)))
    Draft7Validator(SARIF).validate(written)
    run: dict[str, Any] = written["runs"][0]
    return run


def marks(run: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]


def test_every_finding_has_a_rule_a_level_a_message_and_a_place() -> None:
    run = run_of(ODD, WRONG, WHOLE, NOWHERE)
    assert run["tool"]["driver"]["name"] == "segctl"
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        ("unknown-key", "error"), ("not-utf8", "error"), ("bad-data", "error"), ("unseen-value", "warning"),
    ]  # fmt: skip
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert run["results"][0]["message"]["text"] == "unknown key `wher`\nwhy\nHint: did you mean `where`?"
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0] == {
        "artifactLocation": {"uri": "segments/vip.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 5, "startColumn": 3},
    }
    assert [place["artifactLocation"]["uri"] for place in places[1:]] == [
        "segments/vip.yaml", "segments/segctl.yaml", "segments/a%20b.yaml",
    ]  # fmt: skip


def test_a_warning_that_can_be_allowed_says_how() -> None:
    rules = run_of(ODD)["tool"]["driver"]["rules"]
    assert "`# segctl: allow unseen-value: reason`" in rules[0]["help"]["markdown"]
    assert rules[0]["shortDescription"]["text"] == next(rule.finds for rule in RULES if rule.id == "unseen-value")


def test_names_of_files_begin_at_the_root_of_the_repository() -> None:
    outside = Diagnostic("bad-data", "x", Span("/data/users.csv", 2, 1))
    run = run_of(WRONG, outside, folder="audiences/shop")
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
    assert uris == [
        {"uri": "audiences/shop/segments/vip.yaml", "uriBaseId": "%SRCROOT%"},
        {"uri": "file:///data/users.csv"},
    ]


def test_a_fingerprint_stays_while_lines_move_and_is_of_one_finding_alone() -> None:
    moved = Diagnostic("unknown-key", WRONG.summary, Span("segments/vip.yaml", 9, 3), WRONG.detail, WRONG.hint)
    assert marks(run_of(WRONG)) == marks(run_of(moved))
    assert len(set(marks(run_of(WRONG, moved, ODD, WHOLE, NOWHERE)))) == 5
    assert marks(run_of(WRONG, moved))[0] == marks(run_of(WRONG))[0]


def test_errors_come_first_and_what_is_beyond_the_limit_is_counted() -> None:
    many = [Diagnostic("x", f"w{n}", Span("a.yaml", n + 1, 1), severity=Severity.WARNING) for n in range(MOST)]
    run = run_of(*many, WRONG)
    assert len(run["results"]) == MOST
    assert run["results"][0]["ruleId"] == "unknown-key"
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said == "1 more findings are left out"


def test_nothing_found_is_a_run_without_results() -> None:
    assert run_of()["results"] == []


def test_github_shows_few_of_a_step_so_errors_come_first_and_the_number_is_told() -> None:
    many = [Diagnostic("x", f"w{n}", Span("a.yaml", n + 1, 1), severity=Severity.WARNING) for n in range(SHOWN + 1)]
    lines = github([*many, WRONG], "shop").splitlines()
    assert lines[0].startswith("::error title=segctl unknown-key,file=shop/segments/vip.yaml,line=5,col=3::")
    assert (
        lines[-1] == "::notice title=segctl::11 warnings; GitHub shows the first 10 at their lines, and all in this log"
    )
    assert len(lines) == SHOWN + 3


def test_a_long_message_is_cut_and_cannot_begin_a_command() -> None:
    long = Diagnostic("x", "a\n::error::b\r" + "c" * 9_000, Span("a:b,c%.yaml", 1, 1))
    said = github([long])
    assert said.count("\n") == 1
    assert said.startswith("::error title=segctl x,file=a%3Ab%2Cc%25.yaml,line=1,col=1::a%0A::error::b%0Dccc")
    assert len(said) < LONGEST + 200
