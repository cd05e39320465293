"""All conditions over all users: what the rest of segctl calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic

import numpy as np

from segctl.engine.compile import compiled
from segctl.engine.local import GivenOf, Task, helpful, run
from segctl.engine.plan import Label
from segctl.engine.ranks import cuts, stand_ins
from segctl.engine.shard import Answers, GivenBits
from segctl.engine.source import Bits, Source
from segctl.engine.sums import check_sums
from segctl.logic.bound import Node
from segctl.progress import Progress


@dataclass(frozen=True, eq=False)
class Memberships(Mapping[Label, Bits], Generic[Label]):
    """Bits in the population's order by label; kept eight to a byte, unpacked when asked for."""

    numbers: Mapping[Label, int]
    shards: Sequence[Answers]

    def __getitem__(self, label: Label) -> Bits:
        number = self.numbers[label]
        parts = [np.unpackbits(shard.packed[number], count=shard.users) for shard in self.shards]
        return np.concatenate(parts).view(np.bool_) if parts else np.zeros(0, dtype=np.bool_)

    def __iter__(self) -> Iterator[Label]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, eq=False)
class Evaluation(Generic[Label]):
    """Memberships in the population's order; `unseen` events lie at or after as_of and were not counted."""

    memberships: Mapping[Label, Bits]
    unseen: int


def evaluate(
    source: Source,
    conditions: Mapping[Label, Node],
    given: GivenBits,
    *,
    workers: int | None = None,
    progress: Progress,
) -> Evaluation[Label]:
    """Evaluate all conditions at once, as of the source's instant.

    `given` holds memberships in the population's order. `workers` None is as many as help.

    Raises:
        InvalidInput: a sum that 64 bits of millionths cannot hold, by column.
    """
    ranks = stand_ins(cuts(source, conditions.values(), workers=workers, progress=progress))
    plan = compiled(conditions, source.as_of_us, stand_ins=ranks)
    check_sums(plan, source)
    task = Task(plan, source, _splitter(source, given))
    answers = run(task, workers or helpful(plan, source), progress)
    numbers = {label: number for number, label in enumerate(conditions)}
    return Evaluation(Memberships(numbers, answers), sum(shard.unseen for shard in answers))


def _splitter(source: Source, given: GivenBits) -> GivenOf:
    """A function that gives the part of each membership that lies in a shard."""
    if not given:
        return lambda _: {}
    ends = list(accumulate(len(source.shard(number).order) for number in range(source.shards)))
    starts = [0, *ends]
    return lambda number: {key: bits[starts[number] : ends[number]] for key, bits in given.items()}
