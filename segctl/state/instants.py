"""Instants in records: UTC text for people, microseconds since 1970 for machines."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from segctl.logic.calendar import DAY_US, INFINITE_US, day_of, instant_text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_OTHER_YEARS = re.compile(r"([+-]?\d{4,})-(\d\d)-(\d\d)(T\d\d:\d\d:\d\d(?:\.\d{6})?Z)", re.ASCII)
"""Instants of a year before the first or after 9999: local days of the first and the last begin there."""
_INFINITE = {"infinity": INFINITE_US, "-infinity": -INFINITE_US}


def to_text(us: int) -> str:
    """`2026-11-22T00:00:00Z`, with a fraction only where there is one."""
    return instant_text(us)


def from_text(text: str) -> int:
    """Microseconds since 1970 of what `to_text` wrote.

    Raises:
        ValueError: not an instant with its offset.
    """
    if text in _INFINITE:
        return _INFINITE[text]
    match = _OTHER_YEARS.fullmatch(text)
    if match is None or text[:4].strip("0").isdigit():
        return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    year, month, day, clock = match.groups()
    return day_of(int(year), int(month), int(day)) * DAY_US + from_text(f"1970-01-01{clock}")
