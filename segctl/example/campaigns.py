"""The shop's calendar of messages: which campaign goes to whom on which day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from segctl.example.seasons import AS_OF, FIRST_DAY, black_friday

EMAIL, PUSH = "email", "push"
RECENT, LAPSED = "recent", "lapsed"


class Send(NamedTuple):
    """One send: to `audience` (recent visitors, or lapsed ones), on a local day at a local hour.

    `lift` multiplies the chance of an opening.
    """

    campaign: str
    channel: str
    day: date
    hour: float
    audience: str
    lift: float


CAMPAIGNS = (
    "newsletter", "black_friday", "christmas", "winter_sales", "spring_trails", "gifts_for_mothers", "summer_sales",
    "back_to_town", "win_back", "welcome", "abandoned_basket", "weekend_picks", "flash_sale",
)  # fmt: skip

VARIANTS = {
    "newsletter": (("a", 5000), ("b", 5000)),
    "win_back": (("a", 4500), ("b", 4500), ("control", 1000)),
    "welcome": (("a", 4500), ("b", 4500), ("control", 1000)),
}
"""The variants of a campaign with their share of 10,000; `control` gets no message."""

_SEASONAL = (
    ("christmas", (12, 6), 1.1), ("winter_sales", (1, 8), 1.15), ("spring_trails", (4, 3), 0.95),
    ("gifts_for_mothers", (5, 18), 1.0), ("summer_sales", (6, 24), 1.1), ("back_to_town", (9, 2), 0.9),
)  # fmt: skip
_WIN_BACK = ((2, 10), (5, 5), (8, 25), (10, 20))


def _within(sends: list[Send]) -> list[Send]:
    return [send for send in sends if FIRST_DAY <= send.day < AS_OF.date()]


def _emails(year: int) -> list[Send]:
    seasonal = [Send(name, EMAIL, date(year, *day), 8.5, RECENT, lift) for name, day, lift in _SEASONAL]
    friday = black_friday(year)
    black = [Send("black_friday", EMAIL, friday + timedelta(days=d), 7.0, RECENT, 1.25) for d in (0, 3)]
    win_back = [Send("win_back", EMAIL, date(year, *day), 10.0, LAPSED, 0.6) for day in _WIN_BACK]
    return seasonal + black + win_back


def _newsletters() -> list[Send]:
    """Every other Thursday."""
    first = FIRST_DAY + timedelta(days=(3 - FIRST_DAY.weekday()) % 7)
    days = range(0, (AS_OF.date() - first).days, 14)
    return [Send("newsletter", EMAIL, first + timedelta(days=day), 9.25, RECENT, 1.0) for day in days]


def _pushes() -> list[Send]:
    """A Friday in four, and a flash sale now and then on a Sunday evening."""
    friday = FIRST_DAY + timedelta(days=(4 - FIRST_DAY.weekday()) % 7)
    days = (AS_OF.date() - friday).days
    picks = [Send("weekend_picks", PUSH, friday + timedelta(days=day), 17.5, RECENT, 1.0) for day in range(0, days, 28)]
    flash = [Send("flash_sale", PUSH, friday + timedelta(days=day), 19.0, RECENT, 1.3) for day in range(16, days, 91)]
    return picks + flash


def calendar() -> list[Send]:
    """All sends in the order of their days."""
    years = range(FIRST_DAY.year, AS_OF.year + 1)
    sends = [send for year in years for send in _emails(year)] + _newsletters() + _pushes()
    return sorted(_within(sends), key=lambda send: (send.day, send.hour, send.campaign))
