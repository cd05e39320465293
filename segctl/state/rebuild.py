"""Makes a lost or damaged `head.json` anew, from the records: each says what it is and which one it follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from segctl.diagnostics import Stale
from segctl.state import erasures, written
from segctl.state.names import ERASURES, HEAD, RECORDS, chain_of, record_name, serial_of
from segctl.state.record import Head, Record
from segctl.state.store import Missing, Store
from segctl.state.written import Unreadable

RESTORE = "restore head.json from a backup"


class Ambiguous(Stale):
    """The records do not say which one holds."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(f"`{HEAD}` cannot be rebuilt: {why}", hint=hint)


@dataclass(frozen=True)
class Rebuilt:
    """The head that was written, and the record that it leads to."""

    head: Head
    record: Record


def rebuild_head(store: Store, fence: int, confirm: Callable[[], None]) -> Rebuilt | None:
    """Let the newest record hold, unless there is a head that can be read; the lock is held, `confirm` makes sure.

    `fence` is higher than any before: whoever held the lock earlier cannot commit.

    Raises:
        Ambiguous: the newest record cannot be read, or does not follow from the one before it, or records are of
            several states, or there are none.
    """
    try:
        found = _damaged(store)
    except _Whole:
        return None
    names = [name for name in store.list(RECORDS) if serial_of(name) is not None]
    chain = _chain(names)
    serials = sorted(serial_of(name) or 0 for name in names)
    record, digest = _newest(store, serials, chain)
    head = Head(record.lineage, record.serial, digest, fence, serials[0], chain, _tombstones(store, chain))
    confirm()
    data = written.write_head(head)
    done = store.write_once(HEAD, data) if found is None else store.replace(HEAD, data, expected=found)
    if not done:
        raise Stale(f"`{store.where(HEAD)}` was replaced while this command ran", hint="run the command again")
    return Rebuilt(head, record)


class _Whole(Exception):
    """The head can be read."""


def _damaged(store: Store) -> bytes | None:
    """The bytes of a head that is none, None where there is nothing.

    Raises:
        _Whole: it can be read.
    """
    try:
        data = store.read(HEAD)
    except Missing:
        return None
    try:
        written.read_head(data)
    except Unreadable:
        return data
    raise _Whole


def _chain(names: Sequence[str]) -> int:
    """Which chain the records are of: an erasure that was killed leaves some of two, and may have erased or not."""
    chains = {chain_of(name) for name in names} or {0}
    if len(chains) > 1:
        raise Ambiguous("an erasure of users was stopped before it ended", f"{RESTORE}, and run `segctl forget` again")
    return chains.pop()


def _tombstones(store: Store, chain: int) -> str:
    """The digest of the list of as many erasures."""
    if not chain:
        return ""
    found = []
    for name in store.list(ERASURES):
        digest = name.rpartition("/")[2].removesuffix(".json")
        with suppress(Missing, Unreadable):
            if len(erasures.read(store.read(name), digest)) == chain:
                found.append(digest)
    if len(found) != 1:
        raise Ambiguous(f"{len(found)} lists in `{store.where(ERASURES)}` say which users were erased", RESTORE)
    return found[0]


def _newest(store: Store, serials: list[int], chain: int) -> tuple[Record, str]:
    """The newest record and its digest."""
    if not serials:
        raise Ambiguous(f"there is no record in `{store.where(RECORDS)}`", RESTORE)
    last = serials[-1]
    read = {serial: _read(store, serial, chain) for serial in serials}
    newest = read[last]
    if newest is None:
        before = f"; or move it away, and serial {serials[-2]} holds again" if len(serials) > 1 else ""
        hint = f"{RESTORE}, or `{record_name(last, chain)}`{before}"
        raise Ambiguous(f"the newest record, `{record_name(last, chain)}`, is damaged", hint)
    lineages = {one[0].lineage for one in read.values() if one is not None}
    if len(lineages) > 1:
        raise Ambiguous(
            f"the records are of {len(lineages)} states", f"{RESTORE}, or move away those of the other state"
        )
    previous = read.get(last - 1)
    if previous is not None and newest[0].previous != previous[1]:
        why = f"`{record_name(last, chain)}` does not follow from `{record_name(last - 1, chain)}`"
        raise Ambiguous(why, f"{RESTORE}, or move away the record that is of another history")
    return newest


def _read(store: Store, serial: int, chain: int) -> tuple[Record, str] | None:
    try:
        record, digest = written.read_record(store.read(record_name(serial, chain)))
    except (Missing, Unreadable):
        return None
    return (record, digest) if record.serial == serial else None
