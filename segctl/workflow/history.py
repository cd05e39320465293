"""`segctl history`: what was applied, when, by whom, why it was let pass, and how many moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from segctl.load.document import Key
from segctl.state.erasures import Erasure
from segctl.state.record import Head, HeldBack, Record, Snapshot, Trait
from segctl.state.state import State
from segctl.workflow.naming import find
from segctl.workflow.opened import opened_state

HELD = "held"


@dataclass(frozen=True, slots=True)
class Move:
    """What a serial did to one resource; `what` is create, update, delete, refresh or held, empty where nobody moved.

    `snapshot` is what it published then, `values` of a trait. `entered` and `exited` are of a
    membership; None for the exited of one that was removed when the serial before is not kept.
    """

    key: Key
    what: str
    snapshot: Snapshot | None = None
    values: Trait | None = None
    entered: int | None = 0
    exited: int | None = 0
    held: HeldBack | None = None


@dataclass(frozen=True)
class Entry:
    """A serial, and what it did."""

    record: Record
    moves: tuple[Move, ...]

    @property
    def entered(self) -> int:
        """Who entered, over all memberships."""
        return sum(move.entered or 0 for move in self.moves)

    @property
    def exited(self) -> int:
        """Who exited, over all memberships."""
        return sum(move.exited or 0 for move in self.moves)


@dataclass(frozen=True)
class History:
    """The serials, the last one first, and the zone to tell their instants in; `kept` is the first that is kept.

    With a `key` they are those of one resource, and their moves are its own alone. `erasures` are of users, from
    all serials, the first one first.
    """

    entries: tuple[Entry, ...]
    zone: str
    kept: int = 1
    key: Key | None = None
    erasures: tuple[Erasure, ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        """What the serials hold."""
        return tuple(entry.record for entry in self.entries)


def history(start: Path, most: int | None = None, name: str | None = None) -> History:
    """The last `most` serials of the project that `start` lies in, or all of them; of one resource if it is named.

    A resource is followed through its renames to the names that it had.

    Raises:
        SegctlError: no serial that is kept has a resource of this name.
        Stale: a record is damaged; it is named.
    """
    _, state, zone = opened_state(start)
    head = state.head()
    if head is None:
        return History((), zone)
    if name is None:
        entries = tuple(islice(_entries(state, head), most))
        return History(entries, zone, head.kept, erasures=state.erasures_of(head))
    every = tuple(_entries(state, head))
    key = find(name, {key for entry in every for key in entry.record.definitions})
    key = _now_called(key, every[0].record) if every else key
    return History(tuple(islice(_of(key, every), most)), zone, head.kept, key)


def at(start: Path, serial: int) -> History:
    """One serial.

    Raises:
        SegctlError: there is no such serial, or it is not kept any more.
        Stale: a record is damaged; it is named.
    """
    _, state, zone = opened_state(start)
    _ = state.record(serial)
    head = state.head()
    found = (entry for entry in (_entries(state, head) if head else ()) if entry.record.serial == serial)
    return History(tuple(islice(found, 1)), zone, head.kept if head else 1)


def _entries(state: State, head: Head) -> Iterator[Entry]:
    later: Record | None = None
    for record in state.records_of(head) if head.serial else ():
        if later is not None:
            yield Entry(later, moves(later, record))
        later = record
    if later is not None:
        yield Entry(later, moves(later, None))


def moves(record: Record, before: Record | None) -> tuple[Move, ...]:
    """What a serial did, sorted by resource; `before` is the serial before it, None where it is not kept."""
    made = {key for key, snapshot in record.snapshots.items() if snapshot.serial == record.serial}
    made |= set(record.held)
    computed = {("trait", name) for name, column in record.columns.items() if column.serial == record.serial}
    return tuple(_move(key, record, before) for key in sorted({*record.changes, *made, *computed}))


def _move(key: Key, record: Record, before: Record | None) -> Move:
    what, snapshot = record.changes.get(key, ""), record.snapshots.get(key)
    if key in record.held:
        return Move(key, HELD if not what else f"{what}, {HELD}", snapshot, held=record.held[key])
    if snapshot is not None and snapshot.serial == record.serial:
        return Move(key, what, snapshot, entered=snapshot.entered, exited=snapshot.exited)
    if key[0] == "trait":
        return Move(key, what, values=record.columns.get(key[1]))
    if key not in record.definitions:
        lost = before.snapshots.get(key) if before else None
        return Move(key, what, exited=lost.members if lost else 0 if before else None)
    return Move(key, what, snapshot)


def _now_called(key: Key, current: Record) -> Key:
    """What a resource is called now; what was removed keeps its last name."""
    names = {(kind, old): (kind, new) for (kind, new), was in current.former.items() for old, _ in was}
    return key if key in current.definitions else names.get(key, key)


def _of(key: Key, entries: Sequence[Entry]) -> Iterator[Entry]:
    """The serials that did something to a resource, under whatever name it had then; `key` is its name now."""
    for entry in entries:
        then = entries[0].record.name_at(key, entry.record.serial)
        own = tuple(move for move in entry.moves if move.key == then)
        if own:
            yield Entry(entry.record, own)
