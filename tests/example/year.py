"""Days of refreshes over the example shop, with faults planted in its data; plain SQL over the whole data is the truth.

Members are seen as of each day, so that the data lie there whole from the first day on. A fault changes the files as a
broken pipeline would, and its end puts them back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segctl.diagnostics import Refused
from segctl.example.write import write_example
from segctl.graph import build
from segctl.load.document import Key
from segctl.load.project import load
from segctl.progress import Silent
from segctl.state.origin import Origin
from segctl.state.process import realm, started
from segctl.state.record import HeldBack, Record
from segctl.workflow.apply import apply
from segctl.workflow.opened import opened_state
from segctl.workflow.refresh import refresh
from segctl.workflow.request import Request, Run, Unasked
from tests.real.answers import Answers

HERE = Path(__file__).parent
Break = Callable[[Path, datetime], None]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the data from one day on, to another day that is right again; days count from 0.

    `held` are names that have to be held for it.
    """

    name: str
    first: int
    end: int
    break_files: Break
    held: frozenset[str]


def outage(files: Path, since: datetime) -> None:
    """Nothing of the shop's tracker has come since."""
    _each(files, lambda table: table.filter(pc.less(table["ts"], pa.scalar(since))))


def renamed(files: Path, since: datetime) -> None:
    """A release of the shop calls `session_start` by another name."""

    def rename(table: pa.Table) -> pa.Table:
        events = table["event"].cast(pa.string())
        hit = pc.and_(pc.equal(events, "session_start"), pc.greater_equal(table["ts"], pa.scalar(since)))
        place = table.column_names.index("event")
        return table.set_column(place, "event", pc.if_else(hit, "Session Started", events))

    _each(files, rename)


def vanished(files: Path, since: datetime) -> None:
    """The file of the last whole quarter is gone."""
    last = [path for path in sorted(files.glob("*.parquet")) if pq.read_table(path)["ts"][-1].as_py() < since]
    max(last, key=lambda path: pq.read_table(path)["ts"][-1].as_py()).unlink()


