"""Instants as people read them, in the project's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(us: int, zone: str) -> str:
    """`2026-11-22 00:00 Europe/Paris`; seconds only where there are some."""
    return f"{clock(us, zone)} {zone}"


def clock(us: int, zone: str) -> str:
    """`2026-11-22 00:00`, in the zone."""
    moment = (_EPOCH + timedelta(microseconds=us)).astimezone(ZoneInfo(zone))
    precision = "microseconds" if moment.microsecond else "seconds" if moment.second else "minutes"
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec=precision)
