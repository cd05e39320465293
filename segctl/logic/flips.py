"""When an outcome turns round by time alone: the same data, looked at later.

A condition can change only where one of its relative limits passes something of the user's: a row, a date,
a time. So the instants to look at are known, and between two of them nothing happens. Lists and published
extensions stay as they are.
"""

from __future__ import annotations

import dataclasses
import functools
import heapq
import itertools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segctl.logic import bound, times
from segctl.logic.bound import All, Any, Not
from segctl.logic.instants import instants
from segctl.logic.interpret import User, World, holds
from segctl.logic.needs import distinct
from segctl.logic.relative import relative, rows_of

HORIZON_US = 3_653 * times.DAY_US
"""Ten years: what is further away is nobody's plan."""


MOST_LOOKS = 2_000_000
"""Rows that are looked at, again and again, before the search is given up."""


@dataclass(frozen=True, slots=True)
class Flip:
    """When an outcome turns round, in UTC microseconds; None if not within the horizon.

    It is not `known` where a user has too many events to find out.
    """

    us: int | None = None
    known: bool = True


NEVER = Flip()


@dataclass(frozen=True)
class _Leaf:
    """A single condition, and the user with the rows that can ever count for it."""

    condition: bound.Node
    user: User

    def holds(self, world: World) -> bool:
        return holds(self.condition, self.user, world)


def next_flip(condition: bound.Node, user: User, world: World, horizon_us: int = HORIZON_US) -> Flip:
    """The first instant after as_of at which the condition is otherwise.

    The horizon is so many microseconds after as_of, itself included.
    """
    single = (node for node in distinct([condition]) if not isinstance(node, All | Any | Not))
    leaves = [_Leaf(node, _with_rows(node, user, world)) for node in single]
    truths = {leaf.condition.key: leaf.holds(world) for leaf in leaves}
    now, looks = _joined(condition, truths), 0
    for instant, changing in _changes(leaves, world, world.as_of_us + horizon_us):
        later = dataclasses.replace(world, as_of_us=instant)
        found = {leaf.condition.key: leaf.holds(later) for leaf in changing}
        if any(truths[key] is not value for key, value in found.items()):
            truths |= found
            if _joined(condition, truths) is not now:
                return Flip(instant)
        looks += sum(len(leaf.user.events) for leaf in changing)
        if looks > MOST_LOOKS:
            return Flip(known=False)
    return NEVER


def _with_rows(condition: bound.Node, user: User, world: World) -> User:
    return dataclasses.replace(user, events=rows_of(relative(condition), user, world))


def _changes(leaves: Sequence[_Leaf], world: World, last_us: int) -> Iterator[tuple[int, list[_Leaf]]]:
    """Instants in their order, each with the conditions that may change there."""
    streams = [_stamped(number, leaf, world, last_us) for number, leaf in enumerate(leaves)]
    for instant, group in itertools.groupby(heapq.merge(*streams), key=operator.itemgetter(0)):
        yield instant, [leaves[number] for _, number in group]


def _stamped(number: int, leaf: _Leaf, world: World, last_us: int) -> Iterator[tuple[int, int]]:
    for instant in instants(leaf.condition, leaf.user, world, last_us):
        yield instant, number


def _joined(condition: bound.Node, truths: Mapping[str, bool]) -> bool:
    """The whole out of its parts; what is used several times is joined once."""

    @functools.cache
    def joined(node: bound.Node) -> bool:
        match node:
            case All(of):
                return all(joined(part) for part in of)
            case Any(of):
                return any(joined(part) for part in of)
            case Not(of):
                return not joined(of)
            case _:
                return truths[node.key]

    return joined(condition)
