"""What one apply or refresh left behind: an immutable record, and the head that points to the last one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from segctl.index.summary import Summary
from segctl.load.document import Key

FORMAT = 1
"""The version of the format of records; a newer one is refused by name, never guessed at."""

ERASED_FORMAT = 2
"""Of a head after an erasure: an older segctl would look for the records under their old names."""


@dataclass(frozen=True)
class Definition:
    """A definition as it was applied: plain data as written, and its fingerprints.

    `own` is of its own logic, `deep` also of what it refers to, `metadata` of the rest. `protect`
    stands here so that it outlives the file.
    """

    data: Mapping[str, object]
    own: str
    deep: str
    metadata: str
    protect: bool = False


@dataclass(frozen=True)
class Snapshot:
    """A published membership: digests of its bits and of the population they are about.

    `serial` is the serial that made it; later records repeat it unchanged until it is made anew.
    `entered`, `exited` and `reassigned` (members that changed their variant) are against the
    snapshot before; `variants` are a campaign's, in order, with their members.
    """

    serial: int
    as_of_us: int
    population: str
    membership: str
    members: int
    entered: int
    exited: int
    reassigned: int = 0
    variants: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Trait:
    """The published values of a trait: which serial computed them, as of when, for how many users.

    `changed` users had another value in the serial before. `column` is the name of its column in the
    table, None where that is its own: a trait that was renamed keeps its column until the next table.
    """

    serial: int
    as_of_us: int
    users: int
    changed: int
    column: str | None = None


@dataclass(frozen=True)
class Traits:
    """The table of all traits: its digest, that of the population whose users it has, and its columns by name."""

    table: str
    population: str
    columns: Mapping[str, Trait]

    def column(self, name: str) -> str:
        """The name of a trait's column in the table."""
        return self.columns[name].column or name


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a record, on which machine, from which commit (None outside of git), in which run of a CI (its URL)."""

    who: str
    host: str
    commit: str | None = None
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A rule that was let pass, for one resource or for all (None), and the reason that was given.

    `by` is who allowed it, where that is somebody else than the record's author, and `source` where they wrote it.
    """

    rule: str
    name: str | None
    reason: str
    by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Why a resource is kept at what was published before: the rules that refused it, each with its message.

    `since_us` is the as_of of the first refresh that held it; `through` are the resources that it depends on,
    and that are held themselves.
    """

    since_us: int
    reasons: tuple[tuple[str, str], ...] = ()
    through: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Record:
    """Everything that is applied, as of one serial.

    `changes` says what this serial did to which resource: create, update, delete, refresh.
    `archived` names what was removed, with the last serial that still had it. `former` has the names
    that a resource had before, the latest first, each with the last serial that had it.
    `previous` is the digest of the record before, so that the records form a chain. `fingerprints`
    is the version of those in the definitions. `traits` is None where there are none.
    `plan` is the digest of the plan that made it, `overrides` what was let pass. `nonce` is of this
    attempt alone: two attempts at the same serial never write the same bytes. `restores` is the older
    serial that a rollback has brought back. `held` is what is kept at what was published before.
    `evaluated` says by serial what the data held when the snapshots of that serial were made.
    """

    serial: int
    lineage: str
    operation: str
    as_of_us: int
    created_us: int
    author: Author
    project: Mapping[str, object]
    definitions: Mapping[Key, Definition]
    snapshots: Mapping[Key, Snapshot]
    population: str
    data: str
    fingerprints: str
    changes: Mapping[Key, str] = field(default_factory=dict)
    archived: Mapping[Key, int] = field(default_factory=dict)
    previous: str | None = None
    traits: Traits | None = None
    plan: str | None = None
    overrides: tuple[Override, ...] = ()
    nonce: str = ""
    restores: int | None = None
    former: Mapping[Key, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    held: Mapping[Key, HeldBack] = field(default_factory=dict)
    evaluated: Mapping[int, Summary] = field(default_factory=dict)

    @property
    def columns(self) -> Mapping[str, Trait]:
        """The traits that are published, by name."""
        return self.traits.columns if self.traits else {}

    def name_at(self, key: Key, serial: int) -> Key:
        """What a resource was called at this serial or an older one."""
        kind, name = key
        for older, last in self.former.get(key, ()):
            name = older if serial <= last else name
        return kind, name

    def renames(self) -> Iterator[tuple[Key, Key, int]]:
        """Names that what is applied had before, each with its name now and the last serial that had the old one."""
        for (kind, name), names in self.former.items():
            if (kind, name) in self.definitions:
                yield from (((kind, old), (kind, name), last) for old, last in reversed(names))


@dataclass(frozen=True, slots=True)
class Head:
    """The one commit point: which record holds.

    A state that is new has a lineage already, serial 0 and no record (an empty text). `fence` counts
    the locks that were taken over: raising it makes sure that their former holders cannot commit.
    Records below the serial `kept` have been collected: nothing of them is read any more.
    `erasures` counts how often users were erased; each time all records are rewritten as a new chain, whose
    files are named by this number. `tombstones` is the digest of the list of erasures (empty: there is none).
    """

    lineage: str
    serial: int
    record: str
    fence: int = 0
    kept: int = 1
    erasures: int = 0
    tombstones: str = ""
