"""A small project whose commands are killed at random instants, and whose members plain Python knows.

Users join and buy a minute apart, and every command's as_of is the end of its minute. So who is in
follows from a record's own definitions and from as_of, whatever has happened to the state since.
"""

from __future__ import annotations

import json
import random
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from segctl.load.document import Key
from segctl.plan.variant_choice import VariantChoice
from segctl.progress import Silent
from segctl.state.examine import Level
from segctl.state.holder import LOCK, Free, look
from segctl.state.names import FOLDERS, HEAD
from segctl.state.reach import referred
from segctl.state.record import Record, Snapshot
from segctl.state.state import State
from segctl.workflow.doctor import doctor
from segctl.workflow.members import Asked, Direction, members
from segctl.workflow.opened import opened_state
from tests.apply.forks import Forks
from tests.apply.shop import run

BEGIN = datetime(2026, 1, 10, tzinfo=UTC)
MINUTE_US = 60_000_000
USERS = 40
Ids = frozenset[str]


def chance(seed: int) -> random.Random:
    """Any instants will do, but the same again for the same seed."""
    return random.Random(seed)  # noqa: S311 nothing secret


@dataclass(frozen=True)
class Person:
    """Somebody who joined in a minute."""

    id: str
    age: int
    joined: int


@dataclass
class World:
    """The data as they have grown, minute by minute, and the files that hold them."""

    root: Path
    state: str
    chance: random.Random
    people: list[Person] = field(default_factory=list)
    purchases: list[tuple[str, int]] = field(default_factory=list)
    minute: int = 0

    def __post_init__(self) -> None:
        """Begin with some users who have bought something."""
        for number in range(USERS):
            self._join(number)
        self.grow()

    def grow(self) -> None:
        """A minute passes: somebody joins now and then, some buy."""
        self.minute += 1
        if self.chance.random() < 0.3:
            self._join(len(self.people))
        for person in self.chance.sample(self.people, 5):
            self.purchases.append((person.id, self.minute))
        users = [f"{person.id},{person.age}" for person in self.people]
        self._write("users.csv", ["id,age", *users])
        rows = [f"{user},purchase,{_text(minute)}" for user, minute in self.purchases if minute == self.minute]
        self._write(f"events-{self.minute:05}.csv", ["user,event,time", *rows])

    def define(self, cut: int, least: int) -> None:
        """Let these be the definitions."""
        folder = self.root / "segments"
        folder.mkdir(parents=True, exist_ok=True)
        project = {
            "kind": "project", "name": "killed", "state": self.state, "users": {"path": "data/users.csv", "id": "id"},
            "events": [{"path": "data/events-*.csv", "user": "user", "time": "time", "name": {"column": "event"}}],
        }  # fmt: skip
        documents = [
            {"kind": "segment", "name": "older", "where": [{"attribute": "age", "at_least": cut}]},
            {"kind": "segment", "name": "buyers", "where": [{"event": "purchase", "count": {"at_least": least}}]},
            {"kind": "segment", "name": "both", "where": [{"segment": "older"}, {"segment": "buyers"}]},
            {"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": True}},
        ]
        (folder / "segctl.yaml").write_text(json.dumps(project))
        (folder / "all.yaml").write_text("\n---\n".join(map(json.dumps, documents)))

    @property
    def as_of(self) -> str:
        """The end of this minute."""
        return _text(self.minute + 1)

    def known(self, as_of_us: int) -> Ids:
        """Who had joined by then."""
        return frozenset(person.id for person in self.people if _us(person.joined) < as_of_us)

    def orders(self, as_of_us: int) -> Counter[str]:
        """How often each had bought by then."""
        return Counter(user for user, minute in self.purchases if _us(minute) < as_of_us)

    def members(self, record: Record, key: Key) -> Ids:
        """Who is in, by the record's definitions and as of its snapshot, without segctl."""
        as_of_us = record.snapshots[key].as_of_us
        cut = _number(record, "older", ("at_least",))
        least = _number(record, "buyers", ("count", "at_least"))
        orders = self.orders(as_of_us)
        older = {person.id for person in self.people if person.age >= cut}
        buyers = {user for user, times in orders.items() if times >= least}
        return self.known(as_of_us) & {"older": older, "buyers": buyers, "both": older & buyers}[key[1]]

    def _join(self, number: int) -> None:
        self.people.append(Person(f"user{number:04}", self.chance.randrange(10, 70), self.minute))

    def _write(self, name: str, lines: list[str]) -> None:
        folder = self.root / "data"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join(lines) + "\n")


