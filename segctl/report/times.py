"""Instants as people read them, in the project's zone: the one place that says how exactly."""

from __future__ import annotations

from segctl.logic.calendar import clock_text, date_text, infinite, instant_text
from segctl.logic.times import SECOND_US, local_day, offset_us


def local(us: int, zone: str, *, exact: bool = False) -> str:
    """`2026-11-22 00:00 Europe/Paris`; seconds only where there are some, a fraction only where it is asked for."""
    return clock(us, zone) if infinite(us) else f"{clock(us, zone, exact=exact)} {zone}"


def clock(us: int, zone: str, *, exact: bool = False) -> str:
    """`2026-11-22 00:00`, in the zone."""
    if infinite(us):
        return instant_text(us)
    text = clock_text(us + offset_us(us, zone), " ", fraction=exact)
    return text.removesuffix(":00") if text[-9:-8] == " " else text


def day(us: int, zone: str) -> str:
    """`2026-11-22`, in the zone."""
    return instant_text(us) if infinite(us) else date_text(local_day(us, zone))


def minute(us: int, zone: str) -> str:
    """`2026-11-22 00:00`, in the zone, without seconds."""
    return instant_text(us) if infinite(us) else clock_text(us + offset_us(us, zone), " ", fraction=False)[:-3]


def next_second(us: int) -> int:
    """The first whole second at or after an instant."""
    return -(-us // SECOND_US) * SECOND_US
