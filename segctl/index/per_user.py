"""One value per known user, kept as it was when written: users who became known later have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.index.column import Ints
from segctl.index.known import Numbers


def starts_of(counts: Sequence[int]) -> Ints:
    """Where each shard begins, and the end."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.asarray(counts, dtype=np.int64))])


@dataclass(frozen=True, eq=False)
class PerUser:
    """Values in the order of (shard, number); `counts` is how many users each shard had."""

    values: npt.NDArray[Any]
    counts: tuple[int, ...]
    absent: Any

    def of(self, numbers: Numbers) -> npt.NDArray[Any]:
        """The values of some users."""
        counts = np.asarray(self.counts, dtype=np.int64)
        known = numbers.locals < counts[numbers.shards]
        places = np.where(known, starts_of(self.counts)[numbers.shards] + numbers.locals, -1)
        return np.append(self.values, np.asarray([self.absent], dtype=self.values.dtype))[places]

    def shard(self, number: int, size: int) -> npt.NDArray[Any]:
        """The values of a shard's users, `size` of them by now."""
        starts = starts_of(self.counts)
        own = self.values[starts[number] : starts[number + 1]]
        if len(own) == size:
            return own
        return np.append(own, np.full(size - len(own), self.absent, dtype=own.dtype))

    def grown(self, counts: Sequence[int]) -> PerUser:
        """The same values, with room for the users known by now."""
        parts = [self.shard(number, size) for number, size in enumerate(counts)]
        values = np.concatenate(parts) if parts else self.values
        return PerUser(values, tuple(counts), self.absent)
