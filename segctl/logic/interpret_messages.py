"""Levels of engagement and variants of campaigns, one user at a time, plainly (laws 11 and 13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import xxhash

from segctl.logic.bound import EngagementTest, Share
from segctl.logic.times import DAY_US, monday

BUCKETS = 10_000

Message = tuple[int, str | None]
"""When, and which one: the id as text, if the row has one."""


def share_of_responses(
    condition: EngagementTest, sent: Iterable[Message], responses: Sequence[Message], as_of_us: int
) -> Fraction | None:
    """The share of the messages that were responded to; None if there are none."""
    end_us = monday(as_of_us, condition.end)
    counted = [ident for us, ident in sent if end_us - condition.lookback_us <= us <= end_us - DAY_US]
    answered = {ident for us, ident in responses if us < end_us and ident is not None}
    return Fraction(sum(ident in answered for ident in counted), len(counted)) if counted else None


def in_share(share: Share, user_id: str) -> bool:
    """Whether the user has a variant of these buckets."""
    return share.low <= xxhash.xxh3_64_intdigest(f"{share.campaign}:{user_id}".encode()) % BUCKETS < share.high