def _us(minute: int) -> int:
    return (BEGIN + timedelta(minutes=minute) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _text(minute: int) -> str:
    return (BEGIN + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(record: Record, name: str, path: tuple[str, ...]) -> int:
    value: Any = record.definitions["segment", name].data["where"]
    value = value[0]
    for part in path:
        value = value[part]
    return int(value)


@dataclass
class Tally:
    """What became of one operation's rounds."""

    rounds: int = 0
    killed: int = 0
    moved: int = 0
    killed_after: int = 0
    codes: Counter[int] = field(default_factory=Counter)


@dataclass
class Killing:
    """Rounds of commands that are killed; `longest` is about how long each takes, in seconds."""

    world: World
    server: Forks
    chance: random.Random
    tallies: dict[str, Tally] = field(default_factory=dict)
    longest: dict[str, float] = field(default_factory=dict)
    before: Record | None = None

    def begin(self) -> None:
        """Publish serial 1."""
        self.world.define(30, 1)
        assert self.segctl("apply", "--auto-approve", "--as-of", self.world.as_of) == 0
        self.before = self.check()
        assert self.before.serial == 1

    def round(self) -> None:
        """One command, killed at some instant of it or just not; then everything is looked at."""
        assert self.before is not None
        self.world.grow()
        operation = self.chance.choice(["apply", "apply", "refresh", "rollback", "gc"])
        longest = self.longest.setdefault(operation, 0.4)
        code = self.segctl(*self._arguments(operation), after=self.chance.uniform(0, 1.15) * longest)
        assert code in {0, -signal.SIGKILL}, (operation, code)
        self.longest[operation] = max(longest * (0.5 if code == 0 else 1.25), 0.02)
        found = self.check()
        tally = self.tallies.setdefault(operation, Tally())
        moved = found.serial - self.before.serial
        assert moved in ({0} if operation == "gc" else {0, 1})
        assert moved or found == self.before
        tally.rounds += 1
        tally.codes[code] += 1
        tally.killed += code != 0
        tally.moved += moved
        tally.killed_after += bool(moved and code)
        self.before = found

    def segctl(self, *arguments: str, after: float = 0) -> int:
        """One command line; killed after so many seconds (0: not)."""
        return self.server.segctl("-C", str(self.world.root), *arguments, after=after)

    def _arguments(self, operation: str) -> tuple[str, ...]:
        assert self.before is not None
        allowed = ("--allow", "max_exit", "--allow", "max_enter", "--reason", "killing")
        match operation:
            case "apply":
                self.world.define(self.chance.randrange(15, 60), self.chance.randrange(1, 4))
                return "apply", "--auto-approve", "--as-of", self.world.as_of, *allowed
            case "refresh":
                return "refresh", "--as-of", self.world.as_of, *allowed
            case "rollback":
                back = self.chance.randrange(self.state.kept(), self.before.serial + 1)
                return "rollback", str(back), "--auto-approve", *allowed, "--allow", "earlier_as_of"
            case _:
                return "gc", "--keep", str(self.chance.randrange(2, 12))

    @property
    def state(self) -> Found:
        """The state as it is now."""
        return Found(opened_state(self.world.root)[1])

    def check(self) -> Record:
        """The record that holds, after making sure that all of it is as plain Python says."""
        state = self.state.state
        record = state.current()
        assert record is not None
        population = state.population(record.population)
        assert frozenset(population.ids.to_pylist()) == self.world.known(record.as_of_us)
        for key, snapshot in record.snapshots.items():
            members = _published(state, snapshot)
            assert members == self.world.members(record, key), key
            assert len(members) == snapshot.members
        _check_orders(state, record, self.world)
        self._check_deltas(state, record)
        self._check_doctor()
        return record

    def _check_deltas(self, state: State, record: Record) -> None:
        """Nobody is lost or doubled: who entered and exited is the difference of the two memberships."""
        if record.serial == 1 or record.serial - 1 < self.state.kept():
            return
        before = state.record(record.serial - 1)
        for key, snapshot in record.snapshots.items():
            new, old = self.world.members(record, key), self.world.members(before, key)
            entered, exited = self._moved(key, record, "entered"), self._moved(key, record, "exited")
            assert (entered, exited) == (sorted(new - old), sorted(old - new)), key
            if snapshot.serial == record.serial:
                assert (snapshot.entered, snapshot.exited) == (len(entered), len(exited)), key

    def _moved(self, key: Key, record: Record, direction: Direction) -> list[str]:
        asked = Asked((".".join(key),), serial=record.serial, direction=direction, variants=VariantChoice(every=True))
        (found,) = members(self.world.root, asked)
        return [str(user) for user in found.ids.to_pylist()]

    def _check_doctor(self) -> None:
        found = doctor(self.world.root, run().origin, _us(self.world.minute) + 10**15, Silent())
        assert found.is_whole, found.findings
        assert all(one.level is Level.LEFT_OVER or one.name == LOCK for one, _ in found.findings), found.findings

    def end(self) -> tuple[int, int]:
        """A last gc: what is stored is exactly what is referred to; how many objects before, and after.

        Commands must have been killed at work, and others must have gone through: else nothing was shown.
        """
        tallies = self.tallies.values()
        assert sum(tally.killed for tally in tallies) > sum(tally.rounds for tally in tallies) // 4
        assert sum(tally.moved for tally in tallies) > 1
        before = len(self.state.names())
        assert self.segctl("gc", "--keep", "5") == 0
        self.check()
        names = self.state.names()
        assert names == self.state.needed()
        return before, len(names)


@dataclass(frozen=True)
class Found:
    """A state, and what lies in its store."""

    state: State

    def kept(self) -> int:
        """The first serial that is kept."""
        head = self.state.head()
        return head.kept if head else 1

    def names(self) -> frozenset[str]:
        """Everything that is stored; not the index, nor what keeps two processes apart."""
        folders = ("", *FOLDERS)
        names = frozenset(name for folder in folders for name in self.state.store.sizes(folder))
        return names - {".guard", LOCK if isinstance(look(self.state.store), Free) else ""}

    def needed(self) -> frozenset[str]:
        """The head, the records, and what they refer to."""
        return frozenset({HEAD}).union(*(referred(record) for record in self.state.records()))


def _published(state: State, snapshot: Snapshot) -> Ids:
    ids = state.population(snapshot.population).ids.to_pylist()
    bits = state.membership(snapshot.membership).bits.tolist()
    chosen = [user for user, bit in zip(ids, bits, strict=True) if bit]
    assert len(set(chosen)) == len(chosen)
    return frozenset(chosen)


def _check_orders(state: State, record: Record, world: World) -> None:
    assert record.traits is not None
    table = state.traits(record.traits.table)
    orders = world.orders(record.traits.columns["orders"].as_of_us)
    found: Mapping[str, int] = dict(zip(table.ids.to_pylist(), table.columns["orders"].to_pylist(), strict=True))
    assert found == {user: orders[user] for user in found}


def table(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The rounds as lines."""
    yield f"{'operation':<10} {'rounds':>7} {'killed':>7} {'new serial':>11} {'killed after the commit':>24}"
    for name, tally in sorted(tallies.items()):
        yield f"{name:<10} {tally.rounds:>7} {tally.killed:>7} {tally.moved:>11} {tally.killed_after:>24}"
    every = tallies.values()
    total = [sum(t.rounds for t in every), sum(t.killed for t in every), sum(t.moved for t in every)]
    yield f"{'all':<10} {total[0]:>7} {total[1]:>7} {total[2]:>11} {sum(t.killed_after for t in every):>24}"
