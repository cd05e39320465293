from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.example.year import Fault, Year, amiss, outage, renamed, vanished

FIRST = datetime(2026, 3, 20, 4, tzinfo=UTC)
FAULTS = (
    Fault("outage", 3, 7, outage, frozenset({"active_this_month", "win_back", "abandoned_basket"})),
    Fault("renamed", 9, 13, renamed, frozenset({"dormant_users", "active_this_month", "came_back"})),
    Fault("vanished", 21, 23, vanished, frozenset({"win_back", "lapsed_buyers", "loyal_buyers"})),
)


def test_some_weeks_of_refreshes_with_faults_in_the_data(tmp_path: Path) -> None:
    shop = Year(tmp_path, 2_000, FIRST, FAULTS)
    days = list(shop.days(25, every=100))
    assert list(amiss(days, FAULTS)) == []
    assert all(day.serial for day in days)  # something was published on each of them
    assert sum(day.compared for day in days) > 1_000
