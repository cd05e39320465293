"""Warnings that comments in the definitions allow, and comments that allow nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from segctl.diagnostics import Diagnostic, Severity, did_you_mean
from segctl.lint.rules import BAD_ALLOWANCE, IDLE_ALLOWANCE, RULES
from segctl.load.allowances import Allowance

_KNOWN = {rule.id: rule for rule in RULES}
_FORM = "write `# segctl: allow RULE: reason`"


@dataclass(frozen=True)
class Allowed:
    """What is left to tell, with what is wrong with the comments, and what a comment allows."""

    told: tuple[Diagnostic, ...]
    allowed: tuple[Diagnostic, ...]


def allow(
    diagnostics: Sequence[Diagnostic], comments: Sequence[Allowance], *, complete: bool, with_data: bool
) -> Allowed:
    """Sort out what comments allow.

    Where not all could be looked for (`complete`), because something else is wrong or because the data was
    not read (`with_data`), a comment that allows nothing may yet do so.
    """
    right = [comment for comment in comments if comment.reason and all(rule in _KNOWN for rule in comment.rules)]
    allowed = [found for found in diagnostics if any(_allows(comment, found) for comment in right)]
    told = [found for found in diagnostics if found not in allowed]
    told += [wrong for comment in comments for wrong in _wrong(comment)]
    if complete:
        told += [wrong for comment in right for wrong in _idle(comment, allowed, with_data=with_data)]
    return Allowed(*(tuple(sorted(found, key=Diagnostic.sort_key)) for found in (told, allowed)))


def _allows(comment: Allowance, found: Diagnostic) -> bool:
    return found.severity is Severity.WARNING and found.code in comment.rules and comment.covers(found.span)


def _wrong(comment: Allowance) -> Iterator[Diagnostic]:
    if not comment.rules:
        yield BAD_ALLOWANCE.found("segctl does not understand this comment", comment.span, hint=_FORM)
        return
    for rule in comment.rules:
        if rule not in _KNOWN:
            rules = ", ".join(f"`{known}`" for known in _KNOWN)
            hint = did_you_mean(rule, _KNOWN) or f"the rules are {rules}"
            yield BAD_ALLOWANCE.found(f"there is no rule `{rule}`", comment.span, hint=hint)
    if not comment.reason:
        detail = "without a reason nothing is allowed"
        yield BAD_ALLOWANCE.found("the reason is missing", comment.span, detail=detail, hint=_FORM)


def _idle(comment: Allowance, allowed: Collection[Diagnostic], *, with_data: bool) -> Iterator[Diagnostic]:
    used = {found.code for found in allowed if _allows(comment, found)}
    for rule in comment.rules:
        if rule not in used and (with_data or not _KNOWN[rule].needs_data):
            yield IDLE_ALLOWANCE.found(
                f"there is nothing to allow: `{rule}` finds nothing here", comment.span, hint="remove the comment"
            )
