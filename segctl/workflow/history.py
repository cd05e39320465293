"""`segctl history`: what was applied, when, by whom, and how many moved."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from segctl.state.record import Record
from segctl.workflow.opened import opened_state


@dataclass(frozen=True)
class History:
    """The records, the last one first, and the zone to tell their instants in; `kept` is the first that is kept."""

    records: tuple[Record, ...]
    zone: str
    kept: int = 1


def history(start: Path, most: int | None = None) -> History:
    """The last `most` records of the project that `start` lies in, or all of them.

    Raises:
        Stale: a record is damaged; it is named.
    """
    _, state, zone = opened_state(start)
    head = state.head()
    if head is None:
        return History((), zone)
    return History(tuple(islice(state.records_of(head), most)), zone, head.kept)
