"""Levels of engagement over a shard: which of the messages that were sent were responded to (law 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segctl.engine.columns import present_values
from segctl.engine.ids import id_codes
from segctl.engine.parts import Numbers
from segctl.engine.plan import Engaged, Messages, RowSet, Step
from segctl.engine.rows import ShardRows
from segctl.engine.source import Bits, Ints, Values
from segctl.engine.thresholds import ratios_within
from segctl.logic.bound import Column, Exactly


def engaged(steps: Sequence[Step], rows: ShardRows) -> Mapping[int, Bits]:
    """The answers of all levels by their numbers; what several ask of the same messages is counted once."""
    levels = {number: step for number, step in enumerate(steps) if isinstance(step, Engaged)}
    counted = {messages: _count(messages, rows) for messages in {step.messages for step in levels.values()}}
    return {number: _within(counted[step.messages], step.test) for number, step in levels.items()}


@dataclass(frozen=True, eq=False)
class _Count:
    """How many messages each user was sent, and how many of them were responded to."""

    sent: Ints
    answered: Ints


@dataclass(frozen=True, eq=False)
class _Ids:
    """The ids of rows that have one, and their users."""

    users: Numbers
    values: Values


def _within(count: _Count, test: Exactly | None) -> Bits:
    """Whose share passes; without a test, who was sent none."""
    there = count.sent > 0
    if test is None:
        return ~there
    there[there] = ratios_within(count.answered[there], count.sent[there], test)
    return there


def _count(messages: Messages, rows: ShardRows) -> _Count:
    size = rows.shard.size
    sent = np.zeros(size, dtype=np.int64)
    for selection in rows.select(messages.sent):
        sent += np.bincount(selection.part.users[selection.within(messages.sent.span)], minlength=size)
    return _Count(sent, _answered(messages, rows))


def _answered(messages: Messages, rows: ShardRows) -> Ints:
    """How many of the messages that were sent have an id that a response of the same user has."""
    size = rows.shard.size
    sent = list(_ids(messages.sent, messages.sent_id, rows))
    responses = list(_ids(messages.responses, messages.response_id, rows))
    if not sum(len(one.users) for one in sent) or not sum(len(one.users) for one in responses):
        return np.zeros(size, dtype=np.int64)
    codes = id_codes([one.values for one in (*sent, *responses)])
    users = np.concatenate([one.users for one in (*sent, *responses)])
    pairs = users * (int(codes.max(initial=0)) + 1) + codes
    count = sum(len(one.users) for one in sent)
    answered: Ints = np.bincount(users[:count][_among(pairs[:count], pairs[count:])], minlength=size)
    return answered


def _among(numbers: Ints, others: Ints) -> Bits:
    """Which of the numbers are among the others; there are some of both."""
    ordered = np.sort(others)
    found: Bits = ordered[np.minimum(ordered.searchsorted(numbers), len(ordered) - 1)] == numbers
    return found


def _ids(wanted: RowSet, column: Column | None, rows: ShardRows) -> Iterator[_Ids]:
    for selection in rows.select(wanted) if column is not None else ():
        chosen = selection.within(wanted.span)
        found = None if column is None else selection.part.values(column, chosen)
        if found is not None:
            there, values = present_values(found)
            users = selection.part.users[chosen]
            yield _Ids(users if there is None else users[there], values)
