"""The smallest change that turns an outcome round: the fewest conditions that must come out otherwise.

Every condition counts the same, and stands for itself: that two of them may look at one value is left to
the reader. Whoever is everyone, and a bucket by the user's id, cannot be changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from segctl.logic import nodes
from segctl.logic.circuit import Circuit, Gate, Literal, circuit
from segctl.logic.outcome import Outcome

MOST_LOOKS = 1_000_000
"""A search among conditions that are written several times is given up after so many looks at a gate."""

_FIXED = (nodes.Everyone, nodes.Bucket, nodes.Share, nodes.Faulty)


@dataclass(frozen=True)
class Change:
    """A condition that must come out otherwise than it does."""

    outcome: Outcome

    @property
    def becomes(self) -> bool:
        """What it must become."""
        return not self.outcome.holds


@dataclass(frozen=True)
class Smallest:
    """A set of changes that turns the outcome round; `least` if it is known that no smaller set does."""

    changes: tuple[Change, ...]
    least: bool = True


def smallest_change(outcome: Outcome) -> Smallest | None:
    """The smallest change, in the order in which its conditions are written; None if nothing can turn it round."""
    wired = circuit(outcome, wanted=not outcome.holds)
    cheapest = _cheapest(wired)
    if _read_once(wired):
        return None if cheapest is None else _smallest(wired, cheapest)
    bound = cheapest if cheapest is not None and wired.holds(_turned(wired, cheapest)) else None
    search = _Search(wired)
    most = len(wired.leaves) if bound is None else len(bound) - 1
    try:
        found = next((set_ for size in range(most + 1) if (set_ := search.of(size)) is not None), bound)
    except _TooLong:
        return None if bound is None else _smallest(wired, bound, least=False)
    return None if found is None else _smallest(wired, found)


def _smallest(wired: Circuit, leaves: Iterable[int], *, least: bool = True) -> Smallest:
    return Smallest(tuple(Change(wired.leaves[leaf]) for leaf in sorted(leaves)), least)


def _turned(wired: Circuit, leaves: Iterable[int]) -> list[bool]:
    values = wired.values
    for leaf in leaves:
        values[leaf] = not values[leaf]
    return values


def _read_once(wired: Circuit) -> bool:
    """Whether every leaf and every gate is used once: then the cheapest parts make the cheapest whole."""
    used = [part for gate in wired.gates if isinstance(gate, Gate) for part in gate.parts]
    literals = [gate.leaf for gate in wired.gates if isinstance(gate, Literal)]
    return len(used) == len(set(used)) and len(literals) == len(set(literals))


def _cheapest(wired: Circuit) -> frozenset[int] | None:
    """The leaves to turn, each part taken for itself, the first of equals; None if a part cannot be had."""
    found: list[frozenset[int] | None] = []
    for gate in wired.gates:
        if isinstance(gate, Literal):
            leaf = wired.leaves[gate.leaf]
            turned = None if isinstance(leaf.node, _FIXED) else frozenset([gate.leaf])
            found.append(frozenset() if leaf.holds is gate.positive else turned)
            continue
        parts = [found[part] for part in gate.parts]
        possible = [part for part in parts if part is not None]
        if gate.every:
            found.append(frozenset[int]().union(*possible) if len(possible) == len(parts) else None)
        else:
            found.append(min(possible, key=len, default=None))
    return found[-1]


class _TooLong(Exception):
    """The search took longer than it may."""


@dataclass
class _Search:
    """Among leaves that stand in several places: one of those that a false gate hangs on must be turned."""

    wired: Circuit
    looks: int = 0
    values: list[bool] = field(default_factory=list)

    def of(self, size: int) -> frozenset[int] | None:
        """The first set of at most so many leaves; None if there is none."""
        self.values = self.wired.values
        fixed = frozenset(i for i, leaf in enumerate(self.wired.leaves) if isinstance(leaf.node, _FIXED))
        return self._from(size, fixed)

    def _from(self, size: int, settled: frozenset[int]) -> frozenset[int] | None:
        self.looks += len(self.wired.gates)
        if self.looks > MOST_LOOKS:
            raise _TooLong
        blamed = self._blame(settled)
        if blamed is None:
            return frozenset()
        for leaf in sorted(blamed) if size else ():
            self.values[leaf] = not self.values[leaf]
            settled |= {leaf}
            found = self._from(size - 1, settled)
            self.values[leaf] = not self.values[leaf]
            if found is not None:
                return found | {leaf}
        return None

    def _blame(self, settled: frozenset[int]) -> frozenset[int] | None:
        """Leaves of which at least one must be turned, those that may be; None if nothing is wrong."""
        truths = self.wired.truths(self.values)
        if truths[-1]:
            return None
        blame: list[frozenset[int]] = []
        for gate, true in zip(self.wired.gates, truths, strict=True):
            if true:
                blame.append(frozenset())
            elif isinstance(gate, Literal):
                blame.append(frozenset([gate.leaf]) - settled)
            else:
                wrong = [blame[part] for part in gate.parts if not truths[part]]
                blame.append(min(wrong, key=len) if gate.every else frozenset[int]().union(*wrong))
        return blame[-1]
