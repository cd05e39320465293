"""Whole memberships by the interpreter, for a handful of users."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from segctl.load.document import Key
from segctl.logic.bind import Binder
from segctl.logic.interpret import User, World, holds
from segctl.logic.nodes import Node
from segctl.logic.ranking import ranked
from segctl.logic.references import ranks_in


def members(logic: Mapping[Key, Node], binder: Binder, users: Sequence[User], world: World) -> World:
    """The world with the members of each definition given as well.

    Definitions come in an order in which each refers only to given memberships and to those before it;
    `binder` leaves references to be given, so that a chain of segments may be of any length. The users are
    the whole population: ranks are among them, where the world does not know them yet.
    """
    return among(logic, binder, users, with_ranks(logic.values(), binder, users, world))


def with_ranks(conditions: Iterable[Node], binder: Binder, users: Sequence[User], world: World) -> World:
    """The world with the beginnings of all ranks in the conditions, also of those that decide nothing."""
    ranks = (rank for condition in conditions for rank in ranks_in(condition))
    return ranked(map(binder.bind, ranks), users, world)


def among(logic: Mapping[Key, Node], binder: Binder, users: Sequence[User], world: World) -> World:
    """The same for some users of a larger population; the world knows where its ranks begin."""
    for key, node in logic.items():
        condition = binder.bind(node)
        found = frozenset(user.id for user in users if holds(condition, user, world))
        world = dataclasses.replace(world, given={**world.given, key: found})
    return world
