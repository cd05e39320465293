"""Steps to effects. Each step is whole or has not happened, and can be done again."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.apply.steps import MoveHead, Step, WriteMembership, WritePopulation, WriteRecord, WriteTraits
from segctl.progress import Progress
from segctl.state.lock import Lease
from segctl.state.state import State


def execute(steps: Sequence[Step], state: State, lease: Lease, progress: Progress) -> None:
    """Do the steps in their order, under a lock.

    Raises:
        Locked: the lock was taken over meanwhile.
        SegctlError: one cannot be done; none after it has been, so the head has not moved.
        Stale: the state has moved meanwhile.
    """
    progress.start("publishing", len(steps))
    try:
        for step in steps:
            _do(step, state, lease)
            progress.advance(1)
    finally:
        progress.finish()


def _do(step: Step, state: State, lease: Lease) -> None:
    match step:
        case WritePopulation(population=population):
            state.put_population(population)
        case WriteMembership(packed=packed):
            state.put_membership(packed)
        case WriteTraits(packed=traits):
            state.put_traits(traits)
        case WriteRecord(record=record):
            state.put_record(record, lease.confirm)
        case MoveHead(before, after):
            lease.confirm()
            state.move_head(before, after)
