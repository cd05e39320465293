"""Sequences that go round: the last step can be the first one of the next round."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic
from segctl.lint.rules import CIRCULAR_SEQUENCE
from segctl.lint.subject import Subject, conditions
from segctl.logic.nodes import Names, Sequence, Step
from segctl.logic.normalise import normalise


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Sequences whose first and last steps are the same, and that nothing holds together.

    Whoever does these things again and again meets such a sequence from any of its steps on, in any order. With
    a limit (`after_previous` on a step, or `complete_within`), or a `no` in between, it says something: coming
    back soon, or after a while, or without something.
    """
    for definition in subject.definitions.values():
        for found in conditions(definition.logic):
            if isinstance(found.node, Sequence) and goes_round(found.node):
                yield _finding(found.node)


def goes_round(sequence: Sequence) -> bool:
    """Whether the first step can follow the last, and nothing says how soon, how late, or without what."""
    steps = sequence.steps
    if sequence.complete_within_us is not None or any(map(_says_more, steps)):
        return False
    return len(steps) > 1 and _same(steps[0], steps[-1])


def _says_more(step: Step) -> bool:
    return step.absent or step.within_us is not None or step.more_than_us not in (None, 0)


def _same(one: Step, other: Step) -> bool:
    """Whether each row of the one step could be a row of the other."""
    return _alike(one.rows.names, other.rows.names) and normalise(one.rows.where) == normalise(other.rows.where)


def _alike(one: Names, other: Names) -> bool:
    return (sorted(set(one.exact)), one.prefix) == (sorted(set(other.exact)), other.prefix)


def _finding(sequence: Sequence) -> Diagnostic:
    last = sequence.steps[-1]
    between = len(sequence.steps) > 2  # noqa: PLR2004 the first and the last one
    again = "add a time limit: `after_previous: {within: 7d}` on a step, or `complete_within`"
    return CIRCULAR_SEQUENCE.found(
        "the last step is the first one again, and there is no time limit",
        last.rows.origin or sequence.origin,
        detail="a user who repeats the steps meets it from any of them on",
        hint=again if between else f"{again}; for doing it twice at any time write `count: {{at_least: 2}}`",
    )
