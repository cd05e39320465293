"""Diagnostics as SARIF 2.1.0, which code scanning reads."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from segctl.diagnostics import Diagnostic, Severity, Span
from segctl.lint.rules import BAD_ALLOWANCE, IDLE_ALLOWANCE, RULES
from segctl.load.files import FOLDER, PROJECT_FILE
from segctl.report.annotations import in_repository
from segctl.report.problems import Lines, by_severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST = 5_000
"""GitHub keeps so many results of one run; errors come first, what is beyond is counted in a notification."""

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning"}
_PRINT = "primaryLocationLineHash"
"""The fingerprint by which GitHub knows an alert again; it looks at no other."""

_NOWHERE = Span(f"{FOLDER}/{PROJECT_FILE}", 1, 1)
"""Where something is told that is about no place; GitHub takes no result without one."""
_WARNED = {rule.id: rule.finds for rule in (*RULES, BAD_ALLOWANCE, IDLE_ALLOWANCE)}


def sarif(diagnostics: Sequence[Diagnostic], lines: Lines, version: str, folder: str = "") -> dict[str, object]:
    """One run; what comments allow is not among the diagnostics, since GitHub takes no suppressions.

    `lines` are the source lines, `folder` is where the files' names begin, from the repository's root.
    """
    told = list(by_severity(diagnostics))[:MOST]
    codes = sorted({diagnostic.code for diagnostic in told})
    numbers = {code: number for number, code in enumerate(codes)}
    prints = _prints(told, lines, folder)
    results = [_result(one, numbers[one.code], mark, folder) for one, mark in zip(told, prints, strict=True)]
    driver = {"name": "segctl", "version": version, "rules": [_rule(code, told) for code in codes]}
    run: dict[str, object] = {
        "tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results,
    }  # fmt: skip
    left = len(diagnostics) - len(told)
    if left:
        text = f"{left:,} more findings are left out"
        notes = [{"level": "warning", "message": {"text": text}}]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, told: Sequence[Diagnostic]) -> dict[str, object]:
    """What a rule finds, for the page of an alert."""
    severity = next(diagnostic.severity for diagnostic in told if diagnostic.code == code)
    words = code.replace("-", " ")
    short = _WARNED.get(code) or f"{words[:1].upper()}{words[1:]}."
    allow = f" `# segctl: allow {code}: reason` beside it, or above, allows it." if code in _WARNED else ""
    text = f"{short} `segctl validate` reports what is wrong at each place, and how to fix it.{allow}"
    return {
        "id": code,
        "shortDescription": {"text": short},
        "fullDescription": {"text": short},
        "help": {"text": text.replace("`", ""), "markdown": text},
        "defaultConfiguration": {"level": _LEVEL[severity]},
        "properties": {"tags": ["segctl"], "problem.severity": _LEVEL[severity]},
    }


def _result(diagnostic: Diagnostic, rule: int, mark: str, folder: str) -> dict[str, object]:
    said = [diagnostic.summary, diagnostic.detail, f"Hint: {diagnostic.hint}" if diagnostic.hint else ""]
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVEL[diagnostic.severity],
        "message": {"text": "\n".join(part for part in said if part)},
        "partialFingerprints": {_PRINT: mark},
    }
    result["locations"] = [_location(diagnostic.span or _NOWHERE, folder)]
    return result


def _location(span: Span, folder: str) -> Mapping[str, object]:
    name = in_repository(span.file, folder)
    place: dict[str, object] = {"uri": f"file://{quote(name)}" if name.startswith("/") else quote(name)}
    if not name.startswith("/"):
        place["uriBaseId"] = "%SRCROOT%"
    physical: dict[str, object] = {"artifactLocation": place}
    physical["region"] = {"startLine": max(span.line, 1), "startColumn": max(span.column, 1)}
    return {"physicalLocation": physical}


def _prints(told: Sequence[Diagnostic], lines: Lines, folder: str) -> list[str]:
    """A mark for each that stays while lines come and go: of rule, file and line, and the number among equals."""
    seen: Counter[str] = Counter()
    marks = []
    for diagnostic in told:
        span = diagnostic.span
        file = in_repository(span.file, folder) if span else ""
        line = lines.get(span, "").strip() if span else ""
        said = f"{diagnostic.code}\n{file}\n{line}\n{diagnostic.summary}"
        mark = hashlib.sha256(said.encode()).hexdigest()[:32]
        seen[mark] += 1
        marks.append(f"{mark}:{seen[mark]}")
    return marks
