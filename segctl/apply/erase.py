"""Removes users from every serial: new objects and a new chain of records first, then the head moves, then the old go.

A kill before the head moves leaves the old chain, whole; after it the new one. Whatever is left over then is deleted
by the next run, as by `gc`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from segctl.index.threads import threads
from segctl.progress import Progress
from segctl.sources.sought import SoughtIds
from segctl.state.cut import Cut, CutMembership, CutTable, cut_membership, cut_population, cut_table
from segctl.state.erasures import Erasure
from segctl.state.lease import Lease
from segctl.state.reach import Stray, beside_records, referred, stored, strays
from segctl.state.record import Head
from segctl.state.rewrite import Rewriter
from segctl.state.state import State
from segctl.state.survey import Chain, Found, each

_AT_ONCE = 8
"""Objects that are deleted under one look at the lock."""


@dataclass(frozen=True, eq=False)
class Writer:
    """Rewrites a state while its lock is held; `secret` is forgotten afterwards."""

    state: State
    sought: SoughtIds
    lease: Lease
    secret: bytes
    progress: Progress
    keep_values: bool = False

    def rewrite(self, found: Found, erasure: Erasure) -> Head:
        """Publish the state without the users that were found; the new head.

        Raises:
            Locked: the lock was taken over meanwhile; the head has not moved.
            Stale: the state is damaged, or has moved; the head has not moved.
        """
        rewriter = Rewriter(self.sought, found.cuts, self._memberships(found), self._tables(found), self.secret)
        self._populations(found)
        head = found.chain.head
        record = self._records(found.chain, rewriter)
        before = (replace(one, reason=self.sought.redacted(one.reason)) for one in self.state.erasures_of(head))
        tombstones = self.state.put_erasures((*before, erasure))
        after = replace(head, record=record, erasures=head.erasures + 1, tombstones=tombstones)
        self.lease.confirm()
        self.state.move_head(head, after)
        return after

    def _populations(self, found: Found) -> None:
        def write(digest: str) -> None:
            made = cut_population(self.state.population(digest), self.sought)
            if made is not None:
                self.state.put_population(made[0])

        for _ in each(write, sorted(found.cuts), "rewriting populations", self.progress):
            pass

    def _memberships(self, found: Found) -> Mapping[str, CutMembership]:
        def write(item: tuple[str, Cut]) -> CutMembership:
            packed, cut = cut_membership(self.state.membership(item[0]), item[1])
            self.state.put_membership(packed)
            return cut

        items = [(digest, found.cuts[population]) for digest, population in sorted(found.memberships.items())]
        return {item[0]: cut for item, cut in each(write, items, "rewriting memberships", self.progress)}

    def _tables(self, found: Found) -> Mapping[str, CutTable]:
        def write(digest: str) -> CutTable | None:
            population = found.cuts.get(found.chain.tables[digest])
            made = cut_table(self.state.traits(digest), population, self.sought, keep_values=self.keep_values)
            if made is None:
                return None
            self.state.put_traits(made[0])
            return made[1]

        made = each(write, sorted(found.tables), "rewriting traits", self.progress)
        return {digest: cut for digest, cut in made if cut is not None}

    def _records(self, chain: Chain, rewriter: Rewriter) -> str:
        """Write the new chain, from the oldest record on; the digest of the last one."""
        self.progress.start("rewriting records", len(chain.digests))
        before, digest = None, None
        try:
            for serial in sorted(chain.digests):
                old = self.state.record_of(replace(chain.head, serial=serial, record=chain.digests[serial]))
                new = rewriter.record(old, before, digest if before else old.previous)
                digest = self.state.put_record(new, self.lease.confirm, chain.head.erasures + 1)
                before = old
                self.progress.advance()
        finally:
            self.progress.finish()
        return str(digest)


def delete_strays(state: State, head: Head, lease: Lease, progress: Progress) -> list[Stray]:
    """Delete everything that the head does not lead to; what went.

    Raises:
        Locked: the lock was taken over meanwhile; nothing more was deleted.
    """
    needed = set(beside_records(head))
    for record in state.records_of(head) if head.serial else ():
        needed |= referred(record, head.erasures)
    going = strays(stored(state.store), needed)
    return _delete(state, going, lease, progress)


def _delete(state: State, going: Sequence[Stray], lease: Lease, progress: Progress) -> list[Stray]:
    gone: list[Stray] = []
    progress.start("deleting", len(going))
    try:
        with threads(_AT_ONCE) as pool:
            for first in range(0, len(going), _AT_ONCE):
                some = going[first : first + _AT_ONCE]
                lease.confirm()
                done = pool.map(lambda stray: state.store.discard(stray.name), some)
                gone += [stray for stray, deleted in zip(some, done, strict=True) if deleted]
                progress.advance(len(some))
    finally:
        progress.finish()
    return gone
