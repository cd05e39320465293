"""A store that dies at an operation, and a state on it whose members plain Python knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from segctl.apply.erase import Writer, delete_strays
from segctl.apply.execute import execute
from segctl.apply.steps import steps
from segctl.progress import Silent
from segctl.sources.sought import SoughtIds
from segctl.state.erasures import Erasure
from segctl.state.holder import Holder
from segctl.state.lock import AT_ONCE, lock
from segctl.state.membership import pack
from segctl.state.reach import beside_records, referred
from segctl.state.record import Author
from segctl.state.state import State
from segctl.state.store import Store
from segctl.state.survey import survey
from segctl.state.traits import pack as pack_traits
from tests.apply.publish import NAMES, expected, next_record, people, values
from tests.state.builders import NOON, ORIGIN

GONE = "user7"


class Killed(BaseException):
    """The process is gone, in the eyes of the store."""


@dataclass
class Dying:
    """Does so many operations, then none any more; none either once it shall replace what is called `fatal`."""

    store: Store
    left: int = 1_000_000
    fatal: str = ""
    _alone: Lock = field(default_factory=Lock)

    @property
    def atomic_delete(self) -> bool:
        return self.store.atomic_delete

    def _step(self) -> None:
        with self._alone:
            self.left -= 1
            if self.left < 0:
                raise Killed

    def read(self, name: str) -> bytes:
        self._step()
        return self.store.read(name)

    def write_once(self, name: str, data: bytes) -> bool:
        self._step()
        return self.store.write_once(name, data)

    def replace(self, name: str, data: bytes, *, expected: bytes | None) -> bool:
        self.left = 0 if name == self.fatal else self.left
        self._step()
        return self.store.replace(name, data, expected=expected)

    def delete(self, name: str, *, expected: bytes) -> bool:
        self._step()
        return self.store.delete(name, expected=expected)

    def list(self, folder: str) -> Sequence[str]:
        self._step()
        return self.store.list(folder)

    def sizes(self, folder: str) -> Mapping[str, int]:
        self._step()
        return self.store.sizes(folder)

    def discard(self, name: str) -> bool:
        self._step()
        return self.store.discard(name)

    def where(self, name: str = "") -> str:
        return self.store.where(name)


def publish(store: Store) -> int:
    """Publish the next serial."""
    state = State(store)
    with lock(store, Holder(ORIGIN, "apply", NOON), AT_ONCE, state.fence) as lease:
        head = state.head()
        serial = head.serial + 1 if head else 1
        published = {("segment", name): pack(expected(serial, name)) for name in NAMES}
        traits = pack_traits(values(serial))
        made = next_record(serial, head.record if head else None, published, traits)
        execute(steps(head, made, people(serial), published, traits), state, lease, Silent())
    return serial


def erase(store: Store, dying: Store | None = None) -> None:
    """Erase the user, on a store that may die; the lock lies on one that lives."""
    state, sought = State(dying or store), SoughtIds.of([GONE])
    with lock(store, Holder(ORIGIN, "forget", NOON), AT_ONCE, State(store).fence) as lease:
        head = state.head()
        assert head is not None
        found = survey(state, head, sought, Silent())
        if not found.is_empty:
            tombstone = Erasure(NOON, Author("ada", "engine"), len(found.users), head.serial)
            head = Writer(state, sought, lease, b"secret", Silent()).rewrite(found, tombstone)
        delete_strays(state, head, lease, Silent())


def check(store: Store) -> bool:
    """Whether the user is erased, after making sure that all serials are whole, all with the user or all without."""
    state = State(store)
    head = state.head()
    assert head is not None
    gone = head.erasures > 0
    assert [erasure.users for erasure in state.erasures()] == [1] * gone
    serials = []
    for record in state.records():
        serials.append(record.serial)
        before = people(record.serial).ids.to_pylist()
        ids = [user for user in before if user != GONE or not gone]
        assert state.population(record.population).ids.to_pylist() == ids
        for (_, name), snapshot in record.snapshots.items():
            assert snapshot.population == record.population
            found = state.membership(snapshot.membership)
            bits = zip(before, expected(record.serial, name).bits.tolist(), strict=True)
            assert found.bits.tolist() == [bit for user, bit in bits if user != GONE or not gone]
            assert found.members == snapshot.members
        assert record.traits is not None
        table = state.traits(record.traits.table)
        assert table.ids.to_pylist() == ids
        worth = dict(zip(before, values(record.serial).columns["worth"].to_pylist(), strict=True))
        assert table.columns["worth"].to_pylist() == [worth[user] for user in ids]
    assert serials == list(range(head.serial, 0, -1))
    return gone


def needed(store: Store) -> set[str]:
    """What the head leads to, by name."""
    state = State(store)
    head = state.head()
    assert head is not None
    return set(beside_records(head)).union(*(referred(one, head.erasures) for one in state.records()))
