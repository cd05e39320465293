"""Conditions that are true of everybody or of nobody, and definitions that nobody can be in."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic, Span
from segctl.lint.rules import ALWAYS_FALSE, ALWAYS_TRUE, NOBODY_POSSIBLE
from segctl.lint.subject import Subject, origin
from segctl.lint.verdicts import Verdict, verdicts
from segctl.logic import nodes

_TOGETHER = "its parts decide it together"


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """One finding for each condition that is certain; the rule is `nobody-possible` where it empties its definition."""
    for verdict in verdicts(subject):
        yield _empties(verdict) if verdict.nobody else _certain(verdict)


def _certain(verdict: Verdict) -> Diagnostic:
    rule = ALWAYS_TRUE if verdict.holds else ALWAYS_FALSE
    whom = "row" if verdict.on_rows else "user"
    summary = f"this is true of every {whom}" if verdict.holds else f"this can be true of no {whom}"
    why = _why(verdict)
    hint = "remove it, or fix what it asks" if verdict.holds else _mend(verdict)
    return rule.found(summary, _place(verdict), detail="" if why == summary else why, hint=hint)


def _empties(verdict: Verdict) -> Diagnostic:
    kind, name = verdict.key
    summary = f"no user can be in the {kind} `{name}`"
    return NOBODY_POSSIBLE.found(summary, _place(verdict), detail=_why(verdict), hint=_mend(verdict))


def _place(verdict: Verdict) -> Span | None:
    """The later one of two parts, else where the condition begins."""
    return origin(verdict.parts[1]) if verdict.parts else origin(verdict.node)


def _why(verdict: Verdict) -> str:
    """What goes together with the place, or that it is enough by itself."""
    whom = "row" if verdict.on_rows else "user"
    if verdict.parts is not None:
        at = origin(verdict.parts[0])
        if at is not None and at == _place(verdict):
            return _TOGETHER  # one condition: what it asks, and its `or_missing`
        other = f"the condition at {at}" if at else "another one"
        return f"every {whom} meets it or {other}" if verdict.holds else f"no {whom} can meet both it and {other}"
    if isinstance(verdict.node, nodes.All | nodes.Any) and len(verdict.node.of) > 1:
        return _TOGETHER
    return f"this is true of every {whom}" if verdict.holds else f"this can be true of no {whom}"


def _mend(verdict: Verdict) -> str:
    if verdict.parts and not verdict.holds:
        return "write `any` if one of the two is enough, or fix one of them"
    return "fix what it asks"
