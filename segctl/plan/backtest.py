"""The instants of a look back."""

from __future__ import annotations

MOST_POINTS = 200
DEFAULT_POINTS = 12


def instants(as_of_us: int, length_us: int, points: int) -> tuple[int, ...]:
    """So many instants, evenly spread, the first so long before as_of, the last as_of itself."""
    return tuple(as_of_us - length_us * (points - 1 - number) // (points - 1) for number in range(points))
