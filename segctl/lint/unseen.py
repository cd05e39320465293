"""Texts that no row has: nearly always a misspelt one."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic, did_you_mean
from segctl.lint.compared import Comparison, comparisons
from segctl.lint.rules import UNSEEN_VALUE
from segctl.lint.subject import Subject
from segctl.logic.bound import Scope
from segctl.logic.letters import lower_case

MOST_COMPARED = 2_000
"""Among more texts none is looked for that is spelt alike."""

_FEW = 8


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Literals that none of their columns has; columns without any text, or full of different ones, are let be."""
    facts = subject.facts
    if facts is None:
        return
    campaigns = {name for kind, name in subject.graph.links if kind == "campaign"}
    for comparison in comparisons(subject, facts):
        if comparison.text in campaigns and not comparison.written:
            continue  # it is defined, and need not have been sent yet
        if any(column not in facts.texts for column in comparison.columns):
            continue
        seen = frozenset().union(*(facts.texts[column] for column in comparison.columns))
        if seen and not _is_seen(comparison, seen):
            yield _finding(comparison, seen)


def _is_seen(comparison: Comparison, seen: frozenset[str]) -> bool:
    if not comparison.ignore_case:
        return comparison.text in seen
    return lower_case(comparison.text) in map(lower_case, seen)


def _finding(comparison: Comparison, seen: frozenset[str]) -> Diagnostic:
    attribute = all(column.scope is Scope.ATTRIBUTE for column in comparison.columns)
    return UNSEEN_VALUE.found(
        f"no {'user' if attribute else 'row'} has {_shown(comparison.text)} in {comparison.words}",
        comparison.span,
        detail=_what_there_is(comparison, seen),
        hint=_meant(comparison.text, seen) or "mend it, or say beside it why: `# segctl: allow unseen-value: reason`",
    )


def _shown(text: str) -> str:
    return f"`{text}`" if text else "the empty text"


def _what_there_is(comparison: Comparison, seen: frozenset[str]) -> str:
    of = " or ".join(f"`{column.of}`" for column in comparison.columns if column.of)
    listed = ", ".join(_shown(text) for text in sorted(seen)[:_FEW])
    more = f" and {len(seen) - _FEW:,} more" if len(seen) > _FEW else ""
    return f"{of + ' has' if of else 'the users have'} {listed}{more}"


def _meant(text: str, seen: frozenset[str]) -> str:
    """A text that differs in case and spaces only, or is spelt alike."""
    plain = _plain(text)
    same = sorted(one for one in seen if _plain(one) == plain)
    if same:
        return f"did you mean {' or '.join(f'`{one}`' for one in same[:3])}?"
    return did_you_mean(text, seen) if len(seen) <= MOST_COMPARED else ""


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
