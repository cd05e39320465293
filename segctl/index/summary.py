"""What the data hold as of an instant, in a few numbers: rows of tables, and of each event name when they happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from segctl.index.manifest import TableRecord
from segctl.index.mapped import MappedRun
from segctl.index.reader import Index
from segctl.logic.calendar import DAY_US

DAYS = 60
"""So many days of UTC are told one by one, the last of them that of the instant."""

MOST_FILES = 500
MOST_EVENTS = 200
"""The names that are told; of more only the number, of events those with the most rows."""


@dataclass(frozen=True, slots=True)
class EventSummary:
    """Events of a name: their number before the instant, the first and the last, how many on each of the last days.

    `tables` are those that have some.
    """

    rows: int
    first_us: int
    last_us: int
    days: tuple[int, ...] = ()
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A table: its rows, how many files it has, and their names (none where there are too many)."""

    rows: int
    files: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """The data as of an instant: no id, and no value of a column but the names of events.

    `streams` are the tables of events, all names of each taken together.
    """

    as_of_us: int
    users: int
    events: Mapping[str, EventSummary] = field(default_factory=dict)
    streams: Mapping[str, EventSummary] = field(default_factory=dict)
    tables: Mapping[str, TableSummary] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def summary(index: Index, as_of_us: int, users: int) -> Summary:
    """The summary of what an evaluation as of an instant sees; `users` is the size of the population."""
    by_name: dict[str, list[EventSummary]] = defaultdict(list)
    by_table: dict[str, list[EventSummary]] = defaultdict(list)
    for layout, run in index.runs():
        for name in run.names:
            part = _part(run, name, index.shards, (layout.table.key, as_of_us))
            if part is not None:
                by_name[name].append(part)
                by_table[layout.table.key].append(part)
    events = {name: _joined(parts) for name, parts in by_name.items()}
    told = sorted(events, key=lambda name: (-events[name].rows, name))[:MOST_EVENTS]
    return Summary(
        as_of_us,
        users,
        {name: events[name] for name in sorted(told)},
        {key: _joined(parts) for key, parts in sorted(by_table.items())},
        {key: _table(record) for key, record in index.manifest.tables.items()},
    )


def first_day(as_of_us: int) -> int:
    """The first of the days that are told, counted from 1970."""
    return (as_of_us - 1) // DAY_US - DAYS + 1


def _part(run: MappedRun, name: str, shards: int, of: tuple[str, int]) -> EventSummary | None:
    """The rows of one run of a table that lie before the instant; None where there are none."""
    table, as_of_us = of
    rows, days, ends = 0, np.zeros(DAYS, dtype=np.int64), []
    start_us = first_day(as_of_us) * DAY_US
    for shard in range(shards):
        start, stop = run.bounds(shard, name)
        times = run.times[start:stop]
        seen = int(np.searchsorted(times, as_of_us, side="left"))
        if not seen:
            continue
        rows += seen
        ends += [int(times[0]), int(times[seen - 1])]
        recent = times[int(np.searchsorted(times, start_us, side="left")) : seen]
        days += np.bincount((recent - start_us) // DAY_US, minlength=DAYS)
    return EventSummary(rows, min(ends), max(ends), tuple(days.tolist()), (table,)) if rows else None


def _joined(parts: list[EventSummary]) -> EventSummary:
    return EventSummary(
        sum(part.rows for part in parts),
        min(part.first_us for part in parts),
        max(part.last_us for part in parts),
        tuple(sum(counts) for counts in zip(*(part.days for part in parts), strict=True)),
        tuple(sorted({table for part in parts for table in part.tables})),
    )


def _table(record: TableRecord) -> TableSummary:
    rows = sum(run.read for run in record.runs) if record.runs else record.rows
    names = sorted(file.name for file in record.files)
    return TableSummary(rows, len(names), tuple(names) if len(names) <= MOST_FILES else ())
