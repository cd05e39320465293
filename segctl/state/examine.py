"""A whole state, looked at object by object: what is damaged, whom that affects, and what is left over."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from segctl.diagnostics import SegctlError
from segctl.index.threads import threads
from segctl.load.document import Key
from segctl.progress import Progress
from segctl.state import written
from segctl.state.faults import check
from segctl.state.names import HEAD, RECORDS, chain_of, is_object, record_name, serial_of
from segctl.state.reach import beside_records, referred, stored, strays, uses
from segctl.state.record import Head, Record
from segctl.state.store import Missing, Store, is_unfinished
from segctl.state.written import Unreadable

_THREADS = 8
"""Objects that are waited for at once: an object store takes its time for each."""


class Level(enum.StrEnum):
    """How bad it is: damage is for somebody to mend, what is left over for `gc`, a note for the eye."""

    DAMAGED = "damaged"
    LEFT_OVER = "left over"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing about one object; `serials` and `resources` are those that need it."""

    level: Level
    name: str
    what: str
    serials: tuple[int, ...] = ()
    resources: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Examined:
    """What was found; the head and the records that can be read, by serial; how many objects were looked at."""

    findings: tuple[Finding, ...]
    head: Head | None
    records: Mapping[int, Record]
    objects: int

    @property
    def damaged(self) -> tuple[Finding, ...]:
        """What somebody has to mend."""
        return tuple(found for found in self.findings if found.level is Level.DAMAGED)

    @property
    def whole(self) -> tuple[int, ...]:
        """The serials of which nothing is damaged."""
        affected = {serial for found in self.damaged for serial in found.serials}
        return tuple(serial for serial in sorted(self.records) if serial not in affected)


@dataclass
class _Needed:
    """Who needs an object."""

    serials: set[int] = field(default_factory=set)
    resources: set[Key] = field(default_factory=set)


def examine(store: Store, now_us: int, progress: Progress) -> Examined:
    """Read everything that the head leads to, and list what it does not lead to; nothing is written.

    Raises:
        SegctlError: the store cannot be read, or was written by a newer segctl.
    """
    found: list[Finding] = []
    head = _head(store, found)
    records = _records(store, head, found)
    needed = _needed(records) | {name: _Needed() for name in (beside_records(head) if head else ())}
    progress.start("checking", len(needed))
    try:
        names = sorted(needed)
        with threads(_THREADS) as pool:
            for one in pool.map(lambda name: list(_object(store, name, needed[name])), names):
                found += one
                progress.advance()
    finally:
        progress.finish()
    found += _clock(records, head.erasures if head else 0, now_us)
    found += _left_over(store, head, records)
    return Examined(tuple(found), head, records, len(needed) + len(records) + 1)


def _head(store: Store, found: list[Finding]) -> Head | None:
    try:
        return written.read_head(store.read(HEAD))
    except Missing:
        if any(serial_of(name) for name in store.list(RECORDS)):
            found.append(Finding(Level.DAMAGED, HEAD, "it is missing, though there are records"))
    except Unreadable as reason:
        found.append(Finding(Level.DAMAGED, HEAD, str(reason)))
    return None


def _records(store: Store, head: Head | None, found: list[Finding]) -> dict[int, Record]:
    """The records that can be read, the last one first; without a head all that there are."""
    if head is None:
        names = store.list(RECORDS)
        serials = sorted({serial_of(name) or 0 for name in names}, reverse=True)
        chain = max(map(chain_of, names), default=0)
        return dict(_chain(store, serials, Head("", 0, "", erasures=chain), found)) if found else {}
    return dict(_chain(store, list(range(head.serial, head.kept - 1, -1)), head, found))


def _chain(store: Store, serials: list[int], head: Head, found: list[Finding]) -> Iterator[tuple[int, Record]]:
    expected = head.record or None
    for serial in serials:
        name = record_name(serial, head.erasures)
        try:
            record = _record(_read(store, name), serial, expected, head.lineage)
        except Unreadable as reason:
            found.append(Finding(Level.DAMAGED, name, str(reason), (serial,)))
            expected = None
            continue
        expected = record.previous
        yield serial, record


def _record(data: bytes, serial: int, expected: str | None, lineage: str) -> Record:
    record, digest = written.read_record(data)
    if record.serial != serial or digest != (expected or digest):
        raise Unreadable("it is not the record that was applied")
    if lineage and record.lineage != lineage:
        raise Unreadable("it is of another state: its lineage is not the head's")
    return record


def _needed(records: Mapping[int, Record]) -> dict[str, _Needed]:
    needed: dict[str, _Needed] = {}
    for serial, record in records.items():
        for name, key in uses(record):
            by = needed.setdefault(name, _Needed())
            by.serials.add(serial)
            by.resources |= {key} if key else set()
    return needed


def _object(store: Store, name: str, needed: _Needed) -> Iterator[Finding]:
    try:
        check(name, _read(store, name))
    except Unreadable as reason:
        yield Finding(Level.DAMAGED, name, str(reason), tuple(sorted(needed.serials)), tuple(sorted(needed.resources)))


def _read(store: Store, name: str) -> bytes:
    try:
        return store.read(name)
    except Missing:
        raise Unreadable("it is missing") from None
    except SegctlError as error:
        _still_there(store)
        raise Unreadable(str(error)) from error


def _still_there(store: Store) -> None:
    """A store that cannot be reached any more says nothing about what is in it: the head was read a moment ago."""
    with contextlib.suppress(Missing):
        store.read(HEAD)


_LEEWAY_US = 300_000_000


def _clock(records: Mapping[int, Record], chain: int, now_us: int) -> Iterator[Finding]:
    """Clocks decide nothing here, but a wrong one is worth a word."""
    for serial in sorted(records):
        created = records[serial].created_us
        if created > now_us + _LEEWAY_US:
            name, what = record_name(serial, chain), "it was written in the future, by this clock"
            yield Finding(Level.NOTE, name, what, (serial,))
        before = records.get(serial - 1)
        if before is not None and created < before.created_us - _LEEWAY_US:
            name, what = record_name(serial, chain), "its clock was behind that of the serial before"
            yield Finding(Level.NOTE, name, what, (serial,))


def _left_over(store: Store, head: Head | None, records: Mapping[int, Record]) -> Iterator[Finding]:
    """Only where the head can be read does anybody know."""
    if head is None and records:
        return
    there = stored(store)
    head = head or Head("", 0, "")
    needed = {name for record in records.values() for name in referred(record, head.erasures)} | beside_records(head)
    within = {record_name(serial, head.erasures) for serial in range(head.kept, head.serial + 1)}
    for stray in strays(there, needed | within):
        yield Finding(Level.LEFT_OVER, stray.name, _why(stray.name, head))
    for name in sorted(there):
        if not is_object(name) and not is_unfinished(name):
            yield Finding(Level.NOTE, name, "segctl did not write it")


def _why(name: str, head: Head) -> str:
    serial = serial_of(name)
    if is_unfinished(name):
        return "a killed command was writing it"
    if serial is None:
        return "nothing refers to it"
    if chain_of(name) != head.erasures:
        return "an erasure that was killed left it"
    return "a killed command was about to publish it" if serial > head.serial else "it is of a serial that is not kept"
