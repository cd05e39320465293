"""Ranks among a handful of users, by the interpreter."""

from __future__ import annotations

from typing import Any

from segctl.logic.bind import Binder
from segctl.logic.interpret import User, World
from segctl.logic.members import members
from segctl.logic.trace import Tracer
from segctl.logic.types import Scalar, Schema
from tests.logic.written import meaning

SCHEMA = Schema("UTC", {"score": Scalar.INT}, {})
USERS = [User(name, {"score": score}) for name, score in (("ann", 1), ("bob", 2), ("cat", 2), ("dan", None))]


def world(**where: Any) -> World:
    logic = {("segment", name): meaning(condition) for name, condition in where.items()}
    return members(logic, Binder(SCHEMA), USERS, World(0))


def test_ranks_are_among_all_users_and_ties_are_in() -> None:
    found = world(best={"attribute": "score", "top": 1}, worst={"attribute": "score", "bottom": "1%"})
    assert found.given == {("segment", "best"): {"bob", "cat"}, ("segment", "worst"): {"ann"}}


def test_the_missing_ones_join_where_they_are_asked_for() -> None:
    where = {"attribute": "score", "top": 1, "or_missing": True}
    assert world(best=where).given["segment", "best"] == {"bob", "cat", "dan"}
    assert world(others={"not": where}).given["segment", "others"] == {"ann"}


def test_a_rank_inside_a_segment_that_another_refers_to() -> None:
    found = world(best={"attribute": "score", "top": 1}, rest={"not": {"segment": "best"}})
    assert found.given["segment", "rest"] == {"ann", "dan"}


def test_a_rank_that_decides_nothing_is_traced_too() -> None:
    where = {"any": [{"everyone": True}, {"attribute": "score", "top": 1}]}
    found = world(everybody=where)
    traced = Tracer(Binder(SCHEMA), USERS[0], found).trace(meaning(where))
    assert [part.holds for part in traced.children] == [True, False]
