"""What must become true for an outcome to turn round, in words."""

from __future__ import annotations

import math
from decimal import Decimal

from segctl.logic.change import Change
from segctl.logic.describe import clause
from segctl.logic.event_phrases import more_words
from segctl.logic.nodes import EventTest, MeasureKind, Node, Not, Range, Reference
from segctl.report.found import measured_words

_MUST = (
    (" is not ", " must not be "),
    (" are not ", " must not be "),
    (" is neither ", " must be neither "),
    (" is none ", " must be none "),
    (" falls ", " must fall "),
    (" comes ", " must come "),
    (" is ", " must be "),
    (" are ", " must be "),
    (" was not ", " must not be "),
    (" was ", " must be "),
    (" does not ", " must not "),
    (" do not ", " must not "),
)


def said(node: Node) -> str:
    """A condition by itself: `country is France`, `made a purchase at least twice`."""
    words = clause(node).replace("of whose ", "of the ", 1)
    for begin in ("whose ", "who have ", "who are ", "who were ", "who "):
        words = words.removeprefix(begin)
    return words


def want(change: Change, zone: str) -> str:
    """`1 more purchase in the last 30 days`, `country must be France or Belgium (now Germany)`."""
    outcome = change.outcome
    node = outcome.node if change.becomes else Not(outcome.node)
    if isinstance(outcome.node, Reference):
        refreshed = " at its next refresh" if outcome.published_us is not None else ""
        return f"{_must(node)}{refreshed}"
    more = _more(change)
    if more and isinstance(outcome.node, EventTest):
        return more_words(outcome.node.rows, more)
    now = f" (now {measured_words(outcome, zone)})" if outcome.actual is not None else ""
    return f"{_must(node)}{now}"


def _must(node: Node) -> str:
    words, phrase = clause(node), said(node)
    if words.startswith("who have "):
        return f"must {'not ' if phrase.startswith(('not ', 'never ')) else ''}have {_bare(phrase)}"
    if words.startswith(("who are ", "who were ")):
        return f"must {'not ' if phrase.startswith('not ') else ''}be {_bare(phrase)}"
    for is_, must in _MUST:
        if is_ in phrase:
            return phrase.replace(is_, must, 1)
    return f"it must be so that {phrase}"


def _bare(phrase: str) -> str:
    return phrase.removeprefix("not ").removeprefix("never ")


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
