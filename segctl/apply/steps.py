"""What an apply or refresh writes, in order, as data: printing and executing go through the same list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from segctl.index.population import Population
from segctl.load.document import Key
from segctl.state import written
from segctl.state.membership import Packed
from segctl.state.record import Head, Record
from segctl.state.traits import PackedTraits


@dataclass(frozen=True, slots=True)
class WritePopulation:
    """Store the users that today's memberships are about."""

    digest: str
    population: Population = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WriteMembership:
    """Store who is in."""

    key: Key
    packed: Packed


@dataclass(frozen=True, slots=True)
class WriteTraits:
    """Store the values of all traits."""

    packed: PackedTraits


@dataclass(frozen=True, slots=True)
class WriteRecord:
    """Store what this serial is, in the chain of records that holds."""

    serial: int
    digest: str
    chain: int = field(default=0, kw_only=True)
    record: Record = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MoveHead:
    """Commit: from here on the new serial holds."""

    before: Head | None
    after: Head


Step = WritePopulation | WriteMembership | WriteTraits | WriteRecord | MoveHead


def steps(
    head: Head | None,
    record: Record,
    population: Population | None,
    published: Mapping[Key, Packed],
    traits: PackedTraits | None = None,
) -> tuple[Step, ...]:
    """What `record` points to first, then the record, the head last: a kill in between changes nothing."""
    _, digest = written.write_record(record)
    before = head or Head(record.lineage, 0, "")
    return (
        *([] if population is None else [WritePopulation(population.digest, population)]),
        *(WriteMembership(key, published[key]) for key in sorted(published)),
        *([] if traits is None else [WriteTraits(traits)]),
        WriteRecord(record.serial, digest, record, chain=before.erasures),
        MoveHead(head, replace(before, lineage=record.lineage, serial=record.serial, record=digest)),
    )
