"""Why a user is in or out, for machines; `schema/explain.schema.json` says what stands where."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from segctl.diagnostics import Span
from segctl.logic.bound import At, Date
from segctl.logic.calendar import date_text
from segctl.logic.change import Change
from segctl.logic.describe import clause
from segctl.logic.nodes import (
    Engagement,
    EventMissing,
    EventTest,
    Node,
    Not,
    Place,
    Rfm,
    Sequence,
    TraitValue,
    Value,
    YearlyBetween,
    YearlyWithin,
)
from segctl.logic.outcome import Outcome, Seen
from segctl.logic.phrase import BE
from segctl.logic.phrases import tested, yearly_words
from segctl.plan.variants import Given
from segctl.report.explain import because, headline, label
from segctl.report.wants import want
from segctl.state.instants import to_text
from segctl.workflow.explain import Explained

FORMAT_VERSION = "1.1"


def as_data(explained: Explained) -> dict[str, object]:
    """The verdict, the tree, the smallest change and the flip."""
    kind, name = explained.key
    smallest = explained.smallest
    return {
        "format_version": FORMAT_VERSION,
        "kind": kind,
        "name": name,
        "user": explained.user,
        "as_of": to_text(explained.as_of_us),
        "holds": explained.outcome.holds,
        **variant_data(explained.variant),
        "headline": headline(explained),
        "because": because(explained.outcome, explained.zone),
        "tree": outcome_data(explained.outcome),
        "smallest_change": None if smallest is None else {
            "least": smallest.least,
            "conditions": [_change(change, explained.zone) for change in smallest.changes],
        },
        "flips_at": None if explained.flip.us is None else to_text(explained.flip.us),
        "flip_known": explained.flip.known,
    }  # fmt: skip


def variant_data(variant: Given | None) -> dict[str, object]:
    """The variant of a campaign's member; nothing where there is none."""
    return {} if variant is None else {"variant": variant.name, "control": variant.control}


def outcome_data(outcome: Outcome) -> dict[str, object]:
    """A condition and what is below it."""
    data: dict[str, object] = {"says": label(outcome.node), "place": place(outcome.node), "holds": outcome.holds}
    asked = _asked(outcome.node)
    if asked is not None:
        data["asked"] = asked
    if asked is not None or outcome.actual is not None:
        data["actual"] = plain_value(outcome.actual)
    if outcome.begins is not None:
        data["begins"] = plain_value(outcome.begins)
    if outcome.seen is not None:
        data["rows"] = _seen(outcome.seen)
    if outcome.published_us is not None:
        data["published"] = to_text(outcome.published_us)
    data["children"] = [outcome_data(child) for child in outcome.children]
    return data


def _change(change: Change, zone: str) -> dict[str, object]:
    outcome = change.outcome
    return {
        "says": want(change, zone),
        "condition": clause(outcome.node),
        "place": place(outcome.node),
        "becomes": change.becomes,
    }


def place(node: Node) -> str | None:
    """Where a condition stands: `file:line:column`; None where it is made up of others."""
    while isinstance(node, Not):
        node = node.of
    origin = getattr(node, "origin", None)
    if origin is None and isinstance(node, EventMissing):
        origin = node.rows.origin
    return str(origin) if isinstance(origin, Span) else None


def _asked(node: Node) -> str | None:
    """What is asked of a value, or of what was measured."""
    match node:
        case Value() | TraitValue() | Place() | Engagement() | Rfm() | Sequence():
            return label(node)
        case EventTest(_, _, YearlyWithin() | YearlyBetween() as test):
            return f"anniversary {yearly_words(test)}"
        case EventTest(_, _, test):
            said = tested(test, holds=True)
            return said.rest if said.verb is BE else said.said()
        case EventMissing():
            return "missing"
        case _:
            return None


def _seen(seen: Seen) -> dict[str, object]:
    return {
        "total": seen.total, "matching": seen.matching, "counted": seen.counted, "later": seen.later,
        "first": None if seen.first_us is None else to_text(seen.first_us),
        "last": None if seen.last_us is None else to_text(seen.last_us),
    }  # fmt: skip


def plain_value(value: object) -> object:  # noqa: PLR0911 one for each type
    """A user's value as JSON says it: dates and times as text, fractions as the nearest number."""
    match value:
        case At(us):
            return to_text(us)
        case Date(days):
            return date_text(days)
        case Fraction() | Decimal():
            return float(value) if isinstance(value, Fraction) else value
        case float() if value in (float("inf"), float("-inf")):
            return str(value)
        case dict():
            return {name: plain_value(inner) for name, inner in value.items()}
        case list():
            return [plain_value(element) for element in value]
        case _:
            return value
