"""What records refer to, and what lies in a store without being referred to by any that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segctl.load.document import Key
from segctl.state.names import (
    FOLDERS,
    RECORDS,
    erasures_name,
    is_object,
    membership_name,
    population_name,
    record_name,
    serial_of,
    traits_name,
)
from segctl.state.record import Head, Record
from segctl.state.store import Store, is_unfinished


@dataclass(frozen=True)
class Stray:
    """Something in a store that nothing refers to, and its bytes; its kind is its folder, or `unfinished`."""

    name: str
    size: int
    kind: str


UNFINISHED = "unfinished"
"""Of files that a killed process was still writing."""


def uses(record: Record) -> Iterator[tuple[str, Key | None]]:
    """The names that a record refers to, each with the resource it is for (None: for the record itself)."""
    if record.population:
        yield population_name(record.population), None
    for key, snapshot in sorted(record.snapshots.items()):
        yield membership_name(snapshot.membership), key
        yield population_name(snapshot.population), key
    if record.traits is not None:
        yield traits_name(record.traits.table), None
        for name in sorted(record.traits.columns):
            yield traits_name(record.traits.table), ("trait", name)
            yield population_name(record.traits.population), ("trait", name)


def referred(record: Record, chain: int = 0) -> frozenset[str]:
    """The names of a record in a chain (`Head.erasures`), and of all that it refers to."""
    return frozenset({record_name(record.serial, chain), *(name for name, _ in uses(record))})


def beside_records(head: Head) -> frozenset[str]:
    """The names that the head itself refers to, besides its record."""
    return frozenset({erasures_name(head.tombstones)} if head.tombstones else ())


def stored(store: Store) -> Mapping[str, int]:
    """Everything in the state's folders, and what is unfinished beside the head, with its bytes."""
    beside = {name: size for name, size in store.sizes("").items() if is_unfinished(name)}
    return beside | {name: size for folder in FOLDERS for name, size in store.sizes(folder).items()}


def strays(there: Mapping[str, int], needed: Iterable[str]) -> tuple[Stray, ...]:
    """What of what is stored can be deleted, in the order in which it is: data first, then records from the oldest on.

    Names that no state writes are let alone.
    """
    kept = frozenset(needed)
    found = (Stray(name, size, _kind(name)) for name, size in there.items() if name not in kept)
    return tuple(sorted((one for one in found if one.kind), key=_order))


def _kind(name: str) -> str:
    if is_unfinished(name):
        return UNFINISHED
    return name.partition("/")[0] if is_object(name) else ""


def _order(stray: Stray) -> tuple[bool, int, str]:
    return stray.kind == RECORDS, serial_of(stray.name) or 0, stray.name
