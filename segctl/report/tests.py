"""What the definitions' own tests found."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from segctl.diagnostics import Diagnostic
from segctl.report.explain import branches
from segctl.report.explain_json import outcome_data
from segctl.report.problems import Lines, problem, problem_data
from segctl.report.text import plural
from segctl.workflow.definition_tests import TestResult, Wrong


def results(found: Sequence[TestResult], zone: str, lines: Lines) -> Text:
    """Every test, and of those that fail who is where, and why."""
    text = Text()
    for result in found:
        mark, style = ("✓", "green") if result.passed else ("✗", "bold red")
        text.append(f"{mark} ", style=style).append(result.name)
        text.append(f"  {plural(result.expectations, 'expectation')}\n", style="dim")
        for diagnostic in result.diagnostics:
            text.append_text(problem(diagnostic, lines))
        for wrong in result.wrong:
            text.append_text(_wrong(wrong, zone))
    failed = sum(not result.passed for result in found)
    text.append(f"{plural(len(found) - failed, 'test')} passed, {failed:,} failed\n", style="bold")
    return text


def _wrong(wrong: Wrong, zone: str) -> Text:
    expected = wrong.expected
    text = Text(f"    {expected.span}: " if expected.span else "    ")
    text.append(_sentence(wrong), style="red").append("\n")
    for outcome in wrong.outcome.children or (wrong.outcome,):
        text.append_text(branches(outcome, zone, 3))
    return text


def failures(found: Sequence[TestResult]) -> tuple[Diagnostic, ...]:
    """What is wrong, each where the test says otherwise: for annotations."""
    return tuple(
        diagnostic
        for result in found
        for diagnostic in (*result.diagnostics, *(_failure(result, wrong) for wrong in result.wrong))
    )


def _failure(result: TestResult, wrong: Wrong) -> Diagnostic:
    hint = f"`segctl test {result.name}` shows the result of every condition for the user"
    return Diagnostic("test-failed", _sentence(wrong), wrong.expected.span, f"in the test `{result.name}`", hint)


def _sentence(wrong: Wrong) -> str:
    kind, name = wrong.expected.key
    should, does = ("should be in", "is out") if wrong.expected.member else ("should be out of", "is in")
    return f"`{wrong.expected.user}` {should} {kind} {name}, and {does}"


def results_data(found: Sequence[TestResult]) -> dict[str, object]:
    """The tests for JSON."""
    failed = sum(not result.passed for result in found)
    return {
        "format_version": "1.0",
        "passed": len(found) - failed,
        "failed": failed,
        "tests": [_result_data(result) for result in found],
    }


def _result_data(result: TestResult) -> dict[str, object]:
    return {
        "name": result.name,
        "passed": result.passed,
        "expectations": result.expectations,
        "wrong": [_wrong_data(wrong) for wrong in result.wrong],
        "diagnostics": [problem_data(diagnostic) for diagnostic in result.diagnostics],
    }


def _wrong_data(wrong: Wrong) -> dict[str, object]:
    expected = wrong.expected
    return {
        "kind": expected.key[0],
        "name": expected.key[1],
        "user": expected.user,
        "expected": "in" if expected.member else "out",
        **({"file": expected.span.file, "line": expected.span.line} if expected.span else {}),
        "condition": outcome_data(wrong.outcome),
    }
