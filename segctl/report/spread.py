"""Distributions as pictures of one line: how many users lie in each part of the range."""

from __future__ import annotations

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"


def sparkline(counts: Sequence[int]) -> str:
    """One bar for each count; where there is anybody the bar is seen, where there is nobody it is blank."""
    most = max(counts, default=0)
    return "".join(_bar(number, most) for number in counts)


def _bar(number: int, most: int) -> str:
    return " " if not number else _BARS[min(len(_BARS) - 1, number * len(_BARS) // (most + 1))]
