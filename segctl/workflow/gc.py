"""`segctl gc`: forgets all but the last serials, and deletes what no serial that is kept refers to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from segctl.progress import Progress
from segctl.state.lease import Lease
from segctl.state.reach import Stray, beside_records, referred, stored, strays
from segctl.state.record import Head
from segctl.state.state import State
from segctl.workflow.commit import held
from segctl.workflow.opened import opened_state
from segctl.workflow.request import Run

KEEP = 20
"""So many serials are kept unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things, and their bytes."""

    objects: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Wanted:
    """How many serials to keep, and whether to only say what would go."""

    keep: int = KEEP
    dry_run: bool = False


@dataclass(frozen=True)
class Collected:
    """What was deleted (or would be) by kind, and what is kept; the serials `first` to `last` are (0: none is)."""

    deleted: Mapping[str, Tally]
    kept: Tally
    first: int
    last: int
    dry_run: bool


@dataclass(frozen=True)
class _Sorted:
    """What goes, and what stays, once the serials below `first` are forgotten."""

    head: Head
    first: int
    going: tuple[Stray, ...]
    kept: Tally

    def collected(self, gone: Iterable[Stray], *, dry_run: bool) -> Collected:
        return Collected(_by_kind(gone), self.kept, self.first, self.head.serial, dry_run)


def gc(start: Path, wanted: Wanted, run: Run, now_us: int, progress: Progress) -> Collected:
    """Keep the last serials and all that they refer to; delete the rest.

    The head says first from which serial on the state is kept; then data are deleted, then records from the
    oldest on. A kill in between leaves left-overs, which the next run deletes.

    Raises:
        Locked: somebody else is at work, or took the lock over meanwhile.
        Stale: the state is damaged, so that nobody can say what is needed; nothing is deleted.
    """
    _, state, _ = opened_state(start)
    head = state.head()
    if head is None and not stored(state.store):
        return Collected({}, Tally(), 0, 0, wanted.dry_run)
    if wanted.dry_run:
        found = _sorted(state, head or Head("", 0, ""), wanted.keep)
        return found.collected(found.going, dry_run=True)
    with held(state, run, "gc", now_us) as hold:
        found = _sorted(state, state.mint(run.lineage), wanted.keep)
        if found.first > found.head.kept:
            hold.lease.confirm()
            state.keep_from(found.head, found.first)
        return found.collected(_delete(state, found.going, hold.lease, progress), dry_run=False)


def _sorted(state: State, head: Head, keep: int) -> _Sorted:
    """Every record that is kept is read before anything is deleted."""
    first = max(head.kept, head.serial - keep + 1)
    needed = set(beside_records(head))
    for record in islice(state.records_of(head), max(0, head.serial - first + 1)):
        needed |= referred(record, head.erasures)
    there = stored(state.store)
    kept = [size for name, size in there.items() if name in needed]
    return _Sorted(head, first if head.serial else 0, strays(there, needed), Tally(len(kept), sum(kept)))


def _delete(state: State, going: tuple[Stray, ...], lease: Lease, progress: Progress) -> list[Stray]:
    """One after the other, each only while the lock is still ours: whoever takes it over may need it again."""
    gone = []
    progress.start("collecting", len(going))
    try:
        for stray in going:
            lease.confirm()
            if state.store.discard(stray.name):
                gone.append(stray)
            progress.advance()
    finally:
        progress.finish()
    return gone


def _by_kind(gone: Iterable[Stray]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for stray in gone:
        before = tallies.get(stray.kind, Tally())
        tallies[stray.kind] = Tally(before.objects + 1, before.bytes + stray.size)
    return dict(sorted(tallies.items()))