def _each(files: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    for path in sorted(files.glob("*.parquet")):
        table = pq.read_table(path)
        changed = change(table)
        if not changed.equals(table):
            path.unlink()
            pq.write_table(changed, path)


@dataclass(frozen=True)
class Day:
    """One refresh: the serial that it published (None: nothing), what is held after it, what was found amiss.

    `wrong` says of an audience how many are published who were no members at the instant of its snapshot, and how
    many are missing.
    """

    number: int
    as_of: str
    serial: int | None
    held: Mapping[Key, HeldBack]
    wrong: Mapping[Key, tuple[int, int]] = field(default_factory=dict)
    compared: int = 0


class Year:
    """The shop, day by day."""

    def __init__(self, folder: Path, users: int, first: datetime, faults: Collection[Fault]) -> None:
        self._true, self._shop, self._first, self._faults = folder / "true", folder / "shop", first, faults
        write_example(self._true, users=users, progress=Silent())
        shutil.copytree(self._true, self._shop)
        self._answers = Answers(HERE, str(self._true))
        self._known: dict[str, Mapping[str, frozenset[str]]] = {}
        self._broken: frozenset[str] = frozenset()

    def days(self, count: int, every: int) -> Iterator[Day]:
        """Apply on the first day, refresh on the others.

        Memberships are compared where a fault begins, is found and ends, and every so many days.
        """
        for number in range(count):
            self._bring(number)
            serial = self._publish(number)
            record = self._record()
            wrong = dict(self._wrong(record)) if self._telling(number) or number % every == 0 else None
            amiss = {key: found for key, found in (wrong or {}).items() if found != (0, 0)}
            yield Day(number, self._as_of(number), serial, record.held, amiss, len(wrong or ()))

    def _telling(self, number: int) -> bool:
        """Whether a fault begins, ends, or is found about this day."""
        return any(number - fault.first in (-1, 0, 1, 2) or number - fault.end in (-1, 0) for fault in self._faults)

    def _bring(self, number: int) -> None:
        """The files as they are on a day."""
        now = frozenset(fault.name for fault in self._faults if fault.first <= number < fault.end)
        if now == self._broken:
            return
        files = self._shop / "data/events"
        shutil.rmtree(files)
        shutil.copytree(self._true / "data/events", files)
        for fault in self._faults:
            if fault.name in now:
                fault.break_files(files, self._first + timedelta(days=fault.first) - timedelta(hours=4))
        self._broken = now

    def _publish(self, number: int) -> int | None:
        request = Request(1_795_000_000_000_000, self._as_of(number), hold=number > 0)
        run = Run(Origin("bot", "runner", 1, realm(), started(1), None), "year")
        try:
            if number:
                return refresh(self._shop, request, run, Unasked(), Silent()).serial
            return apply(self._shop, request, run, Unasked(), Silent()).serial
        except Refused:
            return None

    def _as_of(self, number: int) -> str:
        return (self._first + timedelta(days=number)).isoformat()

    def _record(self) -> Record:
        record = opened_state(self._shop)[1].current()
        assert record is not None
        return record

    def _wrong(self, record: Record) -> Iterator[tuple[Key, tuple[int, int]]]:
        """Each audience that rests on no extension, against the SQL as of its snapshot."""
        state, graph = opened_state(self._shop)[1], build(load(self._shop))
        users = {digest: state.population(digest) for digest in {one.population for one in record.snapshots.values()}}
        for key, snapshot in record.snapshots.items():
            if any(kind == "extension" for kind, _ in (key, *graph.upstream(key))):
                continue
            as_of = datetime.fromtimestamp(snapshot.as_of_us / 1_000_000, UTC).isoformat()
            truth = self._truth(as_of).get(key[1])
            if truth is not None:
                bits = state.membership(snapshot.membership).bits
                published = set(users[snapshot.population].ids.filter(pa.array(bits)).to_pylist())
                yield key, (len(published - truth), len(truth - published))

    def _truth(self, as_of: str) -> Mapping[str, frozenset[str]]:
        if as_of not in self._known:
            self._known[as_of] = self._answers.at(as_of).members
        return self._known[as_of]


@dataclass(frozen=True)
class Hold:
    """A resource that was held: from one day on, to the last day; the rules, and through what."""

    key: Key
    first: int
    last: int
    rules: tuple[str, ...]
    through: tuple[Key, ...]
    message: str


def holds(days: Iterable[Day]) -> list[Hold]:
    """Who was held, when, and why, in the order of days."""
    found: list[Hold] = []
    running: dict[Key, Hold] = {}
    for day in days:
        found += [running.pop(key) for key in tuple(running) if key not in day.held]
        for key, why in day.held.items():
            rules = tuple(rule for rule, _ in why.reasons)
            message = why.reasons[0][1] if why.reasons else ""
            begun = running.get(key, Hold(key, day.number, day.number, rules, why.through, message))
            running[key] = replace(begun, last=day.number)
    return sorted((*found, *running.values()), key=lambda hold: (hold.first, hold.key))


def amiss(days: Iterable[Day], faults: Collection[Fault]) -> Iterator[str]:
    """What should not have been: a hold without a fault, one that does not end with it, members who are wrong.

    A broken pipeline is found a day late: what a refresh of its first hours publishes may be wrong for a few in
    a segment, and for nobody in a campaign.
    """
    every = list(days)
    for hold in holds(every):
        if not any(fault.first <= hold.first and hold.last < fault.end for fault in faults):
            yield f"{' '.join(hold.key)} was held from day {hold.first} to {hold.last}: {hold.message}"
    for fault in faults:
        held = {key[1] for day in every if fault.first <= day.number < fault.end for key in day.held}
        if missed := fault.held - held:
            yield f"{fault.name}: {', '.join(sorted(missed))} were not held"
    for day in every:
        broken = any(fault.first <= day.number < fault.end for fault in faults)
        for key, (entered, lost) in day.wrong.items():
            if key[0] == "campaign" or not broken:
                yield f"day {day.number}: {' '.join(key)} has {entered} members too many, and {lost} are missing"
