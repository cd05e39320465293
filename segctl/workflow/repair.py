"""Makes damaged memberships, populations and tables of traits anew; only what comes out bit for bit is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from segctl.diagnostics import SegctlError
from segctl.graph import build
from segctl.index.column import Bits
from segctl.index.population import Population
from segctl.load.document import Key
from segctl.load.project import Definitions
from segctl.plan.variants import drawn
from segctl.progress import Progress, Silent
from segctl.state.examine import Examined, Level
from segctl.state.lease import Lease
from segctl.state.membership import Membership, pack
from segctl.state.names import POPULATIONS, membership_name, population_name, traits_name
from segctl.state.record import Record, Snapshot
from segctl.state.state import State
from segctl.state.traits import TraitTable
from segctl.state.traits import pack as pack_table
from segctl.workflow.evaluate import Data, Library, Target, evaluate, library_of, open_data
from segctl.workflow.opened import applied
from segctl.workflow.stored import Stored
from segctl.workflow.values import compute


@dataclass(frozen=True, eq=False)
class _Then:
    """A record, and its definitions over the data that there are now."""

    state: State
    record: Record
    definitions: Definitions
    progress: Progress

    def data(self, as_of_us: int) -> Data:
        return open_data(self.definitions, as_of_us, self.progress)

    def population(self, digest: str) -> Population | None:
        """The population of a digest, if the data still give it at one of the record's instants."""
        instants = {s.as_of_us for s in self.record.snapshots.values() if s.population == digest}
        instants |= {self.record.as_of_us} if self.record.population == digest else set()
        instants |= {t.as_of_us for t in self.record.traits.columns.values()} if self.record.traits else set()
        made = (self.data(instant).population for instant in sorted(instants, reverse=True))
        return next((one for one in made if one.digest == digest), None)

    def membership(self, key: Key, snapshot: Snapshot) -> Membership:
        """Evaluated as of then; extensions as they were published."""
        data = self.data(snapshot.as_of_us)
        library = self._library(key, snapshot, Stored(self.state, self.record.snapshots, data.population))
        bits = evaluate(data, {key: Target(library, key)}, self.progress).memberships[key]
        _, variants = drawn(key, self.record.definitions[key].data, data.population.ids, bits)
        return Membership(data.population.digest, bits, variants)

    def table(self) -> TraitTable:
        """Every trait as of when it was computed."""
        traits = self.record.traits
        assert traits is not None  # noqa: S101 the caller has looked
        columns: dict[str, pa.Array] = {}
        for name in sorted(traits.columns, key=traits.column):
            data = self.data(traits.columns[name].as_of_us)
            target = Target(library_of(self.definitions), ("trait", name))
            columns[traits.column(name)] = compute(data, {name: target}, self.progress).values[name]
        return TraitTable(data.population.digest, data.population.ids, columns)

    def _library(self, key: Key, snapshot: Snapshot, stored: Stored) -> Library:
        """The definitions, of which extensions stand as published, and what was held when the snapshot was made."""
        held = {other for other, one in self.record.held.items() if one.since_us <= snapshot.as_of_us}
        used = build(self.definitions).upstream(key)
        standing = (other for other in self.record.definitions if other[0] == "extension" or other in held)
        given = {other: stored_bits(stored, other) for other in standing if other in used and other != key}
        return library_of(self.definitions, given)


def stored_bits(stored: Stored, key: Key) -> Bits:
    """The published bits of what stands as published.

    Raises:
        SegctlError: it has none.
    """
    bits = stored.bits(key)
    if bits is None:
        raise SegctlError(f"{' '.join(key)} was never published")
    return bits


def repair(root: Path, state: State, found: Examined, lease: Lease, progress: Progress) -> tuple[str, ...]:
    """The names of what was made anew; the lock is held. Populations come first: what else there is needs them.

    What cannot be made, because definitions or data are others now, is left as it is.
    """
    damaged = [finding for finding in found.findings if finding.level is Level.DAMAGED]
    damaged.sort(key=lambda finding: (not finding.name.startswith(POPULATIONS), finding.name))
    progress.start("repairing", len(damaged))
    mended = []
    try:
        for finding in damaged:
            records = [found.records[serial] for serial in reversed(finding.serials) if serial in found.records]
            if any(_mend(finding.name, state, _then(root, state, record), lease) for record in records):
                mended.append(finding.name)
            progress.advance()
    finally:
        progress.finish()
    return tuple(mended)


def _then(root: Path, state: State, record: Record) -> _Then:
    return _Then(state, record, applied(root, record), Silent())


def _mend(name: str, state: State, then: _Then, lease: Lease) -> bool:
    try:
        for store in _makers(name, state, then):
            lease.confirm()
            store()
            return True
    except SegctlError:
        lease.confirm()
    return False


def _makers(name: str, state: State, then: _Then) -> Iterator[Callable[[], None]]:
    """What stores the object, if it comes out with the digest that it was known by."""
    record = then.record
    for key, snapshot in record.snapshots.items():
        if membership_name(snapshot.membership) == name:
            packed = pack(then.membership(key, snapshot))
            if packed.digest == snapshot.membership:
                yield partial(state.put_membership, packed)
    if record.traits is not None and traits_name(record.traits.table) == name:
        table = pack_table(then.table())
        if table.digest == record.traits.table:
            yield partial(state.put_traits, table)
    if name.startswith(POPULATIONS):
        population = then.population(name.removeprefix(population_name("")))
        if population is not None:
            yield partial(state.put_population, population)
