"""Ranks over the population, and scores by quartile, as queries of ids."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from segctl.model.rfm import GROUPS
from tests.sql.events import Events
from tests.sql.values import Expression

ALL = "users u JOIN traits t ON t.id = u.id"
"""Every user with the traits."""


def ranked(key: str, size: str | int, value: Expression) -> str:
    """The ids of those whose value is among so many: all that have fewer values before them than that."""
    order = "DESC" if key == "top" else "ASC"
    ranks = (
        f"SELECT u.id AS id, {value.read} AS v, count({value.read}) OVER () AS n, "
        f"rank() OVER (ORDER BY {value.read} {order} NULLS LAST) AS place FROM {ALL}"
    )
    return f"SELECT id FROM ({ranks}) WHERE v IS NOT NULL AND place <= {_users(size)}"


def _users(size: str | int) -> str:
    """How many users, of `n` with a value; a share is rounded up."""
    if isinstance(size, int):
        return str(size)
    top, bottom = (Decimal(size.removesuffix("%")) / 100).as_integer_ratio()
    return f"((n * {top} + {bottom - 1}) // {bottom})"


def rfm(written: Mapping[str, Any], events: Events) -> str:
    """The ids of those with the scores that are asked for."""
    rows = events.rows(written, "sum", written["of"])
    figures = (
        f"SELECT r.user_id, epoch_us(max(r.at)) AS a, count(*) AS b, coalesce(sum(r.v), 0) AS c FROM ({rows}) r "
        "WHERE r.user_id IN (SELECT id FROM users) GROUP BY r.user_id"
    )
    scores = ", ".join(f"{_score(one)} AS {one}" for one in "abc")
    scored = (
        f"WITH figures AS ({figures}), "
        "sorted AS (SELECT count(*) AS n, list_sort(list(a)) AS la, list_sort(list(b)) AS lb, "
        "           list_sort(list(c)) AS lc FROM figures) "
        f"SELECT user_id, {scores} FROM figures, sorted"
    )
    return f"SELECT user_id FROM ({scored}) WHERE {_wanted(written)}"


def _score(one: str) -> str:
    """How many quartiles, by nearest rank, lie below the value."""
    return (
        "("
        + " + ".join(f"CASE WHEN {one} > l{one}[(n * {part} + 3) // 4] THEN 1 ELSE 0 END" for part in (1, 2, 3))
        + ")"
    )


def _wanted(written: Mapping[str, Any]) -> str:
    if "scores" in written:
        letters = {"recency": "a", "frequency": "b", "monetary": "c"}
        tests = [f"{letters[key]} IN ({', '.join(map(str, among))})" for key, among in written["scores"].items()]
        return " AND ".join(tests)
    groups = "".join(
        f" WHEN {' AND '.join(f'{one} IN ({_listed(among)})' for one, among in zip('abc', ranges, strict=True))}"
        f" THEN '{group}'"
        for group, ranges in GROUPS.items()
    )
    return f"CASE{groups} END IN ({', '.join(repr(group) for group in written['groups'])})"


def _listed(among: range) -> str:
    return ", ".join(map(str, among))
