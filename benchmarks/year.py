"""`python -m benchmarks.year`: a year of daily refreshes over the example shop, with faults planted in its data.

For some days no events come, an event is renamed, a file is gone. Prints who was held, when and why; 1 if anybody was
held without a fault, or was not held in spite of one, if a hold did not end with its fault, if a membership is
another one than plain SQL gives over the whole data, or if a campaign has a member too many on any day.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.example.year import Day, Fault, Year, amiss, holds, outage, renamed, vanished

FIRST = datetime(2025, 11, 22, 4, tzinfo=UTC)
FAULTS = (
    Fault("outage", 75, 85, outage, frozenset({"active_this_month", "win_back", "abandoned_basket"})),
    Fault("renamed", 160, 180, renamed, frozenset({"dormant_users", "active_this_month", "silent_this_month"})),
    Fault("vanished", 240, 243, vanished, frozenset({"win_back", "lapsed_buyers", "loyal_buyers"})),
)
_WIDTH = 100


def main() -> int:
    """Go through the days, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=4_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--every", type=int, default=14, help="compare with SQL every so many days, and around faults")
    asked = parser.parse_args()
    faults = [fault for fault in FAULTS if fault.end < asked.days]
    began, days = time.process_time(), list[Day]()
    with tempfile.TemporaryDirectory() as folder:
        for day in Year(Path(folder), asked.users, FIRST, faults).days(asked.days, asked.every):
            days.append(day)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{day.number + 1:,} of {asked.days:,}")
    show(days, faults)
    print(f"{time.process_time() - began:.0f} s of processor time")
    wrong = list(amiss(days, faults))
    print("".join(f"WRONG: {one}\n" for one in wrong) or "all as it should be")
    return int(bool(wrong))


def show(days: list[Day], faults: list[Fault]) -> None:
    """The faults, and the holds."""
    for fault in faults:
        print(f"{fault.name}: from {_date(fault.first)} to {_date(fault.end - 1)}")
    print(f"{'held from':11} {'to':11} {'what':38} why")
    for hold in holds(days):
        why = hold.message or f"through {', '.join(' '.join(key) for key in hold.through)}"
        print(f"{_date(hold.first):11} {_date(hold.last):11} {' '.join(hold.key):38} {why[:_WIDTH]}")
    segments = {(day.number, key): found for day in days for key, found in day.wrong.items()}
    most = max((sum(found) for found in segments.values()), default=0)
    print(f"{len(days):,} days, {sum(day.serial is not None for day in days):,} serials, {len(holds(days)):,} holds")
    print(f"{sum(day.compared for day in days):,} memberships compared with SQL as of their snapshots; ", end="")
    print(f"{len(segments):,} differ, by at most {most:,} users, all in faults")


def _date(number: int) -> str:
    return (FIRST + timedelta(days=number)).date().isoformat()


if __name__ == "__main__":
    sys.exit(main())
