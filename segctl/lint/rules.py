"""The table of rules: what each finds, and whether it needs the data."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.diagnostics import Diagnostic, Severity, Span


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; what it finds is a warning of this id."""

    id: str
    finds: str
    needs_data: bool = False

    def found(self, summary: str, span: Span | None, *, detail: str = "", hint: str = "") -> Diagnostic:
        """A finding of this rule."""
        return Diagnostic(self.id, summary, span, detail, hint, Severity.WARNING)


ALWAYS_TRUE = Rule("always-true", "A condition that is true of every user, or of every row.", needs_data=True)
ALWAYS_FALSE = Rule("always-false", "A condition that can be true of no user, or of no row.", needs_data=True)
NOBODY_POSSIBLE = Rule("nobody-possible", "A definition that can have no members.", needs_data=True)
NEGATIVES_UNDER_ANY = Rule(
    "negatives-under-any", "Two negative conditions on one value under `any`: a user who has one value lacks the other."
)
WINDOW_BEYOND_DATA = Rule(
    "window-beyond-data", "A window of which most, or all, lies before the first row of the data.", needs_data=True
)
UNUSED_SEGMENT = Rule(
    "unused-segment", "A segment that nothing refers to and that has no owner, in a project that has campaigns."
)
CIRCULAR_SEQUENCE = Rule(
    "circular-sequence", "A sequence without a limit in time whose last step can be the first step of the next round."
)
SINGLE_STEP = Rule("single-step", "A sequence of one step, which a condition on the event says as well.")
UNSEEN_VALUE = Rule("unseen-value", "A text that no row of the data has in this column.", needs_data=True)
UNKNOWN_EVENT = Rule("unknown-event", "An event name that no row of the data has.", needs_data=True)
NOT_YET = Rule("not-yet", "A setting that has no effect in this version.")
UNMARKED_CONTROL = Rule("unmarked-control", "A variant with the name of a control group that gets messages.")

RULES: tuple[Rule, ...] = (
    ALWAYS_TRUE,
    ALWAYS_FALSE,
    NOBODY_POSSIBLE,
    NEGATIVES_UNDER_ANY,
    CIRCULAR_SEQUENCE,
    SINGLE_STEP,
    WINDOW_BEYOND_DATA,
    UNSEEN_VALUE,
    UNKNOWN_EVENT,
    UNUSED_SEGMENT,
    NOT_YET,
    UNMARKED_CONTROL,
)
"""All that a comment can allow; an event name that is unknown is found when a definition is fitted to the data."""

BAD_ALLOWANCE = Rule("bad-allowance", "A `# segctl:` comment that names no rule, an unknown one, or no reason.")
IDLE_ALLOWANCE = Rule("idle-allowance", "A `# segctl: allow` comment where there is nothing to allow.")
"""What is wrong with the comments themselves; it cannot be allowed."""
