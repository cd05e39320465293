"""The median of each user's numbers: pairs of user and whole millionths, sorted (law 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from segctl.engine.columns import present_values
from segctl.engine.parts import Chosen, Numbers, Part
from segctl.engine.source import Ints
from segctl.logic.bound import Column


@dataclass(frozen=True, eq=False)
class Ratios:
    """One number per user, in millionths: numerators / denominators; denominators are 0 where there is none."""

    numerators: Ints
    denominators: Ints


@dataclass(eq=False)
class Median:
    """The values of a number."""

    column: Column
    size: int
    users: list[Numbers] = field(default_factory=list)
    values: list[Ints] = field(default_factory=list)

    def add(self, part: Part, chosen: Chosen) -> None:
        """Keep the values that are there."""
        found, numbers = part.values(self.column, chosen), part.millionths(self.column, chosen)
        if found is None or numbers is None:
            return
        rows, _ = present_values(found)
        users = part.users[chosen]
        self.users.append(users if rows is None else users[rows])
        self.values.append(numbers if rows is None else numbers[rows])

    @cached_property
    def ratios(self) -> Ratios:
        """The middle value over 1, or the sum of the middle two over 2.

        The sum fits: sums of all absolute values do, or they are refused.
        """
        users = np.concatenate([np.zeros(0, dtype=np.intp), *self.users])
        values = np.concatenate([np.zeros(0, dtype=np.int64), *self.values])
        values = values[np.lexsort((values, users))]
        counts = np.bincount(users, minlength=self.size)
        starts, there = np.cumsum(counts) - counts, counts > 0
        numerators, denominators = np.zeros(self.size, dtype=np.int64), np.zeros(self.size, dtype=np.int64)
        high = values[(starts + counts // 2)[there]]
        low = values[(starts + (counts - 1) // 2)[there]]
        even = counts[there] % 2 == 0
        numerators[there] = np.where(even, low, 0) + high
        denominators[there] = np.where(even, 2, 1)
        return Ratios(numerators, denominators)
