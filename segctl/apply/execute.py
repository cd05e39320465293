"""Steps to effects. Each step is whole or has not happened, and can be done again."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.apply.steps import MoveHead, Step, WriteMembership, WritePopulation, WriteRecord, WriteTraits
from segctl.index.threads import threads
from segctl.progress import Progress
from segctl.state.lease import Lease
from segctl.state.state import State

_THREADS = 8
"""Objects written at once: a disk takes its time to make each durable, an object store to answer."""
_POINTING = (WriteRecord, MoveHead)


def execute(steps: Sequence[Step], state: State, lease: Lease, progress: Progress) -> None:
    """Do the steps under a lock: all content, a few objects at a time, then in their order what points to it.

    Raises:
        Locked: the lock was taken over meanwhile.
        SegctlError: one cannot be done; none after it has been, so the head has not moved.
        Stale: the state has moved meanwhile.
    """
    progress.start("publishing", len(steps))
    try:
        with threads(_THREADS) as pool:
            for _ in pool.map(lambda step: _store(step, state), (s for s in steps if not isinstance(s, _POINTING))):
                progress.advance(1)
        for step in steps:
            if isinstance(step, _POINTING):
                _point(step, state, lease)
                progress.advance(1)
    finally:
        progress.finish()


def _store(step: WritePopulation | WriteMembership | WriteTraits, state: State) -> None:
    match step:
        case WritePopulation(population=population):
            state.put_population(population)
        case WriteMembership(packed=packed):
            state.put_membership(packed)
        case WriteTraits(packed=traits):
            state.put_traits(traits)


def _point(step: WriteRecord | MoveHead, state: State, lease: Lease) -> None:
    match step:
        case WriteRecord(record=record, chain=chain):
            state.put_record(record, lease.confirm, chain)
        case MoveHead(before, after):
            lease.confirm()
            state.move_head(before, after)
