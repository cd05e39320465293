"""Where a chain of records holds some ids: which objects have to be rewritten, and for how many users."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from segctl.index.threads import threads
from segctl.load.document import Key
from segctl.progress import Progress
from segctl.sources.sought import SoughtIds
from segctl.state.cut import Cut, cut_population, values_held
from segctl.state.record import Head, Record
from segctl.state.search import named_by, naming
from segctl.state.state import State

T = TypeVar("T")
U = TypeVar("U")

THREADS = 4
"""Objects at work at once; a population of millions takes its memory."""


@dataclass(frozen=True)
class Chain:
    """What the records of a head refer to, each object once.

    `digests` are those of the records by serial, the last one first. `memberships` and `tables` say over which
    population they are. `texts` are the serials whose reasons name an id, `named` the definitions that do, with
    their serials.
    """

    head: Head
    digests: Mapping[int, str]
    populations: Mapping[str, frozenset[int]]
    memberships: Mapping[str, str]
    tables: Mapping[str, str]
    texts: frozenset[int]
    named: Mapping[Key, tuple[int, ...]]


@dataclass(frozen=True)
class Found:
    """What of a chain holds the ids. `users` are the numbers of those that are there.

    `values` says by trait's column how many values of other users are one of the ids, over all tables.
    """

    chain: Chain
    cuts: Mapping[str, Cut]
    tables: frozenset[str]
    users: frozenset[int]
    values: Mapping[str, int]
    erasures: bool = False

    @property
    def memberships(self) -> Mapping[str, str]:
        """The memberships to rewrite, each with its population."""
        return {name: population for name, population in self.chain.memberships.items() if population in self.cuts}

    @property
    def serials(self) -> tuple[int, ...]:
        """The serials that hold one of the users."""
        found = {serial for digest in self.cuts for serial in self.chain.populations[digest]}
        return tuple(sorted(found))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to rewrite."""
        return not (self.cuts or self.tables or self.chain.texts or self.erasures)


@dataclass
class _Collected:
    """What is gathered while the chain is walked."""

    populations: dict[str, set[int]] = field(default_factory=dict)
    memberships: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    named: dict[Key, list[int]] = field(default_factory=dict)
    versions: dict[tuple[Key, str], bool] = field(default_factory=dict)

    def take(self, record: Record) -> None:
        populations = {record.population, *(one.population for one in record.snapshots.values())}
        self.memberships |= {one.membership: one.population for one in record.snapshots.values()}
        if record.traits is not None:
            populations.add(record.traits.population)
            self.tables[record.traits.table] = record.traits.population
        for digest in populations - {""}:
            self.populations.setdefault(digest, set()).add(record.serial)


def walk(state: State, head: Head, sought: SoughtIds, progress: Progress) -> Chain:
    """Read the records of a head, the last one first; no more than one is held at a time."""
    found, digests, texts = _Collected(), {}, set()

    def named(key: Key, version: str, data: Mapping[str, object]) -> bool:
        if not version:
            return named_by(sought, key, version, data)
        if (key, version) not in found.versions:
            found.versions[key, version] = named_by(sought, key, version, data)
        return found.versions[key, version]

    progress.start("reading records", head.serial - head.kept + 1 if head.serial else 0)
    try:
        digest: str | None = head.record
        for record in state.records_of(head) if head.serial else ():
            digests[record.serial] = str(digest)
            digest = record.previous
            found.take(record)
            for key in naming(record, named):
                found.named.setdefault(key, []).append(record.serial)
            if any(sought.named_in(one.reason) for one in record.overrides):
                texts.add(record.serial)
            progress.advance()
    finally:
        progress.finish()
    return Chain(
        head, digests, {name: frozenset(serials) for name, serials in found.populations.items()}, found.memberships,
        found.tables, frozenset(texts), {key: tuple(sorted(serials)) for key, serials in found.named.items()},
    )  # fmt: skip


def survey(state: State, head: Head, sought: SoughtIds, progress: Progress, *, keep_values: bool = False) -> Found:
    """Look into every population and every table of a head's records, each once.

    Raises:
        Stale: the state is damaged; what cannot be read cannot be rewritten.
    """
    chain = walk(state, head, sought, progress)

    def cut(digest: str) -> Cut | None:
        found = cut_population(state.population(digest), sought)
        return found[1] if found else None

    populations = dict(each(cut, sorted(chain.populations), "searching populations", progress))
    cuts = {digest: found for digest, found in populations.items() if found is not None}

    def held(digest: str) -> dict[str, int]:
        return values_held(state.traits(digest), cuts.get(chain.tables[digest]), sought)

    tables = dict(each(held, sorted(chain.tables), "searching traits", progress))
    values: Counter[str] = Counter()
    for found in tables.values():
        values.update(found)
    changed = {name for name, found in tables.items() if chain.tables[name] in cuts or (found and not keep_values)}
    users = {int(number) for one in cuts.values() for number in one.numbers}
    erasures = any(sought.named_in(one.reason) for one in state.erasures_of(head))
    return Found(chain, cuts, frozenset(changed), frozenset(users), dict(sorted(values.items())), erasures)


def each(work: Callable[[T], U], keys: Iterable[T], label: str, progress: Progress) -> Iterator[tuple[T, U]]:
    """The work's result for each key, a few at once, in the order of the keys."""
    wanted = list(keys)
    progress.start(label, len(wanted))
    try:
        with threads(THREADS) as pool:
            for key, result in zip(wanted, pool.map(work, wanted), strict=True):
                yield key, result
                progress.advance()
    finally:
        progress.finish()
