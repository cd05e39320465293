"""The state: the head, its records, and the populations and memberships they point to.

Whatever is read is checked against its digest, and what is damaged is named. Nothing that was
written is changed; the head alone moves, from one whole record to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from segctl.diagnostics import SegctlError, Stale
from segctl.index.population import Population
from segctl.state import erasures, people, written
from segctl.state import membership as memberships
from segctl.state import traits as trait_tables
from segctl.state.erasures import Erasure
from segctl.state.membership import Membership, Packed
from segctl.state.names import (
    HEAD,
    RECORDS,
    chain_of,
    erasures_name,
    membership_name,
    population_name,
    record_name,
    serial_of,
    traits_name,
)
from segctl.state.reach import beside_records, referred
from segctl.state.record import Head, Record
from segctl.state.store import Missing, Store, Unsure
from segctl.state.traits import PackedTraits, TraitTable
from segctl.state.written import Unreadable

T = TypeVar("T")

_DOCTOR = "`segctl doctor` says what else is damaged, whom it affects, and how to fix it"


class Damage(Stale):
    """An object is not what was written; `what` names it and says why."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the state is damaged: {what}", hint=_DOCTOR)
        self.what = what


@dataclass(frozen=True)
class State:
    """What is applied, in a store."""

    store: Store

    def head(self) -> Head | None:
        """Where the head points; None in a folder that is no state yet, serial 0 before the first apply."""
        try:
            return written.read_head(self.store.read(HEAD))
        except Missing:
            self._refuse_lost_head()
            return None
        except Unreadable as reason:
            raise self._damaged(HEAD, reason) from reason

    def current(self) -> Record | None:
        """The record that holds; None before the first apply."""
        head = self.head()
        return None if head is None or not head.serial else self.record_of(head)

    def mint(self, lineage: str) -> Head:
        """The head; of a state that is none yet one without a record, so that it has a name from now on."""
        head = self.head()
        while head is None:
            self._first_head(Head(lineage, 0, ""))
            head = self.head()
        return head

    def _first_head(self, head: Head) -> None:
        """Written twice: a store that lets the second one pass would let two commits pass."""
        if not self.store.write_once(HEAD, written.write_head(head)):
            return
        if self.store.write_once(HEAD, written.write_head(replace(head, fence=1))):
            raise SegctlError(
                f"`{self.store.where()}` cannot keep a state: it ignores the conditions of a write",
                hint="use a store that does; docs/state.md names some",
            )

    def fence(self) -> None:
        """Let nobody commit who has read the head before: the lock was taken from them."""
        while (head := self.head()) is not None:
            if self._replace_head(head, replace(head, fence=head.fence + 1)):
                return

    def record_of(self, head: Head) -> Record:
        """The record that a head points to."""
        return self._record(head.serial, head.record, head.erasures)

    def record(self, serial: int) -> Record:
        """The record of a serial.

        Raises:
            SegctlError: there is no such serial.
            Stale: it is damaged.
        """
        head = self.head()
        last = 0 if head is None else head.serial
        if head is None or not 1 <= serial <= last:
            known = f"the serials are {head.kept} to {last}" if head and last else "nothing has been applied yet"
            raise SegctlError(f"there is no serial {serial}: {known}")
        if serial < head.kept:
            kept = f"`segctl gc` kept those from {head.kept} on, to {last}"
            raise SegctlError(f"serial {serial} is not kept any more: {kept}")
        return self._record(serial, head.record if serial == last else None, head.erasures)

    def records(self) -> Iterator[Record]:
        """All records that are kept, the last one first, each checked against the one after it."""
        head = self.head()
        if head is not None:
            yield from self.records_of(head)

    def records_of(self, head: Head) -> Iterator[Record]:
        """All records that a head leads to, the last one first."""
        digest: str | None = head.record
        serial = head.serial
        while digest is not None and serial >= head.kept:
            record = self._record(serial, digest, head.erasures)
            yield record
            serial, digest = serial - 1, record.previous

    def population(self, digest: str) -> Population:
        """The population of this digest."""
        return self.checked(population_name(digest), lambda data: people.read(data, digest))

    def membership(self, digest: str) -> Membership:
        """The membership of this digest."""
        return self.checked(membership_name(digest), lambda data: memberships.unpack(data, digest))

    def traits(self, digest: str) -> TraitTable:
        """The table of traits of this digest."""
        return self.checked(traits_name(digest), lambda data: trait_tables.unpack(data, digest))

    def erasures(self) -> tuple[Erasure, ...]:
        """The erasures of users, the first one first."""
        head = self.head()
        return () if head is None else self.erasures_of(head)

    def erasures_of(self, head: Head) -> tuple[Erasure, ...]:
        """The erasures that a head knows of, the first one first."""
        digest = head.tombstones
        return self.checked(erasures_name(digest), lambda data: erasures.read(data, digest)) if digest else ()

    def put_erasures(self, listed: Sequence[Erasure]) -> str:
        """Store a list of erasures, unless it is there already; its digest."""
        data, digest = erasures.write(listed)
        self._put(erasures_name(digest), data)
        return digest

    def put_population(self, population: Population) -> None:
        """Store a population, unless it is there already, and whole."""
        try:
            people.read(self.store.read(population_name(population.digest)), population.digest)
        except (Missing, Unreadable):
            self._put(population_name(population.digest), people.write(population))

    def put_membership(self, packed: Packed) -> None:
        """Store a membership, unless it is there already."""
        self._put(membership_name(packed.digest), packed.data)

    def put_traits(self, packed: PackedTraits) -> None:
        """Store a table of traits, unless it is there already."""
        self._put(traits_name(packed.digest), packed.data)

    def put_record(self, record: Record, confirm: Callable[[], None] = lambda: None, chain: int = 0) -> str:
        """Store a record of a chain in the place of one that a killed command may have left there; its digest.

        `confirm` makes sure of the lock after the one that is there was read: what was read then is no
        other holder's, and replacing compares.
        """
        data, digest = written.write_record(record)
        self._put(record_name(record.serial, chain), data, confirm)
        return digest

    def move_head(self, before: Head | None, after: Head) -> None:
        """Let the next record hold: the commit.

        Raises:
            Stale: the head is not where it was; nothing is changed.
        """
        try:
            moved = self._replace_head(before, after)
        except Unsure as error:
            raise Unsure(
                f"{error}; whether serial {after.serial} holds is not known",
                hint="`segctl history` says so once the store answers; the state is intact either way",
            ) from error
        if not moved and not self._has_held(before, after):
            raise Stale("another command changed the state; this one changed nothing", hint="run the command again")

    def _has_held(self, before: Head | None, after: Head) -> bool:
        """Whether the head did move, the answer was lost, and somebody moved it on."""
        if before is not None and after.serial == before.serial:
            return False
        head = self.head()
        records = self.records_of(head) if head is not None and head.serial > after.serial else ()
        digest = head.record if head is not None and head.serial == after.serial else None
        return (
            digest or next((one.previous for one in records if one.serial == after.serial + 1), None)
        ) == after.record

    def _replace_head(self, before: Head | None, after: Head) -> bool:
        """By the bytes that are there, which another version may have written in another way."""
        try:
            found = self.store.read(HEAD)
        except Missing:
            return before is None and self.store.write_once(HEAD, written.write_head(after))
        try:
            same = written.read_head(found) == before
        except Unreadable as reason:
            raise self._damaged(HEAD, reason) from reason
        return same and self.store.replace(HEAD, written.write_head(after), expected=found)

    def _record(self, serial: int, digest: str | None, chain: int) -> Record:
        name = record_name(serial, chain)
        record, found = self.checked(name, written.read_record)
        if digest not in {None, found} or record.serial != serial:
            raise self._damaged(name, Unreadable("it is not the record that was applied"))
        return record

    def checked(self, name: str, check: Callable[[bytes], T]) -> T:
        """What a check makes of the bytes under a name.

        Raises:
            Damage: they are missing, or none that it accepts.
            Stale: `gc` has collected them meanwhile.
        """
        try:
            return check(self._read(name))
        except Unreadable as reason:
            raise self._damaged(name, reason) from reason

    def _read(self, name: str) -> bytes:
        try:
            return self.store.read(name)
        except Missing:
            if self._is_needed(name):
                raise self._damaged(name, Unreadable("it is missing")) from None
            raise Stale(
                f"`{self.store.where(name)}` was {self._remover()} while this ran", hint="run the command again"
            ) from None

    def _remover(self) -> str:
        head = self.head()
        if head is None or not head.erasures:
            return "collected by `segctl gc`"
        return "replaced by `segctl forget`" if head.kept == 1 else "removed by `segctl gc` or `segctl forget`"

    def _is_needed(self, name: str) -> bool:
        """Whether something that is kept refers to a name; a reader without a lock may have learnt it earlier."""
        head = self.head()
        if head is None or (head.kept == 1 and not head.erasures):
            return True
        serial = serial_of(name)
        if serial is not None:
            return serial >= head.kept and chain_of(name) == head.erasures
        return name in beside_records(head) or any(name in referred(record) for record in self.records_of(head))

    def keep_from(self, head: Head, serial: int) -> Head:
        """Let the serials below this one be forgotten: the head says so before they are deleted.

        Raises:
            Stale: the head is not where it was; nothing is changed.
        """
        after = replace(head, kept=serial)
        self.move_head(head, after)
        return after

    def _put(self, name: str, data: bytes, confirm: Callable[[], None] = lambda: None) -> None:
        """Create, or put in the place of left-overs with other content."""
        while not self.store.write_once(name, data):
            found = self.store.read(name)
            if found == data:
                return
            confirm()
            if self.store.replace(name, data, expected=found):
                return

    def _refuse_lost_head(self) -> None:
        """A head is there before the first record: records without one have lost it."""
        if any(serial_of(name) for name in self.store.list(RECORDS)):
            raise self._damaged(HEAD, Unreadable("it is missing, though there are records"))

    def _damaged(self, name: str, reason: Unreadable) -> Damage:
        return Damage(f"`{self.store.where(name)}`: {reason}")
