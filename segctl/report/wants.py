"""What must become true for an outcome to turn round, in words."""

from __future__ import annotations

import math
from decimal import Decimal

from segctl.logic.change import Change
from segctl.logic.describe import phrase
from segctl.logic.event_phrases import more_words
from segctl.logic.nodes import EventTest, MeasureKind, Node, Not, Range, Reference
from segctl.report.found import measured_words


def said(node: Node) -> str:
    """A condition by itself: `country is France`, `made a purchase at least twice`."""
    return phrase(node).itself


def want(change: Change, zone: str) -> str:
    """`1 more purchase in the last 30 days`, `country must be France or Belgium (now Germany)`."""
    outcome = change.outcome
    node = outcome.node if change.becomes else Not(outcome.node)
    if isinstance(outcome.node, Reference):
        refreshed = " at its next refresh" if outcome.published_us is not None else ""
        return f"{phrase(node).must}{refreshed}"
    more = _more(change)
    if more and isinstance(outcome.node, EventTest):
        return more_words(outcome.node.rows, more)
    now = f" (now {measured_words(outcome, zone)})" if outcome.actual is not None else ""
    return f"{phrase(node).must}{now}"


def _more(change: Change) -> int:
    """How many more rows are needed; 0 where it is not that."""
    node, actual = change.outcome.node, change.outcome.actual
    if not isinstance(node, EventTest) or node.measure.kind is not MeasureKind.COUNT or not isinstance(actual, int):
        return 0
    wanted = _least(node.test) if change.becomes else _above(node.test)
    return 0 if wanted is None else max(wanted - actual, 0)


def _least(test: object) -> int | None:
    """The least count that passes, where counts below do not."""
    if not isinstance(test, Range) or not isinstance(test.low, int | Decimal):
        return None
    return math.floor(test.low) + 1 if test.low_open else math.ceil(test.low)


def _above(test: object) -> int | None:
    """The least count above those that pass."""
    if not isinstance(test, Range) or not isinstance(test.high, int | Decimal):
        return None
    return math.ceil(test.high) if test.high_open else math.floor(test.high) + 1
