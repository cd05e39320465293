"""Ranks by the interpreter, for a handful of users that are the whole population."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from segctl.logic.bound import Node, RankTest, RfmTest
from segctl.logic.interpret import User, World, ranked_value, spending
from segctl.logic.needs import distinct
from segctl.logic.ranks import Cut, quartiles, rank_cut


def ranked(conditions: Iterable[Node], users: Sequence[User], world: World) -> World:
    """The world with the cuts of every rank in the conditions, over these users; cuts that it has stay."""
    found = dict(world.cuts)
    for node in distinct(conditions):
        if isinstance(node, RankTest | RfmTest) and node not in found:
            found[node] = _cut(node, users, world)
    return dataclasses.replace(world, cuts=found)


def _cut(node: RankTest | RfmTest, users: Sequence[User], world: World) -> Cut:
    if isinstance(node, RankTest):
        values = (ranked_value(node, user, world) for user in users)
        return rank_cut(node, [value for value in values if isinstance(value, int | float)])
    figures = [spent for user in users if (spent := spending(node, user, world)) is not None]
    if not figures:
        return None
    recency, frequency, money = zip(*figures, strict=True)
    return quartiles(recency), quartiles(frequency), quartiles(money)
