"""When an outcome turns round by time alone: the same data, looked at later.

A condition can change only where one of its relative limits passes something of the user's: a row, a date,
a time. So the instants to look at are known, and between two of them nothing happens. Lists and published
extensions stay as they are.
"""

from __future__ import annotations

import dataclasses
import functools
import heapq
from collections.abc import Iterator, Mapping, Sequence

from segctl.logic import bound, times
from segctl.logic.bound import All, Any, Not
from segctl.logic.instants import instants
from segctl.logic.interpret import User, World, holds
from segctl.logic.needs import distinct

HORIZON_US = 3_653 * times.DAY_US
"""Ten years: what is further away is nobody's plan."""


def next_flip(condition: bound.Node, user: User, world: World, horizon_us: int = HORIZON_US) -> int | None:
    """The first instant after as_of, in UTC microseconds, at which the condition is otherwise; None within the horizon.

    The horizon is so many microseconds after as_of, itself included.
    """
    leaves = [node for node in distinct([condition]) if not isinstance(node, All | Any | Not)]
    truths = {leaf.key: holds(leaf, user, world) for leaf in leaves}
    now = _joined(condition, truths)
    for instant, changing in _events(leaves, user, world, world.as_of_us + horizon_us):
        later = dataclasses.replace(world, as_of_us=instant)
        found = {leaf.key: holds(leaf, user, later) for leaf in changing}
        if any(truths[key] is not value for key, value in found.items()):
            truths |= found
            if _joined(condition, truths) is not now:
                return instant
    return None


def _events(
    leaves: Sequence[bound.Node], user: User, world: World, last_us: int
) -> Iterator[tuple[int, list[bound.Node]]]:
    """Instants in their order, each with the conditions that may change there."""
    streams = [_stamped(number, leaf, user, world, last_us) for number, leaf in enumerate(leaves)]
    changing: list[bound.Node] = []
    current: int | None = None
    for instant, number in heapq.merge(*streams):
        if current is not None and instant != current:
            yield current, changing
            changing = []
        current = instant
        changing.append(leaves[number])
    if current is not None:
        yield current, changing


def _stamped(number: int, leaf: bound.Node, user: User, world: World, last_us: int) -> Iterator[tuple[int, int]]:
    for instant in instants(leaf, user, world, last_us):
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
