"""Whether anything in a state holds one of some ids: every object is read, every place of an id is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from segctl.index.threads import threads
from segctl.load.document import Key
from segctl.progress import Progress
from segctl.sources.sought import SoughtIds
from segctl.state import erasures, people, traits, written
from segctl.state.holder import LOCK
from segctl.state.names import ERASURES, HEAD, MEMBERSHIPS, POPULATIONS, RECORDS, TRAITS, is_object
from segctl.state.reach import stored
from segctl.state.record import Record
from segctl.state.store import Missing, Store
from segctl.state.written import Unreadable

_THREADS = 4
"""Objects that are read at once; a population of millions takes its memory."""


@dataclass(frozen=True)
class Occurrence:
    """An object that holds one of the ids, and in what; `definitions` are those that name it, which nobody alters."""

    name: str
    what: str
    definitions: tuple[Key, ...] = ()


def search(store: Store, sought: SoughtIds, progress: Progress) -> tuple[tuple[Occurrence, ...], int]:
    """What holds one of the ids, and how many objects were read.

    What is left over is read too, and so are files that segctl did not write: those by their bytes.
    """
    names = sorted({*stored(store), *store.sizes("")} - {HEAD, LOCK, ".guard"})
    progress.start("searching", len(names))
    found: list[Occurrence] = []
    try:
        with threads(_THREADS) as pool:
            for some in pool.map(lambda name: list(_of(store, name, sought)), names):
                found += some
                progress.advance()
    finally:
        progress.finish()
    return tuple(found), len(names)


def _of(store: Store, name: str, sought: SoughtIds) -> Iterator[Occurrence]:
    try:
        data = store.read(name)
    except Missing:  # collected meanwhile
        return
    folder, _, rest = name.partition("/")
    look = SEARCHED[folder] if is_object(name) else _in_bytes
    try:
        yield from look(name, data, rest.partition(".")[0], sought)
    except Unreadable:
        yield from _in_bytes(name, data, "", sought)


def _in_population(name: str, data: bytes, digest: str, sought: SoughtIds) -> Iterator[Occurrence]:
    users = int((sought.numbers(people.read(data, digest).ids) >= 0).sum())
    if users:
        yield Occurrence(name, f"the ids of {users:,} of the users")


def _in_membership(name: str, data: bytes, digest: str, sought: SoughtIds) -> Iterator[Occurrence]:
    """Bits, and the digest of the population that they are about."""
    del name, data, digest, sought
    yield from ()


def _in_traits(name: str, data: bytes, digest: str, sought: SoughtIds) -> Iterator[Occurrence]:
    table = traits.unpack(data, digest)
    users = int((sought.numbers(table.ids) >= 0).sum())
    if users:
        yield Occurrence(name, f"the rows of {users:,} of the users")
    for column, values in table.columns.items():
        rows = sought.within(values)
        if rows is not None and rows.any():
            yield Occurrence(name, f"{int(rows.sum()):,} values of trait `{column}`")


def _in_record(name: str, data: bytes, digest: str, sought: SoughtIds) -> Iterator[Occurrence]:
    del digest
    record, _ = written.read_record(data)
    named = tuple(naming(record, partial(named_by, sought)))
    if named:
        yield Occurrence(name, "definitions as they were applied", named)
    if any(sought.named_in(one.reason) for one in record.overrides):
        yield Occurrence(name, "the reason of an override")


def _in_erasures(name: str, data: bytes, digest: str, sought: SoughtIds) -> Iterator[Occurrence]:
    if any(sought.named_in(erasure.reason) for erasure in erasures.read(data, digest)):
        yield Occurrence(name, "the reason of an erasure")


def _in_bytes(name: str, data: bytes, digest: str, sought: SoughtIds) -> Iterator[Occurrence]:
    del digest
    if sought.in_bytes(data):
        yield Occurrence(name, "the bytes of a file")


Look = Callable[[str, bytes, str, SoughtIds], Iterator[Occurrence]]

SEARCHED: Mapping[str, Look] = {
    POPULATIONS: _in_population, MEMBERSHIPS: _in_membership, TRAITS: _in_traits, RECORDS: _in_record,
    ERASURES: _in_erasures,
}  # fmt: skip
"""How each folder of a state is searched.

Ledgers of deliveries belong here as well, and in `apply.erase.Writer.rewrite`, once there are some.
"""


def naming(record: Record, named: Callable[[Key, str, Mapping[str, object]], bool]) -> Iterator[Key]:
    """The definitions of a record, its project among them, that name an id; `named` is told key, version and data."""
    project = ("project", str(record.project.get("name", "")))
    if named(project, "", record.project):
        yield project
    for key, one in sorted(record.definitions.items()):
        if named(key, f"{one.deep} {one.metadata}", one.data):
            yield key


def named_by(sought: SoughtIds, key: Key, version: str, data: Mapping[str, object]) -> bool:
    """Whether one of the ids stands in a text of a definition. Numbers are none: 7 may be anything."""
    del key, version
    return any(sought.named_in(text) for text in _texts(data))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (str(key), *_texts(item))
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)
