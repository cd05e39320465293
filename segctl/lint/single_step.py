"""Sequences of one step: a condition on the event says the same."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic
from segctl.lint.rules import SINGLE_STEP
from segctl.lint.subject import Subject, conditions
from segctl.logic.nodes import Sequence


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Sequences in which nothing comes after the first step: perhaps the others were forgotten."""
    for definition in subject.definitions.values():
        for found in conditions(definition.logic):
            if isinstance(found.node, Sequence) and len(found.node.steps) == 1:
                yield _finding(found.node)


def _finding(sequence: Sequence) -> Diagnostic:
    return SINGLE_STEP.found(
        "a sequence of one step",
        sequence.steps[0].rows.origin or sequence.origin,
        detail="it holds for every user with such an event",
        hint="add the step that follows, or write the event alone: `event: purchase` with the same `where` and window",
    )
