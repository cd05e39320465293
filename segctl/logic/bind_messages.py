"""Levels of engagement on a schema: which column says of a row which message it is about (law 13)."""

from __future__ import annotations

from fractions import Fraction

from segctl.logic import bound, nodes
from segctl.logic.algebra import EVERYONE
from segctl.logic.columns import Properties
from segctl.logic.problem import Problem, column_words, type_words
from segctl.logic.types import NOTHING, Scalar, Schema

IDS = (Scalar.STRING, Scalar.INT, Scalar.FLOAT)
"""Types of ids, all of which compare as id text."""

NO_ROWS = bound.Rows((), EVERYONE)
"""The rows of events that the data does not have."""


def rows_of(names: tuple[str, ...], node: nodes.Engagement) -> nodes.Rows:
    """All rows with these names."""
    return nodes.Rows(nodes.Names(names), nodes.Everyone(), nodes.Window(), node.origin)


def message_id(schema: Schema, names: tuple[str, ...], path: tuple[str, ...]) -> bound.Column | Problem | None:
    """The column of the message's id; None if no row of these events has one."""
    if not names:
        return None
    column = Properties(schema, names).column(path)
    if isinstance(column, Problem):
        return column
    if column.type == NOTHING:
        return None
    if column.type in IDS:
        return column
    return Problem(
        "message-id", f"{column_words(column)} is {type_words(column.type)}, which is no id of a message",
        hint="an id is text or a number; `messages: {properties: {message: ...}}` in segctl.yaml names it",
    )  # fmt: skip


def engagement_test(
    node: nodes.Engagement, sent: bound.Rows, responses: bound.Rows, ids: tuple[bound.Column | None, ...], zone: str
) -> bound.EngagementTest:
    """The condition; `ids` are the columns of the messages' ids, of what was sent and of the responses."""
    low, high = (None if cut is None else Fraction(cut) for cut in (node.low, node.high))
    test = None if node.none else bound.Exactly(low, high, high_open=high is not None)
    sent_id, response_id = ids
    end = bound.LocalMonday(1 if node.previous else 0, zone)
    return bound.EngagementTest(sent, sent_id, responses, response_id, end, node.lookback_us, test)
