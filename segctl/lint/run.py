"""All rules over all definitions."""

from __future__ import annotations

from segctl.diagnostics import Diagnostic
from segctl.lint import certain, circular, negatives, not_yet, single_step, unmarked_control, unseen, unused, windows
from segctl.lint.subject import Subject

_FINDERS = (certain, negatives, circular, single_step, windows, unseen, unused, not_yet, unmarked_control)


def findings(subject: Subject) -> tuple[Diagnostic, ...]:
    """What all rules find, each once, in the order of the places; rules that need data find nothing without."""
    found = dict.fromkeys(diagnostic for finder in _FINDERS for diagnostic in finder.findings(subject))
    return tuple(sorted(found, key=Diagnostic.sort_key))
