"""Instants in records: UTC text for people, microseconds since 1970 for machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_text(us: int) -> str:
    """`2026-11-22T00:00:00Z`, with a fraction only where there is one."""
    return (_EPOCH + timedelta(microseconds=us)).isoformat().replace("+00:00", "Z")


def from_text(text: str) -> int:
    """Microseconds since 1970 of what `to_text` wrote.

    Raises:
        ValueError: not an instant with its offset.
    """
    return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
