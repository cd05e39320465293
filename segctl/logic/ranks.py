"""Where ranks begin, and scores by quartile: values of the whole population in, cuts out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from segctl.logic.bound import RankTest

Quartiles = tuple[int, int, int]
"""The least values at or below which a quarter, a half and three quarters of all values lie."""

Cut = int | float | tuple[Quartiles, Quartiles, Quartiles] | None
"""Where a rank begins; of scores the quartiles of recency, frequency and money; None where nobody has a value."""


def rank_size(test: RankTest, present: int) -> int:
    """How many of so many values are in, without those that tie with the last: a share is rounded up."""
    size = test.users if test.share is None else math.ceil(test.share * present)
    return min(size or 0, present)


def rank_cut(test: RankTest, values: Sequence[int | float]) -> int | float | None:
    """The last value that is in."""
    size = rank_size(test, len(values))
    return sorted(values, reverse=test.top)[size - 1] if size else None


def reaches(test: RankTest, value: object, cut: Cut) -> bool:
    """Whether a value is in; a missing one is not."""
    if not isinstance(value, int | float) or not isinstance(cut, int | float):
        return False
    return value >= cut if test.top else value <= cut


def quartiles(values: Sequence[int]) -> Quartiles:
    """By nearest rank; there is a value."""
    ordered = sorted(values)
    low, middle, high = (ordered[-(-len(ordered) * part // 4) - 1] for part in (1, 2, 3))
    return low, middle, high


def score(value: int, cuts: Quartiles) -> int:
    """From 0, the least quarter, to 3: how many quartiles lie below the value."""
    return sum(cut < value for cut in cuts)
